import { formatAge, formatCount, formatDuration, formatExactCount, formatRate } from "#components/ui/index.ts";
import type { Informer } from "#lib/protocol/index.ts";
import { pageWords } from "./informer-list.model.ts";
import { causeWords } from "./list-history.model.ts";
import { isMany } from "./registrations.model.ts";

export const reflectorStates = ["list", "watch", "back off", "relist"] as const;
export type ReflectorStep = (typeof reflectorStates)[number];

/** The step of its loop that a reflector is in; `undefined` before it starts and after it has stopped. */
export function reflectorStep({ row, reflector }: Informer): ReflectorStep | undefined {
  switch (row.reflector.phase) {
    case "listing":
    case "streaming":
      return reflector.relistsTotal > 0 ? "relist" : "list";
    case "connecting":
    case "watching":
      return "watch";
    case "backingOff":
      return "back off";
    case "idle":
    case "stopped":
      return undefined;
    default:
      return row.reflector satisfies never;
  }
}

/** The word at the right of the reflector's title. */
export function reflectorWord({ row }: Informer, now: number): string {
  const state = row.reflector;
  switch (state.phase) {
    case "listing":
      return pageWords(state);
    case "streaming":
      return "streaming";
    case "connecting":
      return "opening the watch";
    case "watching":
      return "watching";
    case "backingOff":
      return `retry in ${formatAge(state.until - now)}`;
    case "idle":
      return "not started";
    case "stopped":
      return "stopped";
    default:
      return state satisfies never;
  }
}

export interface Fact {
  readonly name: string;
  readonly value: string;
  readonly title?: string;
  /** It wants to be seen. */
  readonly isAmber?: boolean;
}

/** Synced is not fresh: what tells freshness is the last event or bookmark. Always five, so that the card never moves. */
export function reflectorFacts({ row, reflector, startedAt }: Informer, now: number): readonly Fact[] {
  const { lastEventAt, lastBookmarkAt, lists, relistsTotal, resourceVersion } = reflector;
  const lastRelist = lists.findLast(({ cause }) => cause !== "initial");
  return [
    { name: "resourceVersion", value: resourceVersion === "" ? "none yet" : resourceVersion },
    { name: "last event", value: agoOf(lastEventAt, now) },
    { name: "bookmark", value: agoOf(lastBookmarkAt, now) },
    progress(row.reflector, startedAt, now),
    {
      name: "relists",
      value:
        lastRelist === undefined
          ? formatCount(relistsTotal)
          : `${formatCount(relistsTotal)}, last ${causeWords(lastRelist)} ${formatAge(now - lastRelist.at)} ago`,
      ...(lastRelist === undefined ? {} : { title: new Date(lastRelist.at).toISOString() }),
    },
  ];
}

/** Ages are drawn once a second: what is younger is not told apart. */
function agoOf(instant: number | undefined, now: number): string {
  if (instant === undefined) return "none yet";
  return now - instant < 1_000 ? "less than 1 s ago" : `${formatAge(now - instant)} ago`;
}

function progress(state: Informer["row"]["reflector"], startedAt: number, now: number): Fact {
  switch (state.phase) {
    case "watching":
      return { name: "watch open", value: formatDuration(now - state.openedAt) };
    case "connecting":
      return { name: "opening for", value: formatDuration(now - state.since) };
    case "listing":
    case "streaming":
      return { name: "received", value: `${formatCount(state.received)} in ${formatDuration(now - startedAt)}` };
    case "backingOff":
      return { name: "because", value: state.reason, title: state.reason };
    case "idle":
    case "stopped":
      return { name: "watch open", value: "no" };
    default:
      return state satisfies never;
  }
}

/** Nothing is merged on the way through: what comes in goes out. */
export function queueFacts({ queue }: Informer): readonly Fact[] {
  return [
    { name: "oldest", value: queue.depth === 0 ? "empty" : formatDuration(queue.oldestMs) },
    { name: "peak depth", value: formatCount(queue.peak), title: formatExactCount(queue.peak) },
    { name: "batches", value: formatCount(queue.batches), title: formatExactCount(queue.batches) },
  ];
}

export function processorFacts({ rates, processor }: Informer): readonly Fact[] {
  const { pending, buffers, slowest } = processor;
  return [
    { name: "delivering", value: formatRate(rates.delivered) },
    {
      name: "pending",
      value:
        buffers === 0
          ? "0"
          : `${formatCount(pending)} in ${formatCount(buffers)} ${buffers === 1 ? "buffer" : "buffers"}`,
      title: formatExactCount(pending),
    },
    slowest === undefined
      ? { name: "slowest", value: "none behind" }
      : {
          name: "slowest",
          value: `#${slowest.id}, ${formatCount(slowest.pending)}`,
          isAmber: isMany(slowest.pending),
        },
  ];
}

const shownIndexes = 3;

/** The first indexes of the store, and how many more there are. */
export function storeIndexes({ store }: Informer): {
  readonly shown: readonly [string, number][];
  readonly more: number;
} {
  const indexes = Object.entries(store.indexes);
  return { shown: indexes.slice(0, shownIndexes), more: Math.max(0, indexes.length - shownIndexes) };
}
