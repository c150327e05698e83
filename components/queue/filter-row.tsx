"use client";
import { X } from "lucide-react";
import { QueryBar } from "#components/query/index.ts";
import { formatExactCount, IconButton } from "#components/ui/index.ts";
import type { Lanes } from "#lib/protocol/index.ts";
import styles from "./filter-row.module.css";
import type { LaneQuery } from "./use-lane-query.ts";

export interface FilterRowProps {
  readonly filter: LaneQuery;
  readonly lanes: Lanes | undefined;
}

/** Which pods of the lanes are shown. The event list is never filtered: its order is what it is about. */
export function FilterRow({ filter, lanes }: FilterRowProps) {
  const { query, setQuery, draft, setDraft, problem, isOpened, close } = filter;
  const why = problem ?? lanes?.queryProblem;
  return (
    <section className={styles.row} aria-label="Filter of the lanes">
      <QueryBar
        group="Queue"
        query={query}
        onQuery={setQuery}
        draft={draft}
        onDraft={setDraft}
        problem={why}
        isFocused={isOpened}
        onLeave={close}
      >
        {why === undefined && lanes !== undefined && <span className={styles.count}>{countText(lanes)}</span>}
      </QueryBar>
      <IconButton label="Show all pods" icon={<X size={15} />} variant="ghost" onClick={close} />
    </section>
  );
}

function countText({ active, backoff, unschedulable, gated }: Lanes): string {
  const lanes = [active, backoff, unschedulable, gated];
  const matching = lanes.reduce((sum, { count }) => sum + count, 0);
  const all = lanes.reduce((sum, { count, of = count }) => sum + of, 0);
  return matching === 0 ? "No pods match." : `${formatExactCount(matching)} of ${formatExactCount(all)} pods`;
}
