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
  readonly milliCpu: number;
  readonly memory: number;
  readonly ephemeralStorage: number;
  /** Extended resources, hugepages and attachable volumes by name. */
  readonly scalars: ReadonlyMap<string, number>;
}

const noScalars: ReadonlyMap<string, number> = new Map();

export const noResource: Resource = { milliCpu: 0, memory: 0, ephemeralStorage: 0, scalars: noScalars };

/** A sum that grows and shrinks. */
export class ResourceSum implements Resource {
  milliCpu = 0;
  memory = 0;
  ephemeralStorage = 0;
  readonly scalars = new Map<string, number>();

  /** Adds `amount` once, or with -1 takes it away again. */
  add(amount: Resource, times: 1 | -1): void {
    this.milliCpu += times * amount.milliCpu;
    this.memory += times * amount.memory;
    this.ephemeralStorage += times * amount.ephemeralStorage;
    for (const [name, scalar] of amount.scalars) {
      const total = (this.scalars.get(name) ?? 0) + times * scalar;
      if (total === 0) this.scalars.delete(name);
      else this.scalars.set(name, total);
    }
  }
}

export function resourceOf(amounts: Iterable<readonly [string, Quantity]>): Resource {
  let [milliCpu, memory, ephemeralStorage] = [0, 0, 0];
  let scalars: Map<string, number> | undefined;
  for (const [name, amount] of amounts) {
    if (name === "cpu") milliCpu = milliUnits(amount);
    else if (name === "memory") memory = wholeUnits(amount);
    else if (name === "ephemeral-storage") ephemeralStorage = wholeUnits(amount);
    else if (isScalarResource(name)) (scalars ??= new Map()).set(name, wholeUnits(amount));
  }
  return { milliCpu, memory, ephemeralStorage, scalars: scalars ?? noScalars };
}

export function resourceOfList(list: ResourceList | undefined): Resource {
  return resourceOf(Object.entries(list ?? {}).map(([name, text]) => [name, parseQuantity(text)] as const));
}
