import { formatAge, formatCount, formatDuration } from "#components/ui/index.ts";
import type { Informer } from "#lib/protocol/index.ts";

export const reflectorStates = ["list", "watch", "back off", "relist"] as const;
export type ReflectorStep = (typeof reflectorStates)[number];

/** The step of its loop that a reflector is in; `undefined` before it starts and after it has stopped. */
export function reflectorStep({ row, reflector }: Informer): ReflectorStep | undefined {
  switch (row.reflector.phase) {
    case "listing":
    case "streaming":
      return reflector.relistsTotal > 0 ? "relist" : "list";
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
      return `page ${formatCount(state.page)}`;
    case "streaming":
      return "streaming";
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
}

/** Synced is not fresh: what tells freshness is the last event or bookmark. Always four, so that the card never moves. */
export function reflectorFacts({ row, reflector, startedAt }: Informer, now: number): readonly Fact[] {
  const { lastEventAt, lastBookmarkAt, relists, relistsTotal, resourceVersion } = reflector;
  const lastRelist = relists.at(-1);
  return [
    { name: "resourceVersion", value: resourceVersion === "" ? "none yet" : resourceVersion },
    { name: "last event", value: lastEventAt === undefined ? "none yet" : `${formatAge(now - lastEventAt)} ago` },
    progress(row.reflector, { lastBookmarkAt, startedAt, now }),
    {
      name: "relists",
      value:
        lastRelist === undefined
          ? formatCount(relistsTotal)
          : `${formatCount(relistsTotal)}, last ${lastRelist.reason} ${formatAge(now - lastRelist.at)} ago`,
      ...(lastRelist === undefined ? {} : { title: new Date(lastRelist.at).toISOString() }),
    },
  ];
}

interface ProgressTimes {
  readonly lastBookmarkAt: number | undefined;
  readonly startedAt: number;
  readonly now: number;
}

function progress(state: Informer["row"]["reflector"], { lastBookmarkAt, startedAt, now }: ProgressTimes): Fact {
  switch (state.phase) {
    case "watching": {
      const open = formatDuration(now - state.openedAt);
      const bookmark = lastBookmarkAt === undefined ? "no bookmark" : `bookmark ${formatAge(now - lastBookmarkAt)} ago`;
      return { name: "watch open", value: `${open}, ${bookmark}` };
    }
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

const shownIndexes = 3;

/** The first indexes of the store, and how many more there are. */
export function storeIndexes({ store }: Informer): {
  readonly shown: readonly [string, number][];
  readonly more: number;
} {
  const indexes = Object.entries(store.indexes);
  return { shown: indexes.slice(0, shownIndexes), more: Math.max(0, indexes.length - shownIndexes) };
}
