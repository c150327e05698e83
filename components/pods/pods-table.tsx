"use client";
import { ChevronDown, ChevronUp } from "lucide-react";
import { useRouter } from "next/navigation";
import { useEffect, useEffectEvent, useState } from "react";
import {
  Glyph,
  PodName,
  Provenance,
  Skeleton,
  formatCount,
  formatExactCount,
  formatPlural,
  useRowWindow,
  useShortcut,
} from "#components/ui/index.ts";
import { placeGlyph, placeName, SentenceText, VerdictGlyph } from "#components/verdict/index.ts";
import { Elapsed } from "#components/live/index.ts";
import type { PodRow, Pods, PodSort } from "#lib/protocol/index.ts";
import { changesSince, follow, hold, rowAt, type HeldOrder } from "./held-order.model.ts";
import styles from "./pods-table.module.css";
import { sortedBy, sortOf, type PodsAddress } from "./use-pods-address.ts";

export interface PodsTableProps {
  readonly pods: Pods | undefined;
  readonly sort: PodsAddress["sort"];
  readonly onSort: (sort: PodsAddress["sort"]) => void;
  readonly onWindow: (first: number, last: number) => void;
  readonly hrefOf: (row: PodRow) => string;
}

const rowHeight = 34;

const columns = [
  { sort: "name", label: "Pod", className: styles.pod },
  { sort: "severity", label: "Verdict", className: styles.verdict },
  { sort: "queue", label: "Queue", className: styles.queue },
  { sort: "attempts", label: "Attempts", className: styles.number },
  { sort: "priority", label: "Priority", className: styles.number },
  { sort: "age", label: "Pending", className: styles.number },
] as const satisfies readonly { sort: PodSort; label: string; className: string | undefined }[];

/** One line per pod, or per group of pods that are the same to the scheduler. It stands still while somebody is in it. */
export function PodsTable({ pods, sort, onSort, onWindow, hrefOf }: PodsTableProps) {
  const router = useRouter();
  const { shown, changes, release, holding } = useHeldOrder(pods);
  const [cursor, setCursor] = useState<number>();
  const count = shown?.rowCount ?? 0;
  const { scroller, items, height, scrollTo } = useRowWindow<HTMLDivElement>({
    count,
    rowHeight,
    keyOf: (index) => (shown === undefined ? index : (rowAt(shown, index)?.key ?? index)),
  });
  const first = items[0]?.index ?? 0;
  const last = items.at(-1)?.index ?? 0;
  const tellWindow = useEffectEvent(onWindow);
  useEffect(() => tellWindow(first, last), [first, last]);

  const move = (by: number): void => {
    const next = Math.min(Math.max(0, count - 1), Math.max(0, (cursor ?? (by > 0 ? -1 : count)) + by));
    setCursor(next);
    scrollTo(next);
  };
  const chosen = cursor === undefined || shown === undefined ? undefined : rowAt(shown, cursor);
  const group = "Pods";
  useShortcut({ keys: "j", label: "Next row", group }, () => move(1));
  useShortcut({ keys: "k", label: "Previous row", group }, () => move(-1));
  useShortcut({ keys: "arrowdown", label: "Next row", group }, () => move(1));
  useShortcut({ keys: "arrowup", label: "Previous row", group }, () => move(-1));
  useShortcut({ keys: "enter", label: "Open pod", group, isOn: chosen !== undefined }, () => {
    if (chosen !== undefined) router.push(hrefOf(chosen));
  });
  return (
    <div className={styles.card} {...holding}>
      <div ref={scroller} className={styles.scroller}>
        <table className={styles.table} aria-rowcount={count + 1} aria-busy={pods === undefined || undefined}>
          <thead>
            <tr>
              {columns.map((column) => (
                <HeaderCell key={column.sort} {...column} current={sort} onSort={onSort} />
              ))}
            </tr>
          </thead>
          <tbody>
            <tr aria-hidden="true" style={{ height: items[0]?.start ?? 0 }} />
            {pods === undefined && <SkeletonRows />}
            {items.map(({ index }) => {
              const row = shown === undefined ? undefined : rowAt(shown, index);
              return row === undefined ? (
                <SkeletonRow key={index} />
              ) : (
                <Row
                  key={row.key}
                  {...{ row, index }}
                  isCurrent={index === cursor}
                  href={hrefOf(row)}
                  onOpen={() => router.push(hrefOf(row))}
                />
              );
            })}
            <tr aria-hidden="true" style={{ height: height - (items.at(-1)?.end ?? 0) }} />
          </tbody>
        </table>
      </div>
      {changes > 0 && (
        <button type="button" className={styles.changes} onClick={release}>
          {formatPlural(changes, "change")}, show
        </button>
      )}
    </div>
  );
}

