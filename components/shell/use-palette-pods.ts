"use client";
import { useTopic } from "#components/live/index.ts";
import { queueNames, type QueueState } from "#components/ui/index.ts";
import { glyphOf } from "#components/verdict/index.ts";
import { sentenceText, type Lanes, type PodRef, type Pods } from "#lib/protocol/index.ts";
import { pageHref, podHref } from "./cluster-choice.model.ts";
import type { PaletteItem } from "./palette.model.ts";

/** So many the server looks for; whoever wants another one types more. */
const wanted = 12;
/** Where the server cannot look for pods, the first rows of each queue are searched here. */
const windowed = { offset: 0, limit: 200 };
const lanesView = { active: windowed, backoff: windowed, unschedulable: windowed };

export interface PalettePods {
  readonly items: readonly PaletteItem[];
  /** Pods that wait beyond what could be searched. */
  readonly unsearched: number;
  /** Which pods these are: while an answer is awaited the one before is shown. */
  readonly revision: string;
}

/** Pods by a part of their names, or by a query as the Pods page knows it. */
export function usePalettePods(cluster: string | undefined, text: string): PalettePods {
  const pods = useTopic(cluster, "pods", text === "" ? undefined : { q: text, offset: 0, limit: wanted });
  const isServed = pods.phase !== "closed";
  const lanes = useTopic(isServed ? undefined : cluster, "lanes", lanesView);
  if (pods.phase === "live") return foundByServer(pods.value, text, cluster);
  if (lanes.phase === "live")
    return { items: waitingItems(lanes.value, cluster), unsearched: unsearchedIn(lanes.value), revision: "lanes" };
  return { items: [], unsearched: 0, revision: "" };
}

function foundByServer(pods: Pods, text: string, cluster: string | undefined): PalettePods {
  const items = pods.order.flatMap((key): readonly PaletteItem[] => {
    const row = pods.rows[key];
    return row === undefined
      ? []
      : [
          {
            ...podItem(row, sentenceText(row.sentence, pods.asOf), cluster),
            glyph: glyphOf(row),
            isFound: true,
          },
        ];
  });
  const all: PaletteItem = {
    id: "filter pods",
    group: "Filter",
    text: `Pods where “${text}”`,
    detail: `${pods.matching} ${pods.matching === 1 ? "pod" : "pods"}`,
    isFound: true,
    action: { kind: "open", href: `${pageHref("/pods", cluster)}&q=${encodeURIComponent(text)}` },
  };
  return { items: pods.matching === 0 ? items : [...items, all], unsearched: 0, revision: pods.order.join(" ") };
}

export function podItem({ uid, namespace, name }: PodRef, detail: string, cluster: string | undefined): PaletteItem {
  return {
    id: `pod ${uid}`,
    group: "Pods",
    text: `${namespace}/${name}`,
    detail,
    action: {
      kind: "open",
      href: podHref(cluster, { uid, namespace, name }),
    },
  };
}

const searchedLanes = ["unschedulable", "backoff", "active"] as const satisfies readonly QueueState[];

function waitingItems(lanes: Lanes, cluster: string | undefined): readonly PaletteItem[] {
  return searchedLanes.flatMap((lane) =>
    Object.values(lanes[lane].rows).map((row) => ({
      ...podItem(row, [queueNames[lane], ...row.plugins.slice(0, 1)].join(", "), cluster),
      glyph: lane,
    })),
  );
}

function unsearchedIn(lanes: Lanes): number {
  return searchedLanes.reduce((sum, lane) => sum + Math.max(0, lanes[lane].count - windowed.limit), 0);
}
