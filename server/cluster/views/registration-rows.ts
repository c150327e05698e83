import type { HandlingTimes, Registration, RegistrationState } from "#lib/informer/index.ts";
import type { RegistrationRow } from "#lib/protocol/index.ts";
import type { CelStop } from "../handlers/cel/index.ts";
import type { BoardEntry } from "../informer-board.ts";

/** One registration: whose it is, what it does, how far it is. */
export function registrationRow(registration: Registration, entry: BoardEntry | undefined): RegistrationRow {
  const { id, owner, name, handlerId, state, hasSynced, lastError, handlingTimes, resyncPeriodMs } = registration;
  const { busySince } = registration;
  const handlingP99Ms = handlingTimes.quantileMs(0.99);
  const { delayMs, chain, tally } = entry?.added?.handler ?? {};
  const filterErrors = entry?.cel?.errors;
  return {
    id,
    owner: owner?.name ?? "",
    kind: entry?.kind ?? "builtIn",
    handler: name,
    handlerValue: handlerId,
    filter: entry?.filter ?? {},
    hasSynced,
    ...(state.phase === "syncing" ? { initialAdds: { delivered: state.delivered, total: state.total } } : {}),
    delivered: registration.delivered,
    failed: registration.failed,
    filtered: registration.filtered,
    ...(lastError === undefined ? {} : { lastError: lastError.message, lastErrorAt: lastError.at }),
    ...(filterErrors === undefined ? {} : { filterErrors }),
    pending: registration.pending,
    lagMs: Math.round(registration.lagMs),
    ...(busySince === undefined ? {} : { busySince }),
    ...(handlingP99Ms === undefined ? {} : { handlingP99Ms, longestMs: handlingTimes.longestMs }),
    handlingTimes: histogram(handlingTimes),
    ...(resyncPeriodMs === 0 ? {} : { resyncMs: resyncPeriodMs }),
    ...(delayMs === undefined ? {} : { delayMs }),
    addedAt: registration.addedAt,
    ...stopped(state, entry?.cel?.stop),
    isLeaked: registration.isLeaked,
    isSuspect: owner?.isSuspect ?? false,
    isRemovable: entry?.added !== undefined,
    ...(tally === undefined ? {} : { tally: Object.fromEntries(tally.busiest()) }),
    ...(chain === undefined ? {} : { chain: { objects: chain.objects, digest: chain.digest } }),
  };
}

/** By upper bound, without the empty ones, so that a delta has only what changed. */
function histogram(times: HandlingTimes): RegistrationRow["handlingTimes"] {
  const counted = times.buckets().filter(({ count }) => count > 0);
  return Object.fromEntries(counted.map(({ upToMs, count }) => [upToMs, count]));
}

function stopped(
  state: RegistrationState,
  filter: CelStop | undefined,
): Pick<RegistrationRow, "stoppedReason" | "stoppedAt"> {
  if (state.phase === "overflowed") return { stoppedReason: "its buffer overflowed", stoppedAt: state.at };
  return filter === undefined ? {} : { stoppedReason: filter.reason, stoppedAt: filter.at };
}
