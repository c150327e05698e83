import {
  parseQuantity,
  type DeviceClass,
  type DeviceRequest,
  type DeviceWish,
  type Node,
  type ResourceClaim,
} from "#lib/kube/index.ts";
import type { Lister } from "../snapshot.ts";
import type { AllocatedState } from "./allocated-state.ts";
import { hasCapacityLeft } from "./capacity.ts";
import { constraintOf, type Constraint, type RequestName } from "./constraints.ts";
import type { Amounts, Device, Slice } from "./device.ts";
import { AllocationFailedError } from "./errors.ts";
import type { Pool } from "./pools.ts";
import type { Selectors } from "./selectors.ts";
import { isForNode } from "./slice-index.ts";

/** More devices than this one claim cannot hold. Upstream: `AllocationResultsMaxSize`. */
export const mostDevicesOfClaim = 32;

/** A device that is there for the node, and where it comes from. */
export interface Candidate {
  readonly device: Device;
  readonly slice: Slice;
  readonly pool: Extract<Pool, { readonly state: "ready" }>;
}

/** One thing that a claim wants: a request, or an alternative of one. */
export interface Wish {
  readonly name: RequestName;
  /** `request` or `request/alternative`: what an allocation is filed under. */
  readonly fullName: string;
  readonly wish: DeviceWish;
  readonly class: DeviceClass;
  readonly isAdmin: boolean;
  readonly wanted: Amounts;
  readonly count: number;
  /** Of a wish for all devices: which ones. */
  readonly all: readonly Candidate[] | undefined;
  isSelectable(candidate: Candidate): boolean;
}

/** A claim as the search wants it: for each request the alternatives, mostly one. */
export interface WantedClaim {
  readonly claim: ResourceClaim;
  readonly requests: readonly { readonly alternatives: readonly Wish[]; readonly isChoice: boolean }[];
  readonly constraints: readonly Constraint[];
}

export interface RequestContext {
  readonly node: Node;
  readonly pools: readonly Pool[];
  readonly classes: Lister<DeviceClass>;
  readonly selectors: Selectors;
  readonly allocated: AllocatedState;
}

/** Reads a claim against the pools of one node. Upstream: `Allocate`, `validateDeviceRequest`. @throws AllocationFailedError */
export function wantedOf(claim: ResourceClaim, context: RequestContext): WantedClaim {
  const label = claimLabel(claim);
  const requests = (claim.spec?.devices?.requests ?? []).map((request) => {
    const isChoice = (request.firstAvailable ?? []).length > 0;
    return { alternatives: wishesOf(request).map((named) => readWish(named, label, context)), isChoice };
  });
  const least = requests.reduce(
    (sum, { alternatives }) => sum + Math.min(...alternatives.map(({ count }) => count)),
    0,
  );
  if (least > mostDevicesOfClaim) {
    throw new AllocationFailedError(
      `claim ${label}: number of requested devices ${least} exceeds the claim limit of ${mostDevicesOfClaim}`,
    );
  }
  const constraints = (claim.spec?.devices?.constraints ?? []).map((constraint, index) => {
    const read = constraintOf(constraint);
    if (read !== undefined) return read;
    throw new AllocationFailedError(
      `claim ${label}, constraint #${index}: empty constraint (unsupported constraint type?)`,
    );
  });
  return { claim, requests, constraints };
}

export function claimLabel({ metadata }: ResourceClaim): string {
  return `${metadata.namespace ?? ""}/${metadata.name ?? ""}`;
}

interface NamedWish {
  readonly name: RequestName;
  readonly wish: DeviceWish;
  readonly isAdmin: boolean;
}

function wishesOf({ name: request, exactly, firstAvailable = [] }: DeviceRequest): readonly NamedWish[] {
  if (firstAvailable.length > 0) {
    return firstAvailable.map((wish) => ({ name: { request, alternative: wish.name }, wish, isAdmin: false }));
  }
  const name = { request, alternative: undefined };
  return [{ name, wish: exactly ?? {}, isAdmin: exactly?.adminAccess === true }];
}

