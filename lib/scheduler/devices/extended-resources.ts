import {
  isScalarResource,
  isSidecar,
  parseQuantity,
  podRequests,
  type Container,
  type DeviceClass,
  type DeviceRequest,
  type Pod,
  type ResourceClaim,
} from "#lib/kube/index.ts";
import type { NodeInfo } from "../node-info.ts";
import { resourceOf } from "../resource.ts";
import type { Lister } from "../snapshot.ts";

const implicitPrefix = "deviceclass.resource.kubernetes.io/";
const specialClaim = "resource.kubernetes.io/extended-resource-claim";

/**
 * The class that stands for an extended resource. Of several that name one resource the newest counts, of equally old
 * ones the first by name. Kept oddity: one that comes second and loses has no name of its own either.
 * Upstream: `extendedresourcecache`.
 */
export function classesByResource(classes: Lister<DeviceClass>): ReadonlyMap<string, DeviceClass> {
  const byResource = new Map<string, DeviceClass>();
  for (const deviceClass of classes.all()) {
    const explicit = deviceClass.spec?.extendedResourceName ?? "";
    const other = byResource.get(explicit);
    if (explicit !== "" && other !== undefined && !comesBefore(deviceClass, other)) continue;
    if (explicit !== "") byResource.set(explicit, deviceClass);
    byResource.set(`${implicitPrefix}${deviceClass.metadata.name ?? ""}`, deviceClass);
  }
  return byResource;
}

function comesBefore({ metadata: a }: DeviceClass, { metadata: b }: DeviceClass): boolean {
  const [mine, others] = [Date.parse(a.creationTimestamp ?? ""), Date.parse(b.creationTimestamp ?? "")];
  if (mine !== others && !Number.isNaN(mine)) return Number.isNaN(others) || mine > others;
  return mine === others || Number.isNaN(others) ? (a.name ?? "") < (b.name ?? "") : false;
}

/** What a pod asks for by extended resources that devices may serve. */
export interface ExtendedResources {
  /** Made by an earlier attempt and left over: it has to go first. */
  readonly leftOver: ResourceClaim | undefined;
  /** Those of a pod that some class stands for, or that no class does. */
  readonly amounts: ReadonlyMap<string, number>;
  readonly classes: ReadonlyMap<string, DeviceClass>;
}

/** `undefined` where no class stands for anything that the pod asks for. Upstream: `preFilterExtendedResources`. */
export function extendedResourcesOf(
  pod: Pod,
  classes: ReadonlyMap<string, DeviceClass>,
  claims: Iterable<ResourceClaim>,
): ExtendedResources | undefined {
  if (classes.size === 0) return undefined;
  const requests = podRequests(pod, { useStatus: false });
  const amounts = new Map<string, number>();
  for (const [name, amount] of resourceOf(requests).scalars) {
    if (amount !== 0 && mayBeServedByDevices(name)) amounts.set(name, amount);
  }
  if (![...amounts.keys()].some((name) => classes.has(name))) return undefined;
  return { leftOver: leftOverClaim(pod, claims), amounts, classes };
}

/** Upstream: `IsDRAExtendedResourceName`. */
function mayBeServedByDevices(name: string): boolean {
  if (name.startsWith(implicitPrefix)) return true;
  return name.includes("/") && !name.includes("kubernetes.io/") && isScalarResource(name);
}

function leftOverClaim({ metadata: pod }: Pod, claims: Iterable<ResourceClaim>): ResourceClaim | undefined {
  for (const claim of claims) {
    const { annotations, ownerReferences = [] } = claim.metadata;
    if (annotations?.[specialClaim] !== "true") continue;
    const isOwner = ownerReferences.some(
      ({ name, uid, controller }) => name === pod.name && controller === true && uid === pod.uid,
    );
    if (isOwner) return claim;
  }
  return undefined;
}

/**
 * Which of them devices have to serve on this node: those that the node does not offer itself. `undefined` if the node
 * offers none of what no class stands for. Upstream: `filterExtendedResources`.
 */
export function neededFromDevices(
  { amounts, classes }: ExtendedResources,
  { allocatable }: NodeInfo,
): readonly string[] | undefined {
  const needed: string[] = [];
  for (const name of amounts.keys()) {
    if (classes.has(name) && (allocatable.scalars.get(name) ?? 0) === 0) needed.push(name);
    else if (!allocatable.scalars.has(name)) return undefined;
  }
  return needed.sort();
}

/** The claim that stands for extended resources. Its name is none that an object could have. */
export function claimFor(pod: Pod, requests: readonly DeviceRequest[]): ResourceClaim {
  const { namespace = "" } = pod.metadata;
  return { metadata: { namespace, name: "<extended-resources>" }, spec: { devices: { requests } } };
}

/**
 * One request per container and resource. Containers that end before the others begin use what these will have, and
 * among themselves the same devices. Upstream: `createRequestsAndMappings`.
 */
export function deviceRequests(
  pod: Pod,
  names: readonly string[],
  classes: ReadonlyMap<string, DeviceClass>,
): readonly DeviceRequest[] {
  const init = pod.spec?.initContainers ?? [];
  const containers = [...init, ...(pod.spec?.containers ?? [])];
  const isShortLived = (index: number): boolean => {
    const container = init[index];
    return container !== undefined && !isSidecar(container);
  };
  const requests = names.flatMap((name) => {
    const className = classes.get(name)?.metadata.name ?? "";
    const amounts = containers.map((container) => amountOf(container, name));
    let most: { readonly index: number; readonly extra: number } | undefined;
    for (const [index, amount] of amounts.entries()) {
      if (!isShortLived(index)) continue;
      const reusable = amounts.reduce((sum, other, at) => (at >= index && !isShortLived(at) ? sum + other : sum), 0);
      const extra = amount - reusable;
      if (amount > 0 && extra > 0 && (most === undefined || extra > most.extra)) most = { index, extra };
    }
    const made = most === undefined ? [] : [requestOf(containers, most.index, { name, className, count: most.extra })];
    for (const [index, amount] of amounts.entries()) {
      if (!isShortLived(index) && amount > 0)
        made.push(requestOf(containers, index, { name, className, count: amount }));
    }
    return made;
  });
  return requests.sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
}

const unit = 1_000_000_000n;

/** Only whole numbers count. */
function amountOf({ resources }: Container, name: string): number {
  const text = resources?.requests?.[name];
  const quantity = text === undefined ? 0n : parseQuantity(text);
  return quantity % unit === 0n ? Number(quantity / unit) : 0;
}

interface RequestParts {
  readonly name: string;
  readonly className: string;
  readonly count: number;
}

/** Named by the places of the container and of the resource among its requests. */
function requestOf(
  containers: readonly Container[],
  index: number,
  { name, className, count }: RequestParts,
): DeviceRequest {
  const place = Object.keys(containers[index]?.resources?.requests ?? {})
    .sort()
    .indexOf(name);
  return {
    name: `container-${index}-request-${place}`,
    exactly: { deviceClassName: className, allocationMode: "ExactCount", count },
  };
}