interface HeaderCellProps {
  readonly sort: PodSort;
  readonly label: string;
  readonly className: string | undefined;
  readonly current: PodsAddress["sort"];
  readonly onSort: (sort: PodsAddress["sort"]) => void;
}

function HeaderCell({ sort, label, className, current, onSort }: HeaderCellProps) {
  const { by, isDescending } = sortOf(current);
  const isSorted = by === sort;
  return (
    <th scope="col" className={className} aria-sort={isSorted ? (isDescending ? "descending" : "ascending") : "none"}>
      <button type="button" onClick={() => onSort(sortedBy(current, sort))}>
        {label}
        {isSorted && sort === "severity" && isDescending && ", worst first"}
        {isSorted && (isDescending ? <ChevronDown size={13} /> : <ChevronUp size={13} />)}
      </button>
    </th>
  );
}

interface RowProps {
  readonly row: PodRow;
  readonly index: number;
  readonly isCurrent: boolean;
  readonly href: string;
  readonly onOpen: () => void;
}

function Row({ row, index, isCurrent, href, onOpen }: RowProps) {
  return (
    // oxlint-disable-next-line jsx-a11y/click-events-have-key-events -- its link is what the keyboard reaches
    <tr
      className={isCurrent ? styles.current : undefined}
      aria-rowindex={index + 2}
      data-testid={`pods-row-${row.key}`}
      onClick={onOpen}
    >
      <td className={styles.pod}>
        <span className={styles.named}>
          <VerdictGlyph code={row.code} severity={row.severity} />
          <a
            href={href}
            onClick={(event) => {
              if (event.metaKey || event.ctrlKey || event.shiftKey) return event.stopPropagation();
              event.preventDefault();
            }}
          >
            <PodName namespace={row.namespace} name={nameOf(row)} />
          </a>
          {row.count > 1 && <b>×{formatCount(row.count)}</b>}
        </span>
      </td>
      <td className={styles.verdict}>
        <Provenance of={row.provenance}>
          <SentenceText sentence={row.sentence} />
        </Provenance>
      </td>
      <td className={styles.queue}>
        <Glyph state={placeGlyph(row.queue)} label={placeName(row.queue)} />
      </td>
      <td className={styles.number}>
        {row.attempts === undefined
          ? ""
          : `${row.isAttemptsAtLeast === true ? "≥ " : ""}${formatExactCount(row.attempts)}`}
      </td>
      <td className={styles.number}>{formatExactCount(row.priority)}</td>
      <td className={`${styles.number} ${styles.strong}`}>
        <Elapsed since={row.since} />
      </td>
    </tr>
  );
}

/** A group goes by its workload's name. */
function nameOf({ count, workload, name }: PodRow): string {
  return count > 1 && workload !== undefined ? workload.name : name;
}

function SkeletonRows() {
  return Array.from({ length: 12 }, (_, index) => <SkeletonRow key={index} />);
}

function SkeletonRow() {
  return (
    <tr>
      <td className={styles.pod}>
        <Skeleton width={150} />
      </td>
      <td className={styles.verdict}>
        <Skeleton width={280} />
      </td>
      <td className={styles.queue}>
        <Skeleton width={12} />
      </td>
      <td className={styles.number}>
        <Skeleton width={20} />
      </td>
      <td className={styles.number}>
        <Skeleton width={30} />
      </td>
      <td className={styles.number}>
        <Skeleton width={44} />
      </td>
    </tr>
  );
}

/** After the pointer has left, what came meanwhile waits this long. */
const releaseMs = 600;

function useHeldOrder(pods: Pods | undefined) {
  const [held, setHeld] = useState<HeldOrder>();
  const [isInside, setIsInside] = useState(false);
  const [leftAt, setLeftAt] = useState<number>();
  useEffect(() => {
    if (leftAt === undefined) return;
    const timer = setTimeout(() => {
      setIsInside(false);
      setHeld(undefined);
    }, releaseMs);
    return () => clearTimeout(timer);
  }, [leftAt]);

  const next = pods === undefined || !isInside ? undefined : held === undefined ? hold(pods) : follow(held, pods);
  if (next !== held) setHeld(next);
  const shown = next ?? (pods === undefined ? undefined : hold(pods));
  return {
    shown,
    changes: next === undefined || pods === undefined ? 0 : changesSince(next, pods),
    release: () => {
      setIsInside(false);
      setHeld(undefined);
    },
    holding: {
      onPointerEnter: () => {
        setLeftAt(undefined);
        setIsInside(true);
      },
      onPointerLeave: () => setLeftAt(performance.now()),
    },
  };
}
