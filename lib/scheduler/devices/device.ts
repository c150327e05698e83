import {
  parseQuantity,
  type CapacityRequestPolicy,
  type Quantity,
  type ResourceSlice,
  type SliceDevice,
} from "#lib/kube/index.ts";

/** `driver/pool/device`: what allocations name. Upstream: `structured.DeviceID`. */
export function deviceId({ driver, pool, device }: Record<"driver" | "pool" | "device", string>): string {
  return `${driver}/${pool}/${device}`;
}

/** Amounts by name. */
export type Amounts = ReadonlyMap<string, Quantity>;

/** How much there is of something that can be shared, and in which portions. */
export interface Capacity {
  readonly value: Quantity;
  readonly policy: RequestPolicy | undefined;
}

export interface RequestPolicy {
  readonly default: Quantity | undefined;
  readonly validValues: readonly Quantity[] | undefined;
  readonly validRange: Readonly<Partial<Record<"min" | "max" | "step", Quantity>>> | undefined;
}

/** A device of a slice, its quantities read. */
export interface Device {
  readonly id: string;
  readonly driver: string;
  readonly spec: SliceDevice;
  /** Several allocations may have a share of it. */
  readonly isShared: boolean;
  readonly capacity: ReadonlyMap<string, Capacity>;
  /** By the counter set. */
  readonly consumes: ReadonlyMap<string, Amounts>;
}

/** A slice with its devices, as the search for devices wants it. */
export interface Slice {
  readonly name: string;
  readonly spec: NonNullable<ResourceSlice["spec"]>;
  readonly generation: number;
  readonly devices: readonly Device[];
  readonly counterSets: readonly (readonly [name: string, counters: Amounts])[];
}

/** `undefined` for one that says nothing. @throws InvalidQuantityError */
export function parseSlice({ metadata, spec }: ResourceSlice): Slice | undefined {
  if (spec === undefined) return undefined;
  let devices: readonly Device[] | undefined;
  return {
    name: metadata.name ?? "",
    spec,
    generation: spec.pool.generation ?? 0,
    // There are many, and a node sees few of them: they are read once somebody looks.
    get devices() {
      devices ??= (spec.devices ?? []).map((device) => parseDevice(device, spec));
      return devices;
    },
    counterSets: (spec.sharedCounters ?? []).map(({ name, counters }) => [name, amountsOf(counters)] as const),
  };
}

function parseDevice(spec: SliceDevice, { driver, pool }: Slice["spec"]): Device {
  const capacity = new Map<string, Capacity>();
  for (const [name, { value, requestPolicy }] of Object.entries(spec.capacity ?? {})) {
    capacity.set(name, { value: parseQuantity(value), policy: requestPolicy && parsePolicy(requestPolicy) });
  }
  const consumes = new Map<string, Amounts>();
  for (const { counterSet, counters } of spec.consumesCounters ?? []) consumes.set(counterSet, amountsOf(counters));
  return {
    id: deviceId({ driver, pool: pool.name, device: spec.name }),
    driver,
    spec,
    isShared: spec.allowMultipleAllocations === true,
    capacity,
    consumes,
  };
}

function parsePolicy({ default: usual, validValues, validRange }: CapacityRequestPolicy): RequestPolicy {
  const read = (text: string | undefined): Quantity | undefined =>
    text === undefined ? undefined : parseQuantity(text);
  const range: Partial<Record<"min" | "max" | "step", Quantity>> = {};
  for (const edge of ["min", "max", "step"] as const) {
    const amount = read(validRange?.[edge]);
    if (amount !== undefined) range[edge] = amount;
  }
  return {
    default: read(usual),
    validValues: validValues?.map(parseQuantity),
    validRange: validRange === undefined ? undefined : range,
  };
}

function amountsOf(counters: Readonly<Record<string, { readonly value: string }>> | undefined): Amounts {
  return new Map(Object.entries(counters ?? {}).map(([name, { value }]) => [name, parseQuantity(value)]));
}
