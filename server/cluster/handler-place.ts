import { keyOfTarget, type InformerTarget, type SharedIndexInformer } from "#lib/informer/index.ts";
import type { KubeObject } from "#lib/kube/index.ts";
import type { HandlerFilter } from "#lib/protocol/index.ts";
import { isAllowed, isRefused, type Reviewer } from "./access/index.ts";
import { resourceOf, targetOf } from "./informer-target.ts";

/** Where a handler goes, and what of its filter is still its own. */
export interface HandlerPlace {
  readonly informer: string;
  readonly filter: HandlerFilter;
}

export interface Places extends Reviewer {
  readonly informer: (target: InformerTarget) => SharedIndexInformer<KubeObject> | undefined;
}

/**
 * The informer of all namespaces, which everybody shares; one of a single namespace only where the list of all is
 * forbidden and that of the namespace is not.
 *
 * @throws RefusedError for what is no resource
 */
export async function placeOf(key: string, filter: HandlerFilter, places: Places): Promise<HandlerPlace> {
  const { namespace: ofKey, ...target } = targetOf(key);
  const namespace = ofKey ?? (filter.namespace === "" ? undefined : filter.namespace);
  const shared: HandlerPlace = {
    informer: keyOfTarget(target),
    filter: namespace === undefined ? filter : { ...filter, namespace },
  };
  if (namespace === undefined) return shared;
  const running = places.informer(target);
  if (running !== undefined && !isRefused(running)) return shared;
  const resource = resourceOf(target.resource);
  const mayListAll = await isAllowed(places, { verb: "list", resource });
  if (mayListAll !== false) return shared;
  const mayList = await isAllowed(places, { verb: "list", resource, namespace });
  return mayList === true ? { ...shared, informer: keyOfTarget({ ...target, namespace }) } : shared;
}
