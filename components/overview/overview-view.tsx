"use client";
import { ArrowRight } from "lucide-react";
import Link from "next/link";
import type { ReactNode } from "react";
import { useTopic } from "#components/live/index.ts";
import { Page, pageHref, useCluster } from "#components/shell/index.ts";
import {
  Card,
  EmptyState,
  Provenance,
  QueueLabel,
  Skeleton,
  formatCount,
  formatExactCount,
  formatPlural,
  formatRate,
  type QueueState,
} from "#components/ui/index.ts";
import type { Overview } from "#lib/protocol/index.ts";
import { lanes, lifeOfAPod, meanings, proportions, situation } from "./overview.model.ts";
import styles from "./overview-view.module.css";

const noView = {};

/** What is waiting, and where: one sentence, then the numbers that support it. */
export function OverviewView() {
  const cluster = useCluster();
  const overview = useTopic(cluster.id, "overview", noView);
  const value = overview.phase === "live" ? overview.value : undefined;
  return (
    <Page title="Overview" context={value === undefined ? cluster.name : contextOf(value)}>
      {overview.phase === "closed" ? (
        <EmptyState title={`${overview.problem.title}.`}>
          {overview.problem.message} {overview.problem.hint}
        </EmptyState>
      ) : (
        <div className={styles.overview} aria-busy={value === undefined || undefined}>
          <Situation overview={value} />
          <ul className={styles.counters}>
            {lifeOfAPod.map((queue) => (
              <li key={queue}>
                <Counter cluster={cluster.id} queue={queue} overview={value} />
              </li>
            ))}
          </ul>
          <Ways cluster={cluster.id} overview={value} />
        </div>
      )}
    </Page>
  );
}

function contextOf({ cluster }: Overview): string {
  return [cluster.name, cluster.version].filter((part) => part !== undefined).join(", ");
}

function Situation({ overview }: { readonly overview: Overview | undefined }) {
  if (overview === undefined) {
    return (
      <div className={styles.situation}>
        <h2>
          <Skeleton width={520} height={18} />
        </h2>
        <div className={styles.bar} />
      </div>
    );
  }
  const { sentence, context } = situation(overview);
  return (
    <div className={styles.situation}>
      <h2 data-testid="overview-sentence">
        {sentence}
        {context !== "" && <small>{context}</small>}
      </h2>
      <div className={styles.bar} aria-hidden="true">
        {proportions(overview.queue).map(({ queue, count }) => (
          <i key={queue} className={styles[queue]} style={{ flexGrow: count }} />
        ))}
      </div>
    </div>
  );
}

interface CounterProps {
  readonly cluster: string;
  readonly queue: QueueState;
  readonly overview: Overview | undefined;
}

function Counter({ cluster, queue, overview }: CounterProps) {
  const lane = lanes[queue];
  const count = overview?.queue[queue];
  return (
    <Link
      className={styles.counter}
      href={`${pageHref("/queue", cluster)}${lane === undefined ? "" : `&lane=${lane}`}`}
      data-testid={`counter-${queue}`}
    >
      <QueueLabel queue={queue} />
      <b title={count === undefined ? undefined : formatExactCount(count)}>
        {count === undefined || overview === undefined ? (
          <Skeleton width={56} height={18} />
        ) : (
          <Provenance of={overview.provenance}>{formatCount(count)}</Provenance>
        )}
      </b>
      <small>{meanings[queue]}</small>
    </Link>
  );
}

/** The two pages that show why. */
function Ways({ cluster, overview }: { readonly cluster: string; readonly overview: Overview | undefined }) {
  const informers = overview?.informers;
  return (
    <div className={styles.ways}>
      <Card title="Concurrent events" actions={<Open href={pageHref("/queue", cluster)}>Open the queue</Open>}>
        <dl className={styles.facts}>
          <Fact name="in the event list">
            {overview === undefined ? undefined : formatPlural(overview.eventListLength, "element")}
          </Fact>
          <Fact name="held by">
            {overview === undefined
              ? undefined
              : formatPlural(overview.queue.inFlight, "pod in flight", "pods in flight")}
          </Fact>
          {overview?.loop !== undefined && (
            <Fact name="the loop">
              {overview.loop.isPaused
                ? `paused at step ${formatExactCount(overview.loop.step)}`
                : `running, step ${formatExactCount(overview.loop.step)}`}
            </Fact>
          )}
        </dl>
      </Card>
      <Card title="Informers" actions={<Open href={pageHref("/informers", cluster)}>Open the informers</Open>}>
        <dl className={styles.facts}>
          <Fact name="watching">
            {informers === undefined ? undefined : `${informers.watching} of ${informers.total}`}
          </Fact>
          <Fact name="with a problem" isBad={(informers?.problems ?? 0) > 0}>
            {informers === undefined ? undefined : formatCount(informers.problems)}
          </Fact>
          <Fact name="events">{overview === undefined ? undefined : formatRate(overview.eventsPerSecond)}</Fact>
        </dl>
      </Card>
    </div>
  );
}

interface FactProps {
  readonly name: string;
  readonly isBad?: boolean;
  readonly children: ReactNode;
}

function Fact({ name, isBad = false, children }: FactProps) {
  return (
    <div>
      <dt>{name}</dt>
      <dd className={isBad ? styles.bad : undefined}>{children ?? <Skeleton width={60} />}</dd>
    </div>
  );
}

function Open({ href, children }: { readonly href: string; readonly children: string }) {
  return (
    <Link className={styles.open} href={href}>
      {children}
      <ArrowRight size={14} aria-hidden="true" />
    </Link>
  );
}
