import type { Quantity } from "#lib/kube/index.ts";
import type { Amounts, Capacity, Device, RequestPolicy } from "./device.ts";

const unit = 1_000_000_000n;

/** What an allocation takes of a device, by the name of the capacity. Upstream: `GetConsumedCapacityFromRequest`. */
export function consumedBy(wanted: Amounts, { capacity }: Device): Amounts {
  return new Map([...capacity].map(([name, each]) => [name, portion(wanted.get(name), each)]));
}

/**
 * Whether the device has so much left. Also asked of devices that nobody shares: whoever wants more than there is does
 * not get it. Upstream: `CmpRequestOverCapacity`.
 *
 * @param taken by allocations that exist, and by those of the search that is under way
 */
export function hasCapacityLeft(
  wanted: Amounts,
  { capacity }: Device,
  taken: readonly (Amounts | undefined)[],
): boolean {
  for (const name of wanted.keys()) if (!capacity.has(name)) return false;
  for (const [name, each] of capacity) {
    const amount = portion(wanted.get(name), each);
    if (violates(amount, each.policy)) return false;
    const sum = taken.reduce((total, amounts) => total + (amounts?.get(name) ?? 0n), amount);
    if (sum > each.value) return false;
  }
  return true;
}

/** Rounded up to what is handed out; without a wish what is usual, else all of it. Upstream: `calculateConsumedCapacity`. */
function portion(wanted: Quantity | undefined, { value, policy }: Capacity): Quantity {
  if (wanted === undefined) return policy?.default ?? value;
  const { validRange, validValues } = policy ?? {};
  if (validRange?.min !== undefined) {
    const { min, step } = validRange;
    if (wanted < min) return min;
    if (step === undefined) return wanted;
    const [from, by] = [inUnits(min), inUnits(step)];
    const steps = (inUnits(wanted) - from + by - 1n) / by;
    return (from + steps * by) * unit;
  }
  return validValues?.find((valid) => wanted <= valid) ?? wanted;
}

/** Upstream: `violatesPolicy`. */
function violates(amount: Quantity, policy: RequestPolicy | undefined): boolean {
  if (policy === undefined || amount === policy.default) return false;
  const { validRange, validValues = [] } = policy;
  if (validRange === undefined) return validValues.length > 0 && !validValues.includes(amount);
  const { min = 0n, max, step } = validRange;
  if (max !== undefined && amount > max) return true;
  return step !== undefined && (inUnits(amount) - inUnits(min)) % inUnits(step) !== 0n;
}

/** Whole, rounded up. */
function inUnits(quantity: Quantity): bigint {
  return quantity > 0n ? (quantity + unit - 1n) / unit : quantity / unit;
}
