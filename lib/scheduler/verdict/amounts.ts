import { podRequests, type Pod } from "#lib/kube/index.ts";
import type { NodeInfo } from "../node-info.ts";
import { resourceOf, type Resource } from "../resource.ts";

/** What a pod asks for, and what a node has free of it, by resource name: cpu in thousandths, the rest in units. */
export type Amounts = ReadonlyMap<string, number>;

export function requestedBy(pod: Pod): Amounts {
  return amountsOf(resourceOf(podRequests(pod, { useStatus: false })));
}

function amountsOf({ milliCpu, memory, ephemeralStorage, scalars }: Resource): Amounts {
  const amounts = new Map<string, number>();
  if (milliCpu > 0) amounts.set("cpu", milliCpu);
  if (memory > 0) amounts.set("memory", memory);
  if (ephemeralStorage > 0) amounts.set("ephemeral-storage", ephemeralStorage);
  for (const [name, amount] of scalars) if (amount > 0) amounts.set(name, amount);
  return amounts;
}

/** Negative where more is taken than there is. */
export function freeOn({ allocatable, requested, allowedPods, podCount }: NodeInfo, resource: string): number {
  switch (resource) {
    case "cpu":
      return allocatable.milliCpu - requested.milliCpu;
    case "memory":
      return allocatable.memory - requested.memory;
    case "ephemeral-storage":
      return allocatable.ephemeralStorage - requested.ephemeralStorage;
    case "pods":
      return allowedPods - podCount;
    default:
      return (allocatable.scalars.get(resource) ?? 0) - (requested.scalars.get(resource) ?? 0);
  }
}

/** What a pod that runs takes of a resource. */
export function takenBy({ milliCpu, memory, ephemeralStorage, scalars }: Resource, resource: string): number {
  switch (resource) {
    case "cpu":
      return milliCpu;
    case "memory":
      return memory;
    case "ephemeral-storage":
      return ephemeralStorage;
    default:
      return scalars.get(resource) ?? 0;
  }
}

const binaryUnits = ["Ki", "Mi", "Gi", "Ti", "Pi"] as const;

/** As Kubernetes writes it, exactly: `350m`, `6`, `24Gi`. */
export function quantityOf(resource: string, amount: number): string {
  if (resource === "cpu") return amount % 1000 === 0 ? String(amount / 1000) : `${amount}m`;
  if (!isBytes(resource)) return String(amount);
  let [rest, unit] = [amount, ""];
  for (const next of binaryUnits) {
    if (rest === 0 || rest % 1024 !== 0) break;
    [rest, unit] = [rest / 1024, next];
  }
  return `${rest}${unit}`;
}

/** Rounded for a reader: `350m CPU`, `24 Gi memory`, `2 nvidia.com/gpu`. */
export function amountText(resource: string, amount: number): string {
  return `${quantityText(resource, amount)} ${resource === "cpu" ? "CPU" : resource}`;
}

/** Rounded to two decimals, without the name of the resource: `350m`, `5.65`, `24 Gi`. */
export function quantityText(resource: string, amount: number): string {
  if (resource === "cpu") return Math.abs(amount) < 1000 ? `${amount}m` : rounded(amount / 1000);
  if (!isBytes(resource)) return String(amount);
  let [rest, unit] = [amount, "B"];
  for (const next of binaryUnits) {
    if (Math.abs(rest) < 1024) break;
    [rest, unit] = [rest / 1024, next];
  }
  return `${rounded(rest)} ${unit}`;
}

function rounded(amount: number): string {
  return String(Math.round(amount * 100) / 100);
}

function isBytes(resource: string): boolean {
  return resource === "memory" || resource === "ephemeral-storage" || resource.startsWith("hugepages-");
}

/** `Insufficient cpu`: the resource that a reason of NodeResourcesFit is about. */
export function resourceOfReason(reason: string): string | undefined {
  if (reason === "Too many pods") return "pods";
  return /^Insufficient (\S+)$/.exec(reason)?.[1];
}
