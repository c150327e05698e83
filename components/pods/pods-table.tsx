"use client";
import { useRouter } from "next/navigation";
import { useEffect, useEffectEvent } from "react";
import { isPeeked, usePodKeys, type PeekState } from "#components/peek/index.ts";
import { groupHref, podHref } from "#components/shell/index.ts";
import { HeldPill, placeAt, useInside, useStandingRows } from "#components/still/index.ts";
import { useListKeys, useMedia, useRowWindow, useShortcut } from "#components/ui/index.ts";
import type { PodRow, Pods } from "#lib/protocol/index.ts";
import { PodsHead } from "./pods-head.tsx";
import { PodsRow, SkeletonRow, SkeletonRows } from "./pods-row.tsx";
import styles from "./pods-table.module.css";
import { useCursor } from "./use-cursor.ts";
import { useCursorFocus } from "./use-cursor-focus.ts";
import type { Marks } from "./use-marks.ts";
import type { PodsAddress } from "./use-pods-address.ts";

export interface PodsTableProps {
  readonly cluster: string;
  readonly pods: Pods | undefined;
  /** What the rows answer; absent while they still answer the question before. */
  readonly question: string | undefined;
  readonly sort: PodsAddress["sort"];
  readonly onSort: (sort: PodsAddress["sort"]) => void;
  readonly onWindow: (first: number, last: number) => void;
  readonly onSight: (first: number, last: number) => void;
  readonly marks: Marks;
  readonly peek: PeekState;
}

/** Where the verdict stands beside the name, and under it. */
const rowHeights = { wide: 34, narrow: 54 } as const;
const headHeight = 30;
const group = "Pods";

/** One line per pod, or per group of pods that are the same to the scheduler. It stands still while somebody is in it. */
export function PodsTable(props: PodsTableProps) {
  const { cluster, pods, question, sort, onSort, onWindow, onSight, marks, peek } = props;
  const router = useRouter();
  const inside = useInside();
  const isNarrow = useMedia("(width < 768px)");
  const list = pods && { count: pods.rowCount, offset: pods.offset, order: pods.order, rows: pods.rows };
  const { standing, changes } = useStandingRows<PodRow>(list, inside.isInside, question);
  const count = standing?.count ?? pods?.rowCount ?? 0;
  const placeOf = (index: number) => (list === undefined ? undefined : placeAt(list, standing, index));
  const { scroller, items, height, first, last, scrollTo } = useRowWindow<HTMLDivElement>({
    count,
    rowHeight: isNarrow ? rowHeights.narrow : rowHeights.wide,
    headHeight,
    keyOf: (index) => placeOf(index)?.key ?? index,
  });
  const asked = { first: items[0]?.index ?? 0, last: items.at(-1)?.index ?? 0 };
  const tellWindow = useEffectEvent(onWindow);
  useEffect(() => tellWindow(asked.first, asked.last), [asked.first, asked.last]);
  const tellSight = useEffectEvent(onSight);
  useEffect(() => tellSight(first, last), [first, last]);

  const cursor = useCursor({ count, keyAt: (index) => placeOf(index)?.key, from: asked.first, to: asked.last });
  const chosen = cursor.index === undefined ? undefined : placeOf(cursor.index)?.row;
  const { rows, bring } = useCursorFocus(cursor.index, chosen);

  const hrefOf = (row: PodRow): string => (row.count > 1 ? groupHref(cluster, row) : podHref(cluster, row));
  const open = (row: PodRow, isNewTab: boolean): void => {
    if (isNewTab) window.open(hrefOf(row), "_blank", "noopener");
    else router.push(hrefOf(row));
  };
  const move = (by: 1 | -1): void => {
    const next = cursor.moved(by);
    if (next === undefined) return;
    cursor.put(next);
    scrollTo(next);
    bring();
    const row = placeOf(next)?.row;
    if (row !== undefined) peek.follow(row);
  };
  useListKeys({
    group,
    noun: "row",
    onMove: move,
    onOpen: chosen && ((isNewTab) => open(chosen, isNewTab)),
  });
  const rowsBetween = (from: number, to: number): readonly PodRow[] =>
    Array.from({ length: to - from + 1 }, (_, at) => placeOf(from + at)?.row).filter((row) => row !== undefined);
  useMarkKeys({ marks, cursor: cursor.index, chosen, rowsBetween });
  usePodKeys({ cluster, group, pods: chosen === undefined ? [] : [chosen], marked: marks.rows, peek });
  const canClear = marks.rows.length > 0 || cursor.index !== undefined;
  useShortcut({ keys: "escape", label: "Clear the selection", group, isOn: canClear }, () => {
    if (marks.rows.length > 0) marks.clear();
    else cursor.put(undefined);
  });

  return (
    <div className={styles.card} {...inside.handlers}>
      <div ref={scroller} className={styles.scroller}>
        <table className={styles.table} aria-rowcount={count + 1} aria-busy={pods === undefined || undefined}>
          <PodsHead sort={sort} onSort={onSort} />
          <tbody ref={rows}>
            <tr aria-hidden="true" style={{ height: items[0]?.start ?? 0 }} />
            {pods === undefined && <SkeletonRows />}
            {items.map(({ index }) => {
              const place = placeOf(index);
              if (place === undefined) return <SkeletonRow key={index} />;
              const { row, key, hasLeft } = place;
              return (
                <PodsRow
                  key={key}
                  {...{ row, index, hasLeft, isNarrow }}
                  isCurrent={index === cursor.index}
                  isReachable={index === (cursor.index ?? asked.first)}
                  isMarked={marks.has(row)}
                  isPeeked={isPeeked(peek.pod, row)}
                  href={hrefOf(row)}
                  onOpen={(isNewTab) => open(row, isNewTab)}
                  onMark={() => marks.toggle(row, index)}
                  onReach={() => cursor.put(index)}
                  onPeek={() => {
                    cursor.put(index);
                    peek.toggle(row);
                  }}
                />
              );
            })}
            <tr aria-hidden="true" style={{ height: height - (items.at(-1)?.end ?? 0) }} />
          </tbody>
        </table>
      </div>
      <HeldPill changes={changes} group={group} onShow={inside.release} />
    </div>
  );
}

interface MarkKeysOptions {
  readonly marks: Marks;
  readonly cursor: number | undefined;
  readonly chosen: PodRow | undefined;
  readonly rowsBetween: (from: number, to: number) => readonly PodRow[];
}

function useMarkKeys({ marks, cursor, chosen, rowsBetween }: MarkKeysOptions): void {
  const isOn = chosen !== undefined && cursor !== undefined;
  useShortcut({ keys: "x", label: "Select or leave out", group, isOn }, () => {
    if (isOn) marks.toggle(chosen, cursor);
  });
  useShortcut({ keys: "shift+x", label: "Select up to here", group, isOn }, () => {
    if (!isOn) return;
    const anchor = marks.anchor ?? cursor;
    marks.add(rowsBetween(Math.min(anchor, cursor), Math.max(anchor, cursor)), cursor);
  });
}
