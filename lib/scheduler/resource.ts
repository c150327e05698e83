import {
  isScalarResource,
  milliUnits,
  parseQuantity,
  wholeUnits,
  type Quantity,
  type ResourceList,
} from "#lib/kube/index.ts";

/** Amounts as the scheduler counts them: cpu in thousandths, the rest in units, each rounded up. Upstream: `framework.Resource`. */
export interface Resource {
  milliCpu: number;
  memory: number;
  ephemeralStorage: number;
  /** Extended resources, hugepages and attachable volumes by name. */
  readonly scalars: Map<string, number>;
}

export function noResource(): Resource {
  return { milliCpu: 0, memory: 0, ephemeralStorage: 0, scalars: new Map() };
}

export function resourceOf(amounts: Iterable<readonly [string, Quantity]>): Resource {
  const resource = noResource();
  for (const [name, amount] of amounts) {
    if (name === "cpu") resource.milliCpu = milliUnits(amount);
    else if (name === "memory") resource.memory = wholeUnits(amount);
    else if (name === "ephemeral-storage") resource.ephemeralStorage = wholeUnits(amount);
    else if (isScalarResource(name)) resource.scalars.set(name, wholeUnits(amount));
  }
  return resource;
}

export function resourceOfList(list: ResourceList | undefined): Resource {
  return resourceOf(Object.entries(list ?? {}).map(([name, text]) => [name, parseQuantity(text)] as const));
}

/** Adds `amount` `times` times: -1 takes it away again. */
export function accumulate(sum: Resource, amount: Resource, times: 1 | -1): void {
  sum.milliCpu += times * amount.milliCpu;
  sum.memory += times * amount.memory;
  sum.ephemeralStorage += times * amount.ephemeralStorage;
  for (const [name, scalar] of amount.scalars) {
    const total = (sum.scalars.get(name) ?? 0) + times * scalar;
    if (total === 0) sum.scalars.delete(name);
    else sum.scalars.set(name, total);
  }
}
