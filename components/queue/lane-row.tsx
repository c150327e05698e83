"use client";
import { memo, useState, type CSSProperties } from "react";
import { useNowFor } from "#components/live/index.ts";
import { PodName, Provenance, Skeleton, VisuallyHidden, formatExactCount } from "#components/ui/index.ts";
import type { LaneName, LaneRow, Provenance as ProvenanceKind } from "#lib/protocol/index.ts";
import {
  ageShare,
  attemptsText,
  attemptsWords,
  isCountedInTenths,
  isNearFlush,
  laneTime,
  shortPlugin,
} from "./lane.model.ts";
import styles from "./lane-row.module.css";

export interface LaneRowProps {
  readonly lane: LaneName;
  readonly id: string;
  readonly index: number;
  readonly row: LaneRow;
  /** It is not in the lane any more; its place is kept while somebody is inside. */
  readonly hasLeft: boolean;
  readonly top: number;
  readonly isSelected: boolean;
  readonly isActive: boolean;
  /** It joined the lane just now: it flashes once. */
  readonly hasJoined: boolean;
  readonly provenance: ProvenanceKind;
  readonly onSelect: (uid: string) => void;
}

/** One pod of a lane, over the line that tells how much of its time is used up. */
export const LaneRowView = memo(function LaneRowView(props: LaneRowProps) {
  const { lane, id, index, row, hasLeft, top, isSelected, isActive, provenance, onSelect } = props;
  const [isNew] = useState(props.hasJoined);
  const look = [isNew && styles.joined, hasLeft && styles.left, isActive && styles.current].filter(Boolean).join(" ");
  return (
    // oxlint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/interactive-supports-focus -- the list has the focus and the keys
    <div
      // oxlint-disable-next-line jsx-a11y/prefer-tag-over-role -- the list is not a select
      role="option"
      id={id}
      className={`${styles.row} ${styles[lane]} ${look}`}
      style={{ transform: `translateY(${top}px)` }}
      aria-selected={isSelected}
      data-testid={`lane-row-${row.uid}`}
      onClick={() => onSelect(row.uid)}
    >
      {lane === "active" && <span className={styles.rank}>{formatExactCount(index + 1)}</span>}
      {lane === "backoff" && (
        <span className={styles.attempts} title={attemptsWords(row)}>
          <Provenance of={provenance}>{attemptsText(row)}</Provenance>
        </span>
      )}
      <span className={styles.name}>
        <PodName namespace={row.namespace} name={row.name} />
        {hasLeft && <VisuallyHidden>, has left</VisuallyHidden>}
      </span>
      {lane === "active" && <span className={styles.priority}>{formatExactCount(row.priority)}</span>}
      {lane === "unschedulable" && <Plugins plugins={row.plugins} title={attemptsWords(row)} />}
      <LaneTime lane={lane} row={row} provenance={provenance} />
    </div>
  );
});

function Plugins({ plugins, title }: { readonly plugins: readonly string[]; readonly title: string }) {
  const [first, ...others] = plugins;
  return (
    <span className={styles.plugins} title={[plugins.join(", "), title].filter(Boolean).join("; ")}>
      {first === undefined ? "rejected by none" : shortPlugin(first)}
      {others.length > 0 && <small> +{others.length}</small>}
    </span>
  );
}

type LaneTimeProps = Pick<LaneRowProps, "lane" | "row" | "provenance">;

/** The part of a row that moves by itself: age or time left, and the line. */
function LaneTime({ lane, row, provenance }: LaneTimeProps) {
  const now = useNowFor((seconds) => isCountedInTenths(lane, row, seconds));
  return (
    <>
      <span className={isNearFlush(lane, row, now) ? styles.hot : styles.time}>
        <Provenance of={provenance}>{laneTime(lane, row, now)}</Provenance>
      </span>
      <i className={styles.age} style={{ "--share": ageShare(lane, row, now) } as CSSProperties} aria-hidden="true" />
    </>
  );
}

/** Stands for a row that is under way. */
export function LaneRowSkeleton({ top }: { readonly top: number }) {
  return (
    <div className={styles.row} style={{ transform: `translateY(${top}px)` }} aria-hidden="true">
      <Skeleton width="42%" />
      <span className={styles.name} />
      <Skeleton width={36} />
    </div>
  );
}
