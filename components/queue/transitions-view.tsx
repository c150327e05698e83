"use client";
import { ArrowRight, X } from "lucide-react";
import { useMemo } from "react";
import { useTopic } from "#components/live/index.ts";
import { HeldPill, useHeldPicture, useInside } from "#components/still/index.ts";
import { Button, EmptyState, formatClock, PodName, Provenance, Skeleton, useRowWindow } from "#components/ui/index.ts";
import { PlaceLabel } from "#components/verdict/index.ts";
import type { PodTransition, Transitions } from "#lib/protocol/index.ts";
import { causeSentence, keptSentence, rowsOf } from "./transitions.model.ts";
import styles from "./transitions-view.module.css";
import type { Selection } from "./use-selection.ts";

export interface TransitionsViewProps {
  readonly cluster: string;
  readonly selection: Selection;
}

const most = 200;
const rowHeight = 28;

/** What pods did in the queue, each time with its cause: of the selected pod, else of all. */
export function TransitionsView({ cluster, selection }: TransitionsViewProps) {
  const { pod } = selection;
  const view = useMemo(() => ({ limit: most, ...(pod === undefined ? {} : { uid: pod }) }), [pod]);
  const inside = useInside();
  const topic = useTopic(cluster, "transitions", view);
  const live = topic.phase === "live" ? topic.value : undefined;
  const value = useHeldPicture(live, inside.isInside);
  if (topic.phase === "closed") {
    return (
      <section className={styles.card} aria-label="Transitions">
        <EmptyState title={`${topic.problem.title}.`}>
          {topic.problem.message} {topic.problem.hint}
        </EmptyState>
      </section>
    );
  }
  const rows = value === undefined ? [] : rowsOf(value);
  return (
    <section className={styles.card} aria-label="Transitions" aria-busy={value === undefined || undefined}>
      <header className={styles.header}>
        <h2>Transitions</h2>
        <span className={styles.quiet}>
          {value === undefined ? <Skeleton width={120} /> : keptSentence(value, rows.length)}
        </span>
        {pod !== undefined && (
          <Button size="small" variant="ghost" icon={<X size={13} />} onClick={selection.clearPod}>
            of the selected pod only
          </Button>
        )}
      </header>
      {value !== undefined && rows.length === 0 ? (
        <EmptyState title={pod === undefined ? "No pod has moved yet." : "This pod has not moved since we watch it."} />
      ) : (
        <div className={styles.body} {...inside.handlers}>
          <Table value={value} rows={rows} selection={selection} />
          <HeldPill
            changes={live === undefined || value === undefined ? 0 : live.total - value.total}
            group="Queue"
            onShow={inside.release}
          />
        </div>
      )}
    </section>
  );
}

interface TableProps {
  readonly value: Transitions | undefined;
  readonly rows: readonly PodTransition[];
  readonly selection: Selection;
}

function Table({ value, rows, selection }: TableProps) {
  const { scroller, items, height } = useRowWindow<HTMLDivElement>({
    count: rows.length,
    rowHeight,
    keyOf: (index) => rows[index]?.seq ?? index,
  });
  const above = items[0]?.start ?? 0;
  const below = height - (items.at(-1)?.end ?? 0);
  return (
    <div ref={scroller} className={styles.scroller}>
      <table className={styles.table} aria-rowcount={rows.length + 1}>
        <thead>
          <tr>
            <th scope="col">time</th>
            <th scope="col">pod</th>
            <th scope="col">from, to</th>
            <th scope="col">because</th>
          </tr>
        </thead>
        <tbody>
          {above > 0 && <tr aria-hidden="true" style={{ height: above }} />}
          {items.map(({ index }) => {
            const row = rows[index];
            if (row === undefined || value === undefined) return null;
            return <Row key={row.seq} row={row} index={index} provenance={value.provenance} selection={selection} />;
          })}
          {below > 0 && <tr aria-hidden="true" style={{ height: below }} />}
        </tbody>
      </table>
    </div>
  );
}

interface RowProps {
  readonly row: PodTransition;
  readonly index: number;
  readonly provenance: Transitions["provenance"];
  readonly selection: Selection;
}

function Row({ row, index, provenance, selection }: RowProps) {
  const because = causeSentence(row);
  return (
    <tr aria-rowindex={index + 2} data-testid={`transition-${row.seq}`}>
      <td className={styles.time}>{formatClock(row.at, { withMilliseconds: true })}</td>
      <td>
        <button
          type="button"
          className={styles.pod}
          aria-pressed={row.uid === selection.pod}
          onClick={() => selection.selectPod(row.uid)}
        >
          <PodName namespace={row.namespace} name={row.name} />
        </button>
      </td>
      <td>
        <span className={styles.way}>
          <PlaceLabel place={row.from} />
          <ArrowRight size={12} aria-label="to" />
          <PlaceLabel place={row.to} />
          {row.attempts !== undefined && (
            <small>
              attempt {row.isAttemptsAtLeast === true ? "at least " : ""}
              {row.attempts}
            </small>
          )}
        </span>
      </td>
      <td className={styles.because} title={because}>
        <Provenance of={provenance}>{because}</Provenance>
      </td>
    </tr>
  );
}