function readWish({ name, wish, isAdmin }: NamedWish, claim: string, context: RequestContext): Wish {
  const { request, alternative } = name;
  const label = `claim ${claim}, request ${alternative ?? request}`;
  for (const [index, { cel }] of (wish.selectors ?? []).entries()) {
    if (cel !== undefined) continue;
    throw new AllocationFailedError(`${label}, selector #${index}: CEL expression empty (unsupported selector type?)`);
  }
  const className = wish.deviceClassName ?? "";
  if (className === "") {
    throw new AllocationFailedError(`${label}: missing device class name (unsupported request type?)`);
  }
  const deviceClass = context.classes.get(className);
  if (deviceClass === undefined) {
    throw new AllocationFailedError(
      `${label}: could not retrieve device class ${className}: deviceclass.resource.k8s.io "${className}" not found`,
    );
  }
  const wanted = new Map(
    Object.entries(wish.capacity?.requests ?? {}).map(([key, text]) => [key, parseQuantity(text)]),
  );
  const isSelectable = rememberedPerDevice((candidate: Candidate) =>
    select(candidate, wish, { claim, deviceClass, context }),
  );
  const { count, all } = countOf(wish, { label, isSelectable, wanted, context });
  return {
    name,
    fullName: alternative === undefined ? request : `${request}/${alternative}`,
    wish,
    class: deviceClass,
    isAdmin,
    wanted,
    count,
    all,
    isSelectable,
  };
}

/** Upstream: `isSelectable`. */
function select(
  { device, slice }: Candidate,
  wish: DeviceWish,
  {
    claim,
    deviceClass,
    context,
  }: { readonly claim: string; readonly deviceClass: DeviceClass; readonly context: RequestContext },
): boolean {
  const { selectors, node } = context;
  const ofClass = deviceClass.spec?.selectors;
  if (!selectors.match(ofClass, device, `class ${deviceClass.metadata.name ?? ""}`)) return false;
  if (!selectors.match(wish.selectors, device, `claim ${claim}`)) return false;
  return slice.spec.perDeviceNodeSelection !== true || isForNode(device.spec, node);
}

function rememberedPerDevice(ask: (candidate: Candidate) => boolean): (candidate: Candidate) => boolean {
  const answers = new Map<Device, boolean>();
  return (candidate) => {
    let answer = answers.get(candidate.device);
    if (answer === undefined) {
      answer = ask(candidate);
      answers.set(candidate.device, answer);
    }
    return answer;
  };
}

interface CountContext {
  readonly label: string;
  readonly isSelectable: (candidate: Candidate) => boolean;
  readonly wanted: Amounts;
  readonly context: RequestContext;
}

function countOf(
  { allocationMode = "ExactCount", count = 1 }: DeviceWish,
  { label, isSelectable, wanted, context }: CountContext,
): Pick<Wish, "count" | "all"> {
  if (allocationMode === "ExactCount") return { count, all: undefined };
  if (allocationMode !== "All") {
    throw new AllocationFailedError(`${label}: unsupported count mode ${allocationMode}`);
  }
  const all: Candidate[] = [];
  for (const pool of context.pools) {
    // How many "all" are is not known before the pool is whole.
    if (pool.state !== "ready") {
      const now = pool.state === "incomplete" ? "currently being updated" : "currently invalid";
      throw new AllocationFailedError(`${label}: asks for all devices, but resource pool ${pool.id} is ${now}`);
    }
    for (const candidate of candidatesIn(pool)) {
      const { device } = candidate;
      const isMeant =
        isSelectable(candidate) && hasCapacityLeft(wanted, device, [context.allocated.consumed(device.id)]);
      if (isMeant) all.push(candidate);
    }
  }
  return { count: all.length, all };
}

/** In the order in which they are tried. */
export function candidatesIn(pool: Pool): readonly Candidate[] {
  if (pool.state !== "ready") return [];
  return pool.slices.flatMap((slice) => slice.devices.map((device) => ({ device, slice, pool })));
}
