import { formatAge, formatCount } from "#components/ui/index.ts";
import type { InformerRow } from "#lib/protocol/index.ts";

/** How an informer is, for the list: a shape, a word where there is something to say, and a hue to go with it. */
export interface InformerState {
  readonly shape: "watching" | "listing" | "backingOff" | "refused" | "idle";
  /** Absent while all is well: then objects and rate speak for themselves. */
  readonly word?: string;
}

export function stateOf({ reflector, problem }: InformerRow, now: number): InformerState {
  if (problem?.code === "forbidden") return { shape: "refused", word: "forbidden" };
  switch (reflector.phase) {
    case "watching":
      return { shape: "watching" };
    case "listing":
      return { shape: "listing", word: `page ${formatCount(reflector.page)}` };
    case "streaming":
      return { shape: "listing", word: `${formatCount(reflector.received)} so far` };
    case "connecting":
      return { shape: "listing", word: "opening the watch" };
    case "backingOff":
      return { shape: "backingOff", word: `retry in ${formatAge(reflector.until - now)}` };
    case "stopped":
      return { shape: "idle", word: "stopped" };
    case "idle":
      return { shape: "idle", word: "not started" };
    default:
      return reflector satisfies never;
  }
}

/** Pods and nodes first, then the core group, then the others by group: an order that live data never changes. */
export function sortInformers(informers: Readonly<Record<string, InformerRow>>): readonly InformerRow[] {
  return Object.values(informers).sort(
    (a, b) => rank(a) - rank(b) || compare(a.groupVersion, b.groupVersion) || compare(a.key, b.key),
  );
}

const first = ["pods", "nodes"];

function rank({ groupVersion, resource }: InformerRow): number {
  if (groupVersion !== "v1") return first.length + 1;
  const index = first.indexOf(resource);
  return index === -1 ? first.length : index;
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

/** Objects of all informers together. */
export function totalObjects(rows: readonly InformerRow[]): number {
  return rows.reduce((sum, { objects }) => sum + objects, 0);
}
