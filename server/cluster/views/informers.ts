import type { Registration, SharedIndexInformer } from "#lib/informer/index.ts";
import type { KubeObject } from "#lib/kube/index.ts";
import type {
  Informer,
  InformerRow,
  Informers,
  Problem,
  ReflectorState,
  RegistrationRow,
  Tail,
} from "#lib/protocol/index.ts";
import type { BoardEntry, InformerBoard, RunningInformer } from "../informer-board.ts";

/** How many lines of a tail are sent. */
const tailLines = 200;

export interface InformersSource {
  readonly board: InformerBoard;
  readonly problemOf: (error: unknown) => Problem;
}

export function buildInformers({ board, problemOf }: InformersSource): Omit<Informers, "asOf"> {
  const rows = board.informers().map((running) => informerRow(running, problemOf));
  return { informers: Object.fromEntries(rows.map((row) => [row.key, row])) };
}

export function buildInformer(running: RunningInformer, { board, problemOf }: InformersSource): Omit<Informer, "asOf"> {
  const { informer, flow } = running;
  const row = informerRow(running, problemOf);
  const { registrations } = informer;
  const slowest = registrations.reduce<Registration | undefined>(
    (most, each) => (each.pending > (most?.pending ?? 0) ? each : most),
    undefined,
  );
  return {
    row,
    startedAt: informer.startedAt ?? 0,
    reflector: {
      resourceVersion: informer.lastSyncResourceVersion,
      ...(informer.lastEventAt === undefined ? {} : { lastEventAt: informer.lastEventAt }),
      ...(informer.lastBookmarkAt === undefined ? {} : { lastBookmarkAt: informer.lastBookmarkAt }),
      relists: informer.relists.map(({ at, reason }) => ({ at, reason })),
      relistsTotal: informer.relistsTotal,
    },
    rates: {
      received: flow.received.perSecond,
      stored: flow.stored.perSecond,
      delivered: flow.delivered.perSecond,
    },
    queue: { ...informer.queue },
    store: {
      objects: row.objects,
      resourceVersion: informer.lastStoreSyncResourceVersion,
      indexes: { ...informer.indexSizes },
    },
    processor: {
      pending: registrations.reduce((sum, { pending }) => sum + pending, 0),
      ...(slowest === undefined ? {} : { slowest: { id: slowest.id, pending: slowest.pending } }),
    },
    history: { received: [...flow.received.history], delivered: [...flow.delivered.history] },
    registrations: Object.fromEntries(
      registrations.map((registration) => [
        registration.id,
        registrationRow(registration, board.entry(registration.id)),
      ]),
    ),
  };
}

/** The newest lines of a tail or diff handler. */
export function buildTail({ registration, added }: BoardEntry, perSecond: number): Omit<Tail, "asOf"> | undefined {
  const tail = added?.handler.tail;
  if (tail === undefined) return undefined;
  return {
    registration: registration.id,
    total: tail.total,
    perSecond,
    lines: Object.fromEntries(tail.newest(tailLines).map((line) => [line.seq, line])),
  };
}

function informerRow(
  { key, target, informer, flow }: RunningInformer,
  problemOf: (error: unknown) => Problem,
): InformerRow {
  flow.observe();
  const [resource = "", ...groupVersion] = target.resource.split("/").reverse();
  const { problem } = informer;
  return {
    key,
    resource,
    groupVersion: groupVersion.reverse().join("/"),
    ...(target.fieldSelector === undefined ? {} : { fieldSelector: target.fieldSelector }),
    reflector: reflectorState(informer),
    hasSynced: informer.hasSynced,
    objects: informer.store.size,
    eventsPerSecond: flow.received.perSecond,
    handlers: informer.registrations.length,
    ...(problem === undefined ? {} : { problem: problemOf(problem.error) }),
  };
}

function reflectorState({ state }: SharedIndexInformer<KubeObject>): ReflectorState {
  switch (state.phase) {
    case "connecting":
      return { phase: "backingOff", until: state.since, reason: "opening the watch" };
    case "idle":
    case "stopped":
    case "listing":
    case "streaming":
    case "watching":
    case "backingOff":
      return { ...state };
  }
}

function registrationRow(registration: Registration, entry: BoardEntry | undefined): RegistrationRow {
  const { id, owner, name, handlerId, state, hasSynced, lastError, handlingTimes, resyncPeriodMs } = registration;
  const handlingP99Ms = handlingTimes.quantileMs(0.99);
  const chain = entry?.added?.handler.chain;
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
    ...(lastError === undefined ? {} : { lastError: lastError.message }),
    pending: registration.pending,
    lagMs: Math.round(registration.lagMs),
    ...(handlingP99Ms === undefined ? {} : { handlingP99Ms }),
    ...(resyncPeriodMs === 0 ? {} : { resyncMs: resyncPeriodMs }),
    addedAt: registration.addedAt,
    ...(state.phase === "overflowed" ? { stoppedReason: "its buffer overflowed" } : {}),
    isLeaked: registration.isLeaked,
    isRemovable: entry?.added !== undefined,
    ...(chain === undefined ? {} : { chain: { objects: chain.objects, digest: chain.digest } }),
  };
}
