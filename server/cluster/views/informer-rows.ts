import type { ListRecord as ReflectorList, SharedIndexInformer } from "#lib/informer/index.ts";
import type { KubeObject } from "#lib/kube/index.ts";
import type { Access, Forbidden, InformerRow, ListRecord, Problem, WatchLoss } from "#lib/protocol/index.ts";
import { forbiddenOf, isRefused } from "../access/index.ts";
import type { InformerBoard, RunningInformer } from "../informer-board.ts";
import { resourceOf } from "../informer-target.ts";
import { watchLossReason } from "./watch-loss.ts";

export interface InformersSource {
  readonly board: InformerBoard;
  /** @param resource what was to be listed or watched: `apps/v1/deployments` */
  readonly problemOf: (error: unknown, resource?: string) => Problem;
}

/** One informer in a list of them. */
export function informerRow(
  { key, target, informer, flow, lingersUntil }: RunningInformer,
  { board, problemOf }: InformersSource,
): InformerRow {
  flow.observe();
  const [resource = "", ...groupVersion] = target.resource.split("/").reverse();
  const { problem, freshAt, registrations } = informer;
  const leaked = registrations.filter(({ isLeaked }) => isLeaked).length;
  const watchLost = watchLossOf(informer);
  const access = board.access.of(key);
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
    ...(problem === undefined ? {} : { problem: problemOf(problem.error, target.resource) }),
    ...(watchLost === undefined ? {} : { watchLost }),
    ...(isRefused(informer) ? { forbidden: forbiddenRow({ target, informer }, board, access) } : {}),
    ...(access === undefined ? {} : { access }),
    ...(lingersUntil === undefined ? {} : { lingersUntil }),
  };
}

function forbiddenRow(
  { target: { resource, namespace }, informer: { problem } }: Pick<RunningInformer, "target" | "informer">,
  { context, access: { nextAt } }: InformerBoard,
  access: Access | undefined,
): Forbidden {
  const checkedAt = access?.checkedAt ?? problem?.at;
  return {
    ...forbiddenOf({
      message: problem?.message ?? "",
      resource: resourceOf(resource),
      namespace,
      context,
      access,
    }),
    ...(checkedAt === undefined ? {} : { checkedAt }),
    ...(nextAt === undefined ? {} : { recheckAt: nextAt }),
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
