import { formatCount, formatPercent } from "#components/ui/index.ts";
import type { HandlerFilter, HandlerKind, RegistrationRow } from "#lib/protocol/index.ts";

/** A registration that was just removed stays in its place until it cannot be brought back any more. */
export interface ShownRegistration {
  readonly row: RegistrationRow;
  readonly isRemoved: boolean;
  /** How this registration's handler value is shared: with so many others behind it, or with one before it. */
  readonly sharing: { readonly kind: "first"; readonly times: number } | { readonly kind: "again" } | undefined;
}

/**
 * While somebody is in the list, which rows there are stands still and what they say goes on: one that went meanwhile
 * keeps its place, one that came waits.
 */
export function heldRegistrations(
  held: Readonly<Record<string, RegistrationRow>>,
  live: Readonly<Record<string, RegistrationRow>>,
): {
  readonly registrations: Readonly<Record<string, RegistrationRow>>;
  readonly gone: readonly RegistrationRow[];
  readonly cameCount: number;
} {
  const ids = Object.keys(held);
  return {
    registrations: Object.fromEntries(ids.flatMap((id) => (live[id] === undefined ? [] : [[id, live[id]]]))),
    gone: ids.flatMap((id) => (live[id] === undefined && held[id] !== undefined ? [held[id]] : [])),
    cameCount: Object.keys(live).filter((id) => held[id] === undefined).length,
  };
}

/**
 * In order of their handles, which only grow: nothing ever moves, new ones come at the end.
 *
 * @param removed may name a row more than once
 */
export function shownRegistrations(
  registrations: Readonly<Record<string, RegistrationRow>>,
  removed: readonly RegistrationRow[],
): readonly ShownRegistration[] {
  const live = Object.values(registrations);
  const ids = new Set(live.map(({ id }) => id));
  const gone = [...new Map(removed.map((row) => [row.id, row])).values()].filter(({ id }) => !ids.has(id));
  const uses = Map.groupBy(live, ({ handlerValue }) => handlerValue);
  return [...live.map((row) => ({ row, isRemoved: false })), ...gone.map((row) => ({ row, isRemoved: true }))]
    .sort((a, b) => a.row.id - b.row.id)
    .map(({ row, isRemoved }) => ({ row, isRemoved, sharing: isRemoved ? undefined : sharingOf(row, uses) }));
}

function sharingOf(
  { id, handlerValue }: RegistrationRow,
  uses: ReadonlyMap<number, readonly RegistrationRow[]>,
): ShownRegistration["sharing"] {
  const same = uses.get(handlerValue) ?? [];
  if (same.length < 2) return undefined;
  const first = Math.min(...same.map((row) => row.id));
  return id === first ? { kind: "first", times: same.length } : { kind: "again" };
}

/** From here on a backlog is told in amber. */
const manyPending = 5_000;
const leastScale = 2 * manyPending;

/** The pending bars of all rows share one scale, so that they can be compared. */
export function pendingScale(rows: readonly ShownRegistration[]): number {
  return Math.max(leastScale, ...rows.map(({ row }) => row.pending));
}

export function isMany(pending: number): boolean {
  return pending > manyPending;
}

export function isBehind({ pending }: RegistrationRow): boolean {
  return isMany(pending);
}

export const kindWords = {
  builtIn: "built in",
  tail: "tail",
  count: "count",
  diff: "diff",
  slow: "slow",
  chain: "chain check",
} as const satisfies Record<HandlerKind, string>;

/** Kinds whose notifications can be read in the drawer. */
export function hasTail({ kind }: RegistrationRow): boolean {
  return kind === "tail" || kind === "diff";
}

/** `all`, `ns=batch`, `ns=batch, app=ranker`. */
export function filterText({ namespace, labelSelector, fieldSelector, cel }: HandlerFilter): string {
  const parts = [
    ...(namespace === undefined ? [] : [`ns=${namespace}`]),
    ...(labelSelector === undefined ? [] : [labelSelector]),
    ...(fieldSelector === undefined ? [] : [fieldSelector]),
    ...(cel === undefined ? [] : [cel]),
  ];
  return parts.length === 0 ? "all" : parts.join(", ");
}

export type SyncState =
  | { readonly kind: "synced" }
  | { readonly kind: "waiting" }
  | { readonly kind: "replaying"; readonly delivered: number; readonly total: number; readonly percent: string }
  | { readonly kind: "stopped"; readonly reason: string };

/** Whether a handler has had everything that was there when it was added. Another light than the store's. */
export function syncState({ hasSynced, initialAdds, stoppedReason }: RegistrationRow): SyncState {
  if (stoppedReason !== undefined) return { kind: "stopped", reason: stoppedReason };
  if (hasSynced) return { kind: "synced" };
  if (initialAdds === undefined) return { kind: "waiting" };
  const { delivered, total } = initialAdds;
  return { kind: "replaying", delivered, total, percent: formatPercent(delivered, total) };
}

/** `Added as 26, replaying 12,408.` */
export function addedSentence(registrations: readonly number[], syntheticAdds: number, isAgain = false): string {
  const [first, ...others] = registrations;
  const last = others.at(-1);
  const handles = last === undefined ? String(first) : `${first} to ${last}`;
  return `Added${isAgain ? " again" : ""} as ${handles}, replaying ${formatCount(syntheticAdds)}.`;
}
