import type { Environment } from "@marcbachmann/cel-js";
import { parseQuantity, type Quantity } from "#lib/kube/index.ts";

/** An amount inside an expression. */
export class CelQuantity {
  readonly amount: Quantity;
  constructor(amount: Quantity) {
    this.amount = amount;
  }
}

const unit = 1_000_000_000n;

/** Upstream: the library `kubernetes.quantity` of the API server. */
export function withQuantities(environment: Environment): Environment {
  const order = (a: CelQuantity, b: CelQuantity): bigint => (a.amount < b.amount ? -1n : a.amount > b.amount ? 1n : 0n);
  const whole = ({ amount }: CelQuantity): bigint => {
    if (amount % unit !== 0n) throw new RangeError("cannot convert value to integer");
    return amount / unit;
  };
  return environment
    .registerType("Quantity", { ctor: CelQuantity, fields: {} })
    .registerFunction("quantity(string): Quantity", (text: string) => new CelQuantity(parseQuantity(text)))
    .registerFunction("isQuantity(string): bool", (text: string) => isQuantity(text))
    .registerFunction("Quantity.sign(): int", (a: CelQuantity) => order(a, new CelQuantity(0n)))
    .registerFunction("Quantity.isInteger(): bool", ({ amount }: CelQuantity) => amount % unit === 0n)
    .registerFunction("Quantity.asInteger(): int", whole)
    .registerFunction(
      "Quantity.asApproximateFloat(): double",
      ({ amount }: CelQuantity) => Number(amount) / Number(unit),
    )
    .registerFunction("Quantity.compareTo(Quantity): int", order)
    .registerFunction("Quantity.isGreaterThan(Quantity): bool", (a: CelQuantity, b: CelQuantity) => order(a, b) > 0n)
    .registerFunction("Quantity.isLessThan(Quantity): bool", (a: CelQuantity, b: CelQuantity) => order(a, b) < 0n)
    .registerFunction(
      "Quantity.add(Quantity): Quantity",
      (a: CelQuantity, b: CelQuantity) => new CelQuantity(a.amount + b.amount),
    )
    .registerFunction(
      "Quantity.add(int): Quantity",
      (a: CelQuantity, b: bigint) => new CelQuantity(a.amount + b * unit),
    )
    .registerFunction(
      "Quantity.sub(Quantity): Quantity",
      (a: CelQuantity, b: CelQuantity) => new CelQuantity(a.amount - b.amount),
    )
    .registerFunction(
      "Quantity.sub(int): Quantity",
      (a: CelQuantity, b: bigint) => new CelQuantity(a.amount - b * unit),
    )
    .registerOperator("Quantity == Quantity", (a: CelQuantity, b: CelQuantity) => order(a, b) === 0n);
}

function isQuantity(text: string): boolean {
  try {
    parseQuantity(text);
    return true;
  } catch {
    return false;
  }
}
