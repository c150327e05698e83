import { defaultBufferLimit, type Owner, type Registration } from "#lib/informer/index.ts";
import type { Informer, Informers, OwnerRow, Problem, Tail } from "#lib/protocol/index.ts";
import type { BoardEntry, InformerBoard, RunningInformer } from "../informer-board.ts";
import { informerRow, listRecord } from "./informer-rows.ts";
import { registrationRow } from "./registration-rows.ts";

/** How many lines of a tail are sent to who does not say. */
const tailLines = 200;

export interface InformersSource {
  readonly board: InformerBoard;
  readonly problemOf: (error: unknown) => Problem;
}

export function buildInformers({ board, problemOf }: InformersSource): Omit<Informers, "asOf"> {
  const rows = board.informers().map((running) => informerRow(running, problemOf));
  return {
    informers: Object.fromEntries(rows.map((row) => [row.key, row])),
    owners: Object.fromEntries(board.owners().map(([number, owner]) => [number, ownerRow(owner)])),
    added: board.added,
  };
}

export function buildInformer(running: RunningInformer, { board, problemOf }: InformersSource): Omit<Informer, "asOf"> {
  const { informer, flow } = running;
  const row = informerRow(running, problemOf);
  const { registrations } = informer;
  const { depth, peak, batches } = informer.queue;
  return {
    row,
    startedAt: informer.startedAt ?? 0,
    reflector: {
      resourceVersion: informer.lastSyncResourceVersion,
      ...(informer.lastEventAt === undefined ? {} : { lastEventAt: informer.lastEventAt }),
      ...(informer.lastBookmarkAt === undefined ? {} : { lastBookmarkAt: informer.lastBookmarkAt }),
      lists: informer.lists.map((record) => listRecord(record, problemOf)),
      relistsTotal: informer.relistsTotal,
    },
    rates: {
      received: flow.received.perSecond,
      stored: flow.stored.perSecond,
      delivered: flow.delivered.perSecond,
    },
    queue: { depth, oldestMs: informer.queueOldestMs, peak, batches },
    store: {
      objects: row.objects,
      resourceVersion: informer.lastStoreSyncResourceVersion,
      indexes: { ...informer.indexSizes },
    },
    processor: processorOf(registrations),
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
export function buildTail(
  { registration, added }: BoardEntry,
  perSecond: number,
  lines = tailLines,
): Omit<Tail, "asOf"> | undefined {
  const tail = added?.handler.tail;
  if (tail === undefined) return undefined;
  return {
    registration: registration.id,
    total: tail.total,
    perSecond,
    lines: Object.fromEntries(tail.newest(lines).map((line) => [line.seq, line])),
  };
}

function ownerRow({ name, registrations, isReleased, isSuspect, growingSince }: Owner): OwnerRow {
  return {
    name,
    registrations,
    isReleased,
    isSuspect,
    ...(growingSince === undefined ? {} : { growingSince }),
  };
}

function processorOf(registrations: readonly Registration[]): Informer["processor"] {
  const waiting = registrations.filter(({ pending }) => pending > 0);
  const slowest = waiting.reduce<Registration | undefined>(
    (most, each) => (each.pending > (most?.pending ?? 0) ? each : most),
    undefined,
  );
  return {
    pending: waiting.reduce((sum, { pending }) => sum + pending, 0),
    buffers: waiting.length,
    bufferLimit: defaultBufferLimit,
    ...(slowest === undefined ? {} : { slowest: { id: slowest.id, pending: slowest.pending } }),
  };
}
