import { formatAge, formatCount, formatDuration, formatPlural } from "#components/ui/index.ts";
import type { InformerRow, OwnerRow, ReflectorState } from "#lib/protocol/index.ts";

/** How an informer is, for the list: a shape, a word where there is something to say, and a hue to go with it. */
export interface InformerState {
  readonly shape: "watching" | "listing" | "backingOff" | "refused" | "idle";
  /** Absent while all is well: then objects and rate speak for themselves. */
  readonly word?: string;
}

export function stateOf({ reflector, problem, lingersUntil }: InformerRow, now: number): InformerState {
  if (problem?.code === "forbidden") return { shape: "refused", word: "forbidden" };
  switch (reflector.phase) {
    case "watching":
      return lingersUntil === undefined
        ? { shape: "watching" }
        : { shape: "watching", word: `stops in ${formatAge(lingersUntil - now)}` };
    case "listing":
      return { shape: "listing", word: pageWords(reflector) };
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

/** `page 2 of about 3`, as far as the server says how many there will be. */
export function pageWords({ page, pagesAbout }: Extract<ReflectorState, { phase: "listing" }>): string {
  return pagesAbout === undefined
    ? `page ${formatCount(page)}`
    : `page ${formatCount(page)} of about ${formatCount(Math.max(page, pagesAbout))}`;
}

/** The second line of an informer: where it lists, and why its watch was lost. */
export function placeOf({ groupVersion, namespace, fieldSelector, watchLost, leaked }: InformerRow): string {
  return [
    groupVersion,
    ...(namespace === undefined ? [] : [`in ${namespace}`]),
    ...(watchLost === undefined ? [] : [watchLost.reason]),
    ...(leaked === undefined ? [] : [`${formatCount(leaked)} leaked`]),
    ...(fieldSelector === undefined ? [] : [fieldSelector]),
  ].join(", ");
}

export function matchesFilter({ key, resource }: InformerRow, filter: string): boolean {
  const wanted = filter.trim().toLowerCase();
  return key.toLowerCase().includes(wanted) || resource.toLowerCase().includes(wanted);
}

export interface OwnerNote {
  readonly id: string;
  readonly name: string;
  readonly kind: "leaked" | "suspect";
  readonly text: string;
}

/** Owners who left registrations behind, and those who seem to be about to: they only ever add. */
export function ownerNotes(owners: Readonly<Record<string, OwnerRow>>, now: number): readonly OwnerNote[] {
  return Object.entries(owners).flatMap(
    ([id, { name, registrations, isReleased, isSuspect, growingSince }]): readonly OwnerNote[] => {
      if (registrations === 0) return [];
      const handlers = formatPlural(registrations, "handler");
      if (isReleased) return [{ id, name, kind: "leaked", text: `is gone and left ${handlers} behind` }];
      if (!isSuspect) return [];
      const since = growingSince === undefined ? "" : ` for ${formatDuration(now - growingSince)}`;
      return [{ id, name, kind: "suspect", text: `has only added${since}: ${handlers}` }];
    },
  );
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
