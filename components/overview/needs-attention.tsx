"use client";
import { useRouter } from "next/navigation";
import { useMemo, useRef, useState } from "react";
import { useNow } from "#components/live/index.ts";
import { isPeeked, usePodKeys, type PeekState } from "#components/peek/index.ts";
import { groupHref, pageHref, podHref } from "#components/shell/index.ts";
import { HeldPill, placeAt, useInside, useStandingRows } from "#components/still/index.ts";
import {
  Card,
  CardLink,
  EmptyState,
  formatCount,
  formatPlural,
  Skeleton,
  useListKeys,
  useShortcut,
} from "#components/ui/index.ts";
import type { Attention, AttentionGroup } from "#lib/protocol/index.ts";
import { AttentionGroupRow } from "./attention-group-row.tsx";
import { rowsOf, type AttentionRow } from "./attention-rows.model.ts";
import { ageShare, sectionsOf } from "./attention.model.ts";
import styles from "./needs-attention.module.css";

export interface NeedsAttentionProps {
  readonly cluster: string;
  readonly attention: Attention | undefined;
  readonly peek: PeekState;
}

const group = "Overview";

/** What is stuck and why, by verdict and workload, the worst first. It stands still while somebody is in it. */
export function NeedsAttention({ cluster, attention, peek }: NeedsAttentionProps) {
  const router = useRouter();
  const now = useNow(15_000);
  const inside = useInside();
  const list = useMemo(() => rowsOf(attention), [attention]);
  const { standing, changes } = useStandingRows<AttentionRow>(list, inside.isInside);
  const count = standing?.count ?? list?.count ?? 0;
  const places = Array.from({ length: count }, (_, index) => list && placeAt(list, standing, index)).filter(
    (place) => place !== undefined,
  );
  const sections = [...Map.groupBy(places, ({ row }) => row.section)];
  const titles = attention === undefined ? [] : sectionsOf(attention);

  const scroller = useRef<HTMLDivElement>(null);
  const [cursor, setCursor] = useState<string>();
  const at = places.findIndex(({ key }) => key === cursor);
  const chosen = places[at]?.row.group;
  const hrefOf = (each: AttentionGroup): string =>
    each.count === 1 ? podHref(cluster, each.pod) : groupHref(cluster, each);
  useListKeys({
    group,
    noun: "group",
    onMove: (by) => {
      const next = places[Math.min(places.length - 1, Math.max(0, at === -1 && by < 0 ? places.length - 1 : at + by))];
      if (next === undefined) return;
      setCursor(next.key);
      peek.follow(next.row.group.pod);
      if (document.activeElement?.closest("[data-peek]") instanceof Element) return;
      scroller.current?.querySelector<HTMLElement>(`[data-key="${CSS.escape(next.key)}"]`)?.focus();
    },
    onOpen:
      chosen &&
      ((isNewTab) => {
        if (isNewTab) window.open(hrefOf(chosen), "_blank", "noopener");
        else router.push(hrefOf(chosen));
      }),
  });
  useShortcut({ keys: "escape", label: "Clear the selection", group, isOn: cursor !== undefined }, () =>
    setCursor(undefined),
  );
  usePodKeys({ cluster, group, pods: chosen === undefined ? [] : [chosen.pod], peek });

  return (
    <Card
      title="Needs attention"
      context="grouped by verdict and workload, worst first"
      actions={<CardLink href={pageHref("/pods", cluster)}>Open in Pods</CardLink>}
      className={styles.card}
    >
      <div ref={scroller} className={styles.scroller} {...inside.handlers}>
        {attention === undefined && <SkeletonGroups />}
        {attention !== undefined && places.length === 0 && (
          <EmptyState title={attention.pending === 0 ? "No pods are pending." : "Nothing needs you."}>
            {attention.moving > 0 && `${formatPlural(attention.moving, "pod")} will move on their own.`}
          </EmptyState>
        )}
        {sections.map(([title, inSection]) => {
          const groups = inSection.map(({ row }) => row.group);
          const pods = titles.find((each) => each.title === title)?.pods ?? 0;
          return (
            <section key={title} aria-label={title}>
              <h3 className={styles.section}>
                {title} <small>{countText(pods, groups.length)}</small>
              </h3>
              <ul>
                {inSection.map(({ key, row, hasLeft }) => (
                  <li key={key}>
                    <AttentionGroupRow
                      group={row.group}
                      href={hrefOf(row.group)}
                      share={ageShare(row.group, groups, now)}
                      isCurrent={key === cursor}
                      isPeeked={isPeeked(peek.pod, row.group.pod)}
                      hasLeft={hasLeft}
                      onReach={() => setCursor(key)}
                    />
                  </li>
                ))}
              </ul>
            </section>
          );
        })}
      </div>
      <HeldPill changes={changes} group={group} onShow={inside.release} />
    </Card>
  );
}

function countText(pods: number, groups: number): string {
  return groups > 1 && groups < pods
    ? `${formatPlural(pods, "pod")} in ${formatCount(groups)} groups`
    : formatPlural(pods, "pod");
}

function SkeletonGroups() {
  return [360, 320, 400, 300].map((width) => (
    <div key={width} className={styles.group} aria-hidden="true">
      <Skeleton width={14} height={14} />
      <span className={styles.text}>
        <Skeleton width={width} />
        <Skeleton width={width / 2} height={10} />
      </span>
    </div>
  ));
}
