import { actionType, podRequests, type DeviceClass, type Node, type Pod } from "#lib/kube/index.ts";
import { resourceNamesOf } from "../device-classes.ts";
import { ready, unresolvable, unschedulable, type PreFilterPlugin, type Status } from "../framework.ts";
import { on } from "../hint.ts";
import { emptyNode, type NodeInfo } from "../node-info.ts";
import { isAssigned, isAssignedOrNominated } from "../pod-info.ts";
import { resourceOf, type Resource } from "../resource.ts";
import { isSelf } from "../self.ts";
import type { Listers } from "../snapshot.ts";

const tooManyPods = "Too many pods";

/** Keeps the sum of requests within what a node offers. Upstream: `plugins/noderesources` `Fit`. */
export function nodeResourcesFit(listers: Listers): PreFilterPlugin {
  // One event is held against every pod that waits: quantities are read once for each pod and node, which never change.
  const requestsOf = once(requestsBySpec);
  const emptied = once(emptyNode);
  const fitsEmpty = (pod: Pod, node: Node): boolean =>
    judge(requestsOf(pod), emptied(node), providedNames(listers)) === undefined;
  return {
    name: "NodeResourcesFit",
    preFilter: (pod) => {
      const requests = requestsOf(pod);
      const provided = providedNames(listers);
      return ready({ filter: (node) => judge(requests, node, provided) });
    },
    eventsToRegister: () => [
      on<Pod>("Pod", actionType.Delete | actionType.UpdatePodScaleDown, (pod, old, updated) => {
        if (updated === undefined) return old !== undefined && isAssignedOrNominated(old);
        if (isSelf(pod, old, updated)) return true;
        return old !== undefined && isAssigned(updated) && freesWhatIsWanted(requestsOf(pod), old, updated);
      }),
      on<Node>("Node", actionType.Add | actionType.UpdateNodeAllocatable, (pod, old, updated) => {
        if (updated === undefined || !fitsEmpty(pod, updated)) return false;
        return (
          old === undefined ||
          offersMoreOfWhatIsWanted(requestsOf(pod), emptied(old), emptied(updated), providedNames(listers))
        );
      }),
      on<DeviceClass>("resource.k8s.io/DeviceClass", actionType.Add | actionType.Update, (pod, old, updated) => {
        if (updated === undefined) return false;
        const wanted = requestsOf(pod).scalars;
        const name = updated.spec?.extendedResourceName;
        const isNamed = name !== undefined && name !== "" && wanted.has(name);
        if (old === undefined) return resourceNamesOf(updated).some((each) => wanted.has(each));
        return isNamed && name !== old.spec?.extendedResourceName;
      }),
    ],
  };
}

/** A pod that is being scheduled is measured by its spec alone. */
function requestsBySpec(pod: Pod): Resource {
  return resourceOf(podRequests(pod, { useStatus: false }));
}

/** The answer of the first time, as long as the object is there. */
function once<K extends object, V>(answer: (key: K) => V): (key: K) => V {
  const known = new WeakMap<K, V>();
  return (key) => {
    let value = known.get(key);
    if (value === undefined) {
      value = answer(key);
      known.set(key, value);
    }
    return value;
  };
}

/** All that is missing is reported, not only the first. Upstream: `fitsRequest`. */
function judge(wanted: Resource, node: NodeInfo, provided: ReadonlySet<string>): Status | undefined {
  const reasons: string[] = [];
  let isBeyondTheNode = false;
  if (node.podCount + 1 > node.allowedPods) reasons.push(tooManyPods);
  const { allocatable, requested } = node;
  const check = (name: string, want: number, total: number, used: number): void => {
    if (want <= total - used) return;
    reasons.push(`Insufficient ${name}`);
    isBeyondTheNode ||= want > total;
  };
  const { milliCpu, memory, ephemeralStorage } = wanted;
  if (milliCpu > 0) check("cpu", milliCpu, allocatable.milliCpu, requested.milliCpu);
  if (memory > 0) check("memory", memory, allocatable.memory, requested.memory);
  if (ephemeralStorage > 0) {
    check("ephemeral-storage", ephemeralStorage, allocatable.ephemeralStorage, requested.ephemeralStorage);
  }
  for (const [name, want] of wanted.scalars) {
    const total = allocatable.scalars.get(name) ?? 0;
    if (want === 0 || (total === 0 && provided.has(name))) continue;
    check(name, want, total, requested.scalars.get(name) ?? 0);
  }
  if (reasons.length === 0) return undefined;
  return isBeyondTheNode ? unresolvable(...reasons) : unschedulable(...reasons);
}

const none: ReadonlySet<string> = new Set();

/** Extended resources that a DeviceClass provides are left to dynamic allocation where the node itself has none. */
function providedNames({ deviceClasses }: Listers): ReadonlySet<string> {
  const classes = [...deviceClasses.all()];
  if (classes.length === 0) return none;
  return new Set(classes.flatMap(resourceNamesOf));
}

function freesWhatIsWanted(wanted: Resource, old: Pod, updated: Pod): boolean {
  const before = resourceOf(podRequests(old, { useStatus: true }));
  const after = resourceOf(podRequests(updated, { useStatus: true }));
  return someWanted(wanted, (amount) => amount(before) > amount(after));
}

function offersMoreOfWhatIsWanted(
  wanted: Resource,
  old: NodeInfo,
  updated: NodeInfo,
  provided: ReadonlySet<string>,
): boolean {
  const { allocatable: before } = old;
  const { allocatable: after } = updated;
  if (updated.allowedPods > old.allowedPods) return true;
  if (someWanted(wanted, (amount) => amount(after) > amount(before))) return true;
  for (const [name, want] of wanted.scalars) {
    if (want !== 0 && provided.has(name) && (after.scalars.get(name) ?? 0) === 0) return true;
  }
  return false;
}

/** Asks about each resource of which the pod wants some. */
function someWanted(wanted: Resource, holds: (amount: (resource: Resource) => number) => boolean): boolean {
  if (wanted.milliCpu > 0 && holds((resource) => resource.milliCpu)) return true;
  if (wanted.memory > 0 && holds((resource) => resource.memory)) return true;
  if (wanted.ephemeralStorage > 0 && holds((resource) => resource.ephemeralStorage)) return true;
  for (const [name, want] of wanted.scalars) {
    if (want !== 0 && holds((resource) => resource.scalars.get(name) ?? 0)) return true;
  }
  return false;
}
