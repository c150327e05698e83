import { defaultBufferLimit, type Owner, type Registration } from "#lib/informer/index.ts";
import type { Informer, Informers, OwnerRow, Tail } from "#lib/protocol/index.ts";
import type { BoardEntry, RunningInformer } from "../informer-board.ts";
import { informerRow, listRecord, type InformersSource } from "./informer-rows.ts";
import { registrationRow } from "./registration-rows.ts";

/** How many lines of a tail are sent to who does not say. */
const tailLines = 200;

export function buildInformers(source: InformersSource): Omit<Informers, "asOf"> {
  const { board } = source;
  const rows = board.informers().map((running) => informerRow(running, source));
  return {
    informers: Object.fromEntries(rows.map((row) => [row.key, row])),
    owners: Object.fromEntries(board.owners().map(([number, owner]) => [number, ownerRow(owner)])),
    added: board.added,
  };
}

export function buildInformer(running: RunningInformer, source: InformersSource): Omit<Informer, "asOf"> {
  const { board, problemOf } = source;
  const { informer, flow } = running;
  const row = informerRow(running, source);
  const verification = board.verifications.of(informer);
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
    ...(verification === undefined ? {} : { verification }),
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
