"use client";
import { PanelRight } from "lucide-react";
import type { MouseEvent } from "react";
import { Elapsed } from "#components/live/index.ts";
import {
  Checkbox,
  classNames,
  formatCount,
  formatExactCount,
  Glyph,
  PodName,
  Provenance,
  Skeleton,
  VisuallyHidden,
} from "#components/ui/index.ts";
import { placeGlyph, placeName, SentenceText, VerdictGlyph } from "#components/verdict/index.ts";
import type { PodRow } from "#lib/protocol/index.ts";
import styles from "./pods-table.module.css";

export interface PodsRowProps {
  readonly row: PodRow;
  readonly index: number;
  /** It is not in the list any more; its place is kept while somebody is in it. */
  readonly hasLeft: boolean;
  readonly isCurrent: boolean;
  /** By the tab key: one row of the list is. */
  readonly isReachable: boolean;
  readonly isMarked: boolean;
  readonly isPeeked: boolean;
  /** There is room for one column: the verdict stands under the name. */
  readonly isNarrow: boolean;
  readonly href: string;
  readonly onOpen: (isNewTab: boolean) => void;
  readonly onMark: () => void;
  readonly onReach: () => void;
  readonly onPeek: () => void;
}

export function PodsRow(props: PodsRowProps) {
  const { row, index, hasLeft, isCurrent, isReachable, isMarked, isPeeked, isNarrow, href } = props;
  const { onOpen, onMark, onReach, onPeek } = props;
  const whole = `${row.namespace}/${row.name}`;
  const onClick = (event: MouseEvent): void => {
    event.preventDefault();
    onOpen(event.metaKey || event.ctrlKey || event.shiftKey);
  };
  return (
    // oxlint-disable-next-line jsx-a11y/click-events-have-key-events -- its link is what the keyboard reaches
    <tr
      className={classNames(
        isCurrent && styles.current,
        isMarked && styles.marked,
        isPeeked && styles.peeked,
        hasLeft && styles.left,
      )}
      aria-rowindex={index + 2}
      data-index={index}
      data-testid={`pods-row-${row.key}`}
      onClick={onClick}
    >
      <td className={styles.pod}>
        <Checkbox
          className={styles.mark}
          checked={isMarked}
          tabIndex={-1}
          aria-label={`Select ${whole}`}
          onClick={(event) => event.stopPropagation()}
          onChange={onMark}
        />
        <span className={styles.named}>
          <VerdictGlyph code={row.code} severity={row.severity} />
          <a href={href} tabIndex={isReachable ? 0 : -1} onFocus={onReach}>
            <PodName namespace={row.namespace} name={nameOf(row)} />
          </a>
          {row.count > 1 && <b>×{formatCount(row.count)}</b>}
          {hasLeft && <VisuallyHidden>, has left</VisuallyHidden>}
        </span>
        {isNarrow && (
          <p className={styles.under}>
            <SentenceText sentence={row.sentence} />
          </p>
        )}
        <button
          type="button"
          className={styles.peek}
          tabIndex={-1}
          aria-label={`Peek at ${whole}`}
          title="Peek"
          aria-pressed={isPeeked}
          onClick={(event) => {
            event.stopPropagation();
            onPeek();
          }}
        >
          <PanelRight size={14} aria-hidden="true" />
        </button>
      </td>
      <td className={styles.verdict}>
        <Provenance of={row.provenance}>
          <SentenceText sentence={row.sentence} />
        </Provenance>
      </td>
      <td className={styles.plugins} title={row.plugins.join(", ")}>
        {row.plugins.map((plugin) => (
          <code key={plugin}>{plugin}</code>
        ))}
      </td>
      <td className={styles.queue}>
        <Glyph state={placeGlyph(row.queue)} label={placeName(row.queue)} />
      </td>
      <td className={classNames(styles.number, styles.attempts)}>
        {row.attempts === undefined
          ? ""
          : `${row.isAttemptsAtLeast === true ? "≥ " : ""}${formatExactCount(row.attempts)}`}
      </td>
      <td className={classNames(styles.number, styles.priority)}>{formatExactCount(row.priority)}</td>
      <td className={classNames(styles.number, styles.strong)}>
        <Elapsed since={row.since} />
      </td>
    </tr>
  );
}

/** A group goes by its workload's name. */
function nameOf({ count, workload, name }: PodRow): string {
  return count > 1 && workload !== undefined ? workload.name : name;
}

export function SkeletonRows() {
  return Array.from({ length: 12 }, (_, index) => <SkeletonRow key={index} />);
}

const skeleton = [
  { className: styles.pod, width: 150 },
  { className: styles.verdict, width: 280 },
  { className: styles.plugins, width: 150 },
  { className: styles.queue, width: 12 },
  { className: `${styles.number} ${styles.attempts}`, width: 20 },
  { className: `${styles.number} ${styles.priority}`, width: 30 },
  { className: styles.number, width: 44 },
] as const;

export function SkeletonRow() {
  return (
    <tr>
      {skeleton.map(({ className, width }, index) => (
        // oxlint-disable-next-line react/no-array-index-key -- columns stand still
        <td key={index} className={className}>
          <Skeleton width={width} />
        </td>
      ))}
    </tr>
  );
}
