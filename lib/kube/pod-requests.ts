import type { Container, ContainerStatus, Pod, ResourceList, ResourceRequirements } from "./objects.ts";
import { parseQuantity, type Quantity } from "./quantity.ts";
import { isQualifiedName } from "./label-syntax.ts";

/** Resource name to amount. */
export type Requests = ReadonlyMap<string, Quantity>;

export interface PodRequestsOptions {
  /**
   * Take what the kubelet granted into account: for pods that have a node, while a resize is under way. A pod that is
   * being scheduled is measured by its spec alone.
   */
  readonly useStatus: boolean;
}

/** Sidecars are init containers that keep running. */
export function isSidecar(container: Container): boolean {
  return container.restartPolicy === "Always";
}

/** What the scheduler sets aside for a pod. Upstream: `component-helpers/resource.PodRequests`. */
export function podRequests(pod: Pod, { useStatus }: PodRequestsOptions): Requests {
  const statuses = useStatus ? statusesByName(pod) : undefined;
  const containers = new Map<string, Quantity>();
  for (const container of pod.spec?.containers ?? []) add(containers, containerRequests(pod, container, statuses));

  const sidecars = new Map<string, Quantity>();
  const initPeak = new Map<string, Quantity>();
  for (const container of pod.spec?.initContainers ?? []) {
    if (isSidecar(container)) {
      const requests = containerRequests(pod, container, statuses);
      add(containers, requests);
      add(sidecars, requests);
      raise(initPeak, sidecars);
    } else {
      const running = parseList(container.resources?.requests);
      add(running, sidecars);
      raise(initPeak, running);
    }
  }
  raise(containers, initPeak);
  for (const [name, amount] of podLevelRequests(pod, useStatus)) containers.set(name, amount);
  add(containers, parseList(pod.spec?.overhead));
  return containers;
}

/** Which other names than cpu, memory, ephemeral-storage the scheduler counts. Upstream: `IsScalarResourceName`. */
export function isScalarResource(name: string): boolean {
  if (name.includes("kubernetes.io/") || name.startsWith("hugepages-") || name.startsWith("attachable-volumes-"))
    return true;
  return name.includes("/") && !name.startsWith("requests.") && isQualifiedName(`requests.${name}`);
}

type Statuses = ReadonlyMap<string, ContainerStatus>;

function statusesByName({ status }: Pod): Statuses {
  const all = [...(status?.containerStatuses ?? []), ...(status?.initContainerStatuses ?? [])];
  return new Map(all.map((container) => [container.name, container]));
}

function containerRequests(pod: Pod, container: Container, statuses: Statuses | undefined): Map<string, Quantity> {
  const spec = parseList(container.resources?.requests);
  const status = statuses?.get(container.name);
  if (status?.resources === undefined) return spec;
  return granted(pod, spec, status.resources, status.allocatedResources);
}

function podLevelRequests(pod: Pod, useStatus: boolean): Map<string, Quantity> {
  const written = pod.spec?.resources?.requests ?? {};
  const supported = Object.entries(written).filter(([name]) => isPodLevelResource(name));
  if (supported.length === 0) return new Map();
  const spec = parseList(Object.fromEntries(supported));
  if (!useStatus || pod.status?.resources === undefined) return spec;
  const names = [...spec.keys()];
  const all = granted(pod, spec, pod.status.resources, pod.status.allocatedResources);
  // What was asked for and will not be granted counts nothing, and not what the containers ask for.
  return new Map(names.map((name) => [name, all.get(name) ?? 0n]));
}

function isPodLevelResource(name: string): boolean {
  return name === "cpu" || name === "memory" || name.startsWith("hugepages-");
}

/** The most of what is wanted, running and allocated: none of it may be given away while a resize is under way. */
function granted(
  pod: Pod,
  spec: Map<string, Quantity>,
  running: ResourceRequirements,
  allocated: ResourceList | undefined,
): Map<string, Quantity> {
  const result = isResizeInfeasible(pod) ? new Map<string, Quantity>() : spec;
  raise(result, parseList(running.requests));
  raise(result, parseList(allocated));
  return result;
}

function isResizeInfeasible(pod: Pod): boolean {
  return pod.status?.conditions?.find(({ type }) => type === "PodResizePending")?.reason === "Infeasible";
}

function parseList(list: ResourceList | undefined): Map<string, Quantity> {
  const result = new Map<string, Quantity>();
  for (const name in list) result.set(name, parseQuantity(list[name] ?? "0"));
  return result;
}

function add(to: Map<string, Quantity>, amounts: Requests): void {
  for (const [name, amount] of amounts) to.set(name, (to.get(name) ?? 0n) + amount);
}

function raise(to: Map<string, Quantity>, amounts: Requests): void {
  for (const [name, amount] of amounts) {
    const present = to.get(name);
    if (present === undefined || amount > present) to.set(name, amount);
  }
}
