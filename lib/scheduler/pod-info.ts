import { podRequests, podUid, type Pod, type PodUid } from "#lib/kube/index.ts";
import { requiredTermsOf, type RequiredTerms } from "./affinity-term.ts";
import { hostPortsOf, type HostPort } from "./host-ports.ts";
import { resourceOf, type Resource } from "./resource.ts";

/** A pod that has a node, with what the filters ask about it worked out once. Upstream: `framework.PodInfo`. */
export class PodInfo {
  readonly pod: Pod;
  readonly uid: PodUid;
  readonly priority: number;
  readonly requests: Resource;
  readonly hostPorts: readonly HostPort[];
  readonly requiredTerms: RequiredTerms;

  constructor(pod: Pod) {
    this.pod = pod;
    this.uid = podUid(pod);
    this.priority = priorityOf(pod);
    this.requests = resourceOf(podRequests(pod, { useStatus: true }));
    this.hostPorts = hostPortsOf(pod);
    this.requiredTerms = requiredTermsOf(pod);
  }
}

export function priorityOf(pod: Pod): number {
  return pod.spec?.priority ?? 0;
}

export function isAssigned(pod: Pod): boolean {
  return (pod.spec?.nodeName ?? "") !== "";
}

/** It has ended: kube-scheduler does not even list it. */
export function isTerminal({ status }: Pod): boolean {
  return status?.phase === "Succeeded" || status?.phase === "Failed";
}

export function nominatedNodeName(pod: Pod): string {
  return pod.status?.nominatedNodeName ?? "";
}

/** It takes room somewhere, or is about to. */
export function isAssignedOrNominated(pod: Pod): boolean {
  return isAssigned(pod) || nominatedNodeName(pod) !== "";
}
