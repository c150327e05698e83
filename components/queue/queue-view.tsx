"use client";
import { ListFilter } from "lucide-react";
import dynamic from "next/dynamic";
import { parseAsStringLiteral, useQueryState } from "nuqs";
import { useConnection, useTopic, type Watched } from "#components/live/index.ts";
import { Peek, usePeek, usePodKeys } from "#components/peek/index.ts";
import { Page, useCluster } from "#components/shell/index.ts";
import { Button, EmptyState, Segmented, toast, useShortcut } from "#components/ui/index.ts";
import type { Events } from "#lib/protocol/index.ts";
import { lazy, Suspense, type ReactNode } from "react";
import { FilterRow } from "./filter-row.tsx";
import { asDecided } from "./finishings.model.ts";
import { LanesView } from "./lanes-view.tsx";
import { ControlRowSkeleton, EventListSkeleton, LanesSkeleton } from "./queue-skeleton.tsx";
import styles from "./queue-view.module.css";
import { RatesRow } from "./rates-row.tsx";
import { LostEvents } from "./lost-events.tsx";
import { contextSentence } from "./sentences.model.ts";
import { useChosenPod } from "./use-chosen-pod.ts";
import { useDensity } from "./use-density.ts";
import { useLaneQuery } from "./use-lane-query.ts";
import { useLanes } from "./use-lanes.ts";
import { useLetters } from "./use-letters.ts";
import { useLinkedPod, useNameResolved } from "./use-linked-pod.ts";
import { useSelection } from "./use-selection.ts";
import { useStepping } from "./use-stepping.ts";
import { viewOf } from "./what-if.model.ts";

const noView = {};
// Not for every visit: an attached cluster is not stepped, and the lanes are what is shown first.
const StepBar = dynamic(() => import("./step-bar.tsx").then((module) => module.StepBar), {
  loading: () => <ControlRowSkeleton />,
});
// Its code comes while the first picture does.
const EventList = lazy(async () => ({ default: (await import("./event-list.tsx")).EventList }));
const TransitionsView = dynamic(() => import("./transitions-view.tsx").then((module) => module.TransitionsView));
const shown = ["lanes", "transitions"] as const;

/** The scheduling queue as it is now: who is where, and what each pod in flight will notice. */
export function QueueView() {
  const cluster = useCluster();
  const overview = useTopic(cluster.id, "overview", noView);
  const selection = useSelection();
  const events = useTopic(cluster.id, "events", viewOf(selection.pod, selection.whatIf));
  const filter = useLaneQuery();
  const peek = usePeek();
  const { lanes, setWindow, found } = useLanes(cluster.id, filter.asked, useLinkedPod(selection));
  useNameResolved(found);
  useShortcut({ keys: "/", label: "Filter pods", group: "Queue", isOn: !filter.isOpen }, filter.open);
  const chosen = useChosenPod(selection, { events, lanes });
  usePodKeys({ cluster: cluster.id, group: "Queue", pods: chosen === undefined ? [] : [chosen], peek });
  const density = useDensity();
  const [show, setShow] = useQueryState("show", parseAsStringLiteral(shown).withDefault("lanes"));
  const letterOf = useLetters(events.phase === "live" ? events.value : undefined);
  const stepping = useStepping(cluster.id, (message) => toast.error(message));
  const isConnected = useConnection().state.phase === "connected";
  const loop = overview.phase === "live" ? overview.value.loop : undefined;
  const canStep = loop !== undefined && isConnected;
  return (
    <Page
      title="Queue"
      context={overview.phase === "live" ? contextSentence(overview.value) : null}
      isSpaceTaken={loop !== undefined}
      actions={
        <>
          {show === "lanes" && !filter.isOpen && (
            <Button
              className={styles.filter}
              icon={<ListFilter size={15} />}
              aria-expanded="false"
              onClick={filter.open}
              aria-keyshortcuts="/"
            >
              Filter
            </Button>
          )}
          <Segmented
            label="Under the event list"
            value={show}
            options={[
              { value: "lanes", label: "Lanes" },
              { value: "transitions", label: "Transitions" },
            ]}
            onChange={(next) => void setShow(next)}
          />
        </>
      }
      className={styles.page}
    >
      {overview.phase === "loading" && <ControlRowSkeleton />}
      {overview.phase === "live" && loop === undefined && (
        <RatesRow overview={overview.value} lanes={lanes.phase === "live" ? lanes.value : undefined} />
      )}
      {loop !== undefined && (
        <StepBar
          loop={loop}
          stepping={stepping}
          target={events.phase === "live" ? targetOf(events.value, selection.pod, letterOf) : undefined}
          blockedReason={isConnected ? undefined : "the server does not answer: steps wait until it does"}
        />
      )}
      {events.phase === "live" && events.value.isHistorical && <LostEvents cluster={cluster.id} />}
      <WhenLive of={events} loading={<EventListSkeleton density={density} />}>
        {(value) => (
          <Suspense fallback={<EventListSkeleton density={density} />}>
            <EventList
              {...{ density, letterOf, selection }}
              events={value}
              onApply={canStep ? ({ pod }) => stepping.finish(asDecided(pod)) : undefined}
            />
          </Suspense>
        )}
      </WhenLive>
      {show === "transitions" ? (
        <TransitionsView cluster={cluster.id} selection={selection} />
      ) : (
        <>
          {filter.isOpen && <FilterRow filter={filter} lanes={lanes.phase === "live" ? lanes.value : undefined} />}
          <WhenLive of={lanes} loading={<LanesSkeleton density={density} />}>
            {(value) => <LanesView {...{ density, selection, found, peek }} lanes={value} onWindow={setWindow} />}
          </WhenLive>
        </>
      )}
      <Peek peek={peek} />
    </Page>
  );
}

interface WhenLiveProps<V> {
  readonly of: Watched<V>;
  readonly loading: ReactNode;
  readonly children: (value: V) => ReactNode;
}

function WhenLive<V>({ of, loading, children }: WhenLiveProps<V>) {
  switch (of.phase) {
    case "loading":
      return loading;
    case "live":
      return children(of.value);
    case "closed":
      return (
        <section className={styles.failed} aria-label="Not available">
          <EmptyState title={`${of.problem.title}.`}>
            {of.problem.message} {of.problem.hint}
          </EmptyState>
        </section>
      );
    default:
      return of satisfies never;
  }
}

/** Whom Finish is about: the selected pod when it is in flight, else the oldest. */
function targetOf(events: Events, selected: string | undefined, letterOf: (popIndex: number) => string) {
  const chosen = selected === undefined ? undefined : events.pods[selected];
  const oldest = Object.values(events.pods).sort((a, b) => a.seq - b.seq)[0];
  const pod = chosen ?? oldest;
  return pod && { pod, letter: letterOf(pod.popIndex) };
}
