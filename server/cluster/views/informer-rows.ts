import type { ListRecord as ReflectorList, SharedIndexInformer } from "#lib/informer/index.ts";
import type { KubeObject } from "#lib/kube/index.ts";
import type { InformerRow, ListRecord, Problem, WatchLoss } from "#lib/protocol/index.ts";
import type { RunningInformer } from "../informer-board.ts";
import { watchLossReason } from "./watch-loss.ts";

/** One informer in a list of them. */
export function informerRow(
  { key, target, informer, flow, lingersUntil }: RunningInformer,
  problemOf: (error: unknown) => Problem,
): InformerRow {
  flow.observe();
  const [resource = "", ...groupVersion] = target.resource.split("/").reverse();
  const { problem, freshAt, registrations } = informer;
  const leaked = registrations.filter(({ isLeaked }) => isLeaked).length;
  const watchLost = watchLossOf(informer);
  return {
    key,
    resource,
    groupVersion: groupVersion.reverse().join("/"),
    ...(target.namespace === undefined ? {} : { namespace: target.namespace }),
    ...(target.fieldSelector === undefined ? {} : { fieldSelector: target.fieldSelector }),
    reflector: { ...informer.state },
    hasSynced: informer.hasSynced,
    // To the second: it changes with every event, and is drawn as an age.
    ...(freshAt === undefined ? {} : { freshAt: Math.floor(freshAt / 1000) * 1000 }),
    objects: informer.store.size,
    eventsPerSecond: flow.received.perSecond,
    handlers: registrations.length,
    ...(leaked === 0 ? {} : { leaked }),
    ...(problem === undefined ? {} : { problem: problemOf(problem.error) }),
    ...(watchLost === undefined ? {} : { watchLost }),
    ...(lingersUntil === undefined ? {} : { lingersUntil }),
  };
}

function watchLossOf({ watchLoss, state }: SharedIndexInformer<KubeObject>): WatchLoss | undefined {
  if (watchLoss === undefined) return undefined;
  const { at, asOf, cause } = watchLoss;
  return {
    reason: watchLossReason(watchLoss),
    message: cause.reason,
    at,
    asOf,
    ...(state.phase === "backingOff" ? { retryAt: state.until } : {}),
  };
}

/** One time that the collection was asked for. */
export function listRecord(
  { cause, error, ...record }: ReflectorList,
  problemOf: (error: unknown) => Problem,
): ListRecord {
  return {
    ...record,
    cause: cause.kind,
    reason: cause.reason,
    ...(error === undefined ? {} : { error: problemOf(error).title }),
  };
}
