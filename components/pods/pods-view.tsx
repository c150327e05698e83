"use client";
import { useMemo, useState } from "react";
import { SlidersHorizontal } from "lucide-react";
import { useTopic } from "#components/live/index.ts";
import { Peek, usePeek } from "#components/peek/index.ts";
import { QueryBar } from "#components/query/index.ts";
import { Page, useCluster } from "#components/shell/index.ts";
import { Button, Drawer, EmptyState, formatCount, Segmented } from "#components/ui/index.ts";
import type { Pods } from "#lib/protocol/index.ts";
import { Facets } from "./facets.tsx";
import { NoRows } from "./no-rows.tsx";
import { Pills } from "./pills.tsx";
import { PodsFooter } from "./pods-footer.tsx";
import { PodsTable } from "./pods-table.tsx";
import styles from "./pods-view.module.css";
import { useMarks } from "./use-marks.ts";
import { usePodsAddress, usePodsView } from "./use-pods-address.ts";
import { firstWindow, windowFor } from "./window.model.ts";

/** Every pending pod with its verdict, the worst first. */
export function PodsView() {
  const cluster = useCluster();
  const { address, set } = usePodsAddress();
  const peek = usePeek();
  const marks = useMarks();
  const [draft, setDraft] = useState("");
  const [window, setWindow] = useState(firstWindow);
  const [sight, setSight] = useState({ first: 0, last: 0 });
  const [isDrawerOpen, setDrawerOpen] = useState(false);
  const view = usePodsView(address, draft, window);
  const topic = useTopic(cluster.id, "pods", view);
  const pods = topic.phase === "live" ? topic.value : undefined;
  const question = useMemo(() => JSON.stringify({ ...view, offset: 0, limit: 0 }), [view]);
  const facets = <Facets pods={pods} address={address} onChoose={(facet, values) => void set({ [facet]: values })} />;
  const chosen = [address.queue, address.plugin, address.ns, address.pc].flat().length;
  return (
    <Page title="Pods" context={pods === undefined ? cluster.name : contextOf(pods)} className={styles.page}>
      <aside className={styles.facets} aria-label="Filters">
        {facets}
      </aside>
      <section className={styles.main} aria-label="Pending pods">
        <div className={styles.controls}>
          <Button
            className={styles.filters}
            icon={<SlidersHorizontal size={14} aria-hidden="true" />}
            onClick={() => setDrawerOpen(true)}
          >
            Filters{chosen > 0 && ` ${chosen}`}
          </Button>
          <QueryBar
            group="Pods"
            query={address.q}
            onQuery={(q) => void set({ q })}
            draft={draft}
            onDraft={setDraft}
            problem={pods?.queryProblem}
          />
          <Segmented
            label="Rows"
            value={address.fold ? "groups" : "pods"}
            options={[
              { value: "pods", label: "Pods" },
              { value: "groups", label: "Groups" },
            ]}
            onChange={(rows) => void set({ fold: rows === "groups" })}
          />
        </div>
        <Pills pods={pods} chosen={address.v} onChoose={(v) => void set({ v })} />
        {topic.phase === "closed" ? (
          <EmptyState title={`${topic.problem.title}.`}>
            {topic.problem.message} {topic.problem.hint}
          </EmptyState>
        ) : pods !== undefined && pods.rowCount === 0 ? (
          <NoRows
            pods={pods}
            address={address}
            draft={draft}
            onDrop={(change) => void set(change)}
            onDraft={setDraft}
          />
        ) : (
          <PodsTable
            cluster={cluster.id}
            pods={pods}
            question={topic.phase === "live" && topic.isPrevious !== true ? question : undefined}
            sort={address.sort}
            onSort={(sort) => void set({ sort })}
            onWindow={(first, last) => setWindow((before) => windowFor(first, last, before))}
            onSight={(first, last) => setSight({ first, last })}
            marks={marks}
            peek={peek}
          />
        )}
        <PodsFooter cluster={cluster.id} pods={pods} sight={sight} marks={marks} />
      </section>
      <Peek peek={peek} />
      {isDrawerOpen && (
        <Drawer title="Filters" onClose={() => setDrawerOpen(false)}>
          {facets}
        </Drawer>
      )}
    </Page>
  );
}

function contextOf({ total, matching, isStarting }: Pods): string {
  if (total === 0) return isStarting === true ? "the pods are being read" : "no pods are pending";
  return matching === total
    ? `${formatCount(total)} pending`
    : `${formatCount(matching)} of ${formatCount(total)} pending`;
}
