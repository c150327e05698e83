/** An exact amount, in billionths (10^-9) of the unit: the finest step that Kubernetes keeps. */
export type Quantity = bigint;

export class InvalidQuantityError extends Error {
  override readonly name = "InvalidQuantityError";
  constructor(text: string) {
    super(`"${text}" is not a quantity: expected a number with an optional suffix such as m, Ki, G or e3`);
  }
}

const nano = 1_000_000_000n;
const milli = 1_000_000n;
/** Amounts beyond what fits into 64 bits are capped, as upstream does. */
const largest: Quantity = (2n ** 63n - 1n) * nano;

const binaryPowers: Readonly<Record<string, bigint>> = {
  Ki: 2n ** 10n,
  Mi: 2n ** 20n,
  Gi: 2n ** 30n,
  Ti: 2n ** 40n,
  Pi: 2n ** 50n,
  Ei: 2n ** 60n,
};

const decimalExponents: Readonly<Record<string, number>> = {
  "": 0,
  n: -9,
  u: -6,
  m: -3,
  k: 3,
  M: 6,
  G: 9,
  T: 12,
  P: 15,
  E: 18,
};

const format = /^([+-]?)(\d*)(?:\.(\d*))?([a-zA-Z]{0,2}|[eE][+-]?\d+)$/;

/**
 * Two texts of the same amount ("1", "1000m", "1e0") give the same result. Whatever is finer than a billionth is
 * rounded away from zero. Upstream: `resource.ParseQuantity`.
 *
 * @throws InvalidQuantityError
 */
export function parseQuantity(text: string): Quantity {
  const [, sign, whole = "", fraction = "", suffix = ""] = format.exec(text) ?? [];
  if (sign === undefined || whole + fraction === "") throw new InvalidQuantityError(text);
  const magnitude = scale(BigInt(whole + fraction), fraction.length, suffix);
  if (magnitude === undefined) throw new InvalidQuantityError(text);
  const capped = magnitude > largest ? largest : magnitude;
  return sign === "-" ? -capped : capped;
}

/** In whole units, rounded up: "1500m" bytes are 2. Upstream: `Quantity.Value`. */
export function wholeUnits(quantity: Quantity): number {
  return Number(divideRoundingUp(quantity, nano));
}

/** In thousandths, rounded up: "1001u" cpu are 2. Upstream: `Quantity.MilliValue`. */
export function milliUnits(quantity: Quantity): number {
  return Number(divideRoundingUp(quantity, milli));
}

/** Upstream: `Quantity.Cmp`. Negative, zero or positive, as for `Array.sort`. */
export function compareQuantities(a: string, b: string): number {
  const difference = parseQuantity(a) - parseQuantity(b);
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
}

function scale(digits: bigint, fractionDigits: number, suffix: string): bigint | undefined {
  const binary = binaryPowers[suffix];
  if (binary !== undefined) return divideRoundingUp(digits * binary * nano, 10n ** BigInt(fractionDigits));
  const exponent = decimalExponents[suffix] ?? writtenExponent(suffix);
  if (exponent === undefined) return undefined;
  const shift = exponent + 9 - fractionDigits;
  // An exponent out of all proportion must not build a number of that many digits.
  if (shift > 60) return digits === 0n ? 0n : largest;
  if (shift < -60) return digits === 0n ? 0n : 1n;
  return shift >= 0 ? digits * 10n ** BigInt(shift) : divideRoundingUp(digits, 10n ** BigInt(-shift));
}

function writtenExponent(suffix: string): number | undefined {
  return suffix.length > 1 && /^[eE]/.test(suffix) && /\d$/.test(suffix) ? Number(suffix.slice(1)) : undefined;
}

function divideRoundingUp(dividend: bigint, divisor: bigint): bigint {
  const quotient = dividend / divisor;
  return dividend > 0n && quotient * divisor !== dividend ? quotient + 1n : quotient;
}
