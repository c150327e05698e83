"use client";
import type { MouseEvent } from "react";
import { Elapsed } from "#components/live/index.ts";
import { formatDuration, PodName, Provenance, queueNames } from "#components/ui/index.ts";
import type { Provenance as ProvenanceKind } from "#lib/protocol/index.ts";
import { Grounds } from "./chain-head.tsx";
import { seqsOf, type Columns, type ShownPod } from "./columns.model.ts";
import { DestinationLabel } from "./destination-label.tsx";
import { Diamond } from "./diamond.tsx";
import styles from "./event-list.module.css";
import {
  columnAt,
  columnX,
  rowAt,
  rowBand,
  rowsHeight,
  rowY,
  type ColumnRange,
  type Measures,
} from "./geometry.model.ts";
import { markOfColumn } from "./marks.model.ts";
import { PodRows } from "./pod-rows.tsx";
import type { Regions } from "./strip.model.ts";
import type { Hovered } from "./use-list-input.ts";
import type { Selection } from "./use-selection.ts";

export interface InFlightRowsProps {
  readonly pods: readonly ShownPod[];
  /** Rows that the card has room for. */
  readonly rows: number;
  /** Rows that are drawn. */
  readonly shown: { readonly from: number; readonly to: number };
  readonly columns: Columns;
  readonly range: ColumnRange;
  readonly measures: Measures;
  readonly regions: Regions;
  readonly letterOf: (popIndex: number) => string;
  readonly lookedUid: string | undefined;
  readonly guideX: number | undefined;
  readonly provenance: ProvenanceKind;
  readonly selection: Selection;
  readonly onHover: (hovered: Hovered) => void;
}

/** One row per pod in flight, oldest first: who, what it would notice, and where it would go. */
export function InFlightRows(props: InFlightRowsProps) {
  const { pods, rows, shown, columns, measures: m, regions, lookedUid, selection, onHover } = props;
  const drawn = pods.slice(shown.from, shown.to).map((row, offset) => ({ ...row, index: shown.from + offset }));
  const lookedIndex = pods.findIndex(({ pod }) => pod.uid === lookedUid);
  const band = lookedIndex === -1 ? undefined : <div className={styles.band} style={rowBand(lookedIndex)} />;
  const hit = (event: MouseEvent) => {
    const box = event.currentTarget.getBoundingClientRect();
    const pod = pods[rowAt(event.clientY - box.top, pods.length) ?? -1]?.pod;
    const index = columnAt(m, event.clientX - box.left, columns.columns.length) ?? -1;
    const column = columns.columns[index];
    const isOnMark = Math.abs(event.clientX - box.left - columnX(m, index)) <= 9;
    const hasMark = pod !== undefined && column !== undefined && markOfColumn(pod, column) !== undefined;
    return { pod, column: hasMark && isOnMark ? column : undefined };
  };
  return (
    <div className={styles.body} style={{ minHeight: rowsHeight(Math.max(rows, pods.length)) }}>
      <div className={styles.names} style={{ width: m.names }}>
        {band}
        <ul aria-label="In-flight pods">
          {drawn.map(({ pod, isGone, index }) => (
            <li key={pod.uid}>
              <button
                type="button"
                className={`${styles.name} ${pod.uid === lookedUid ? styles.isLooked : ""}`}
                style={{ top: rowY(index) - 17 }}
                tabIndex={-1}
                aria-pressed={pod.uid === selection.pod}
                onClick={() => selection.selectPod(pod.uid)}
                onPointerEnter={() => onHover({ pod: pod.uid })}
              >
                <Diamond letter={props.letterOf(pod.popIndex)} isSolid={pod.uid === lookedUid} isGone={isGone} />
                <span>
                  <PodName namespace={pod.namespace} name={pod.name} />
                  <small>
                    {isGone ? (
                      "no longer in flight"
                    ) : (
                      <Provenance of={props.provenance}>
                        {pod.phase}, <Elapsed since={pod.since} format={formatDuration} />
                      </Provenance>
                    )}
                  </small>
                </span>
              </button>
            </li>
          ))}
        </ul>
      </div>
      <div
        className={styles.middle}
        data-chain
        style={{ width: regions.end }}
        role="presentation"
        onPointerMove={(event) => {
          const { pod, column } = hit(event);
          onHover({ ...(pod && { pod: pod.uid }), ...(column && { seq: seqsOf(column).from }) });
        }}
        onClick={(event) => {
          const { pod, column } = hit(event);
          if (pod !== undefined && column?.kind === "event") selection.selectBoth(pod.uid, column.event.seq);
          else if (pod !== undefined) selection.selectPod(pod.uid);
        }}
      >
        <Grounds regions={regions} />
        {band}
        <PodRows
          {...{ pods, measures: m, regions, lookedUid, guideX: props.guideX }}
          columns={columns.columns}
          range={props.range}
          from={shown.from}
          to={shown.to}
        />
      </div>
      <div className={styles.verdicts} style={{ width: m.verdicts }}>
        {band}
        {drawn.map(({ pod, isGone, index }) => (
          <div
            key={pod.uid}
            className={`${styles.verdict} ${pod.uid === lookedUid ? styles.isLooked : ""}`}
            style={{ top: rowY(index) - 17 }}
            data-testid={`queue-would-go-${pod.uid}`}
          >
            {isGone ? (
              <span className={styles.isGone}>came back</span>
            ) : (
              <DestinationLabel
                queue={pod.wouldGoTo.queue}
                provenance={props.provenance}
                text={queueNames[pod.wouldGoTo.queue]}
              />
            )}
          </div>
        ))}
      </div>
    </div>
  );
}
