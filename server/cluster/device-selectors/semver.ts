import type { Environment } from "@marcbachmann/cel-js";

const format =
  /^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(?:-([0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*))?(?:\+[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*)?$/;

/** A version inside an expression, as semver 2.0 orders them: what was built how does not count. */
export class CelSemver {
  readonly numbers: readonly bigint[];
  readonly #preRelease: readonly string[];

  /** @throws SyntaxError */
  constructor(text: string) {
    const [, major, minor, patch, preRelease] = format.exec(text) ?? [];
    if (major === undefined || minor === undefined || patch === undefined) {
      throw new SyntaxError(`"${text}" is not a version: expected three numbers, such as 1.2.3`);
    }
    this.numbers = [BigInt(major), BigInt(minor), BigInt(patch)];
    this.#preRelease = preRelease?.split(".") ?? [];
  }

  compareTo(other: CelSemver): bigint {
    for (const [index, mine] of this.numbers.entries()) {
      const theirs = other.numbers[index] ?? 0n;
      if (mine !== theirs) return mine < theirs ? -1n : 1n;
    }
    return comparePreReleases(this.#preRelease, other.#preRelease);
  }
}

/** A release comes after everything that was released before it. */
function comparePreReleases(a: readonly string[], b: readonly string[]): bigint {
  if (a.length === 0 || b.length === 0) return BigInt(Math.sign(b.length - a.length));
  for (const [index, mine] of a.entries()) {
    const theirs = b[index];
    if (theirs === undefined) return 1n;
    const order = comparePart(mine, theirs);
    if (order !== 0n) return order;
  }
  return a.length < b.length ? -1n : 0n;
}

function comparePart(a: string, b: string): bigint {
  const [isNumberA, isNumberB] = [/^\d+$/.test(a), /^\d+$/.test(b)];
  if (isNumberA !== isNumberB) return isNumberA ? -1n : 1n;
  if (a === b) return 0n;
  const isLess = isNumberA ? BigInt(a) < BigInt(b) : a < b;
  return isLess ? -1n : 1n;
}

/** Upstream: the library `kubernetes.semver` of the API server. */
export function withSemvers(environment: Environment): Environment {
  const number =
    (index: number) =>
    ({ numbers }: CelSemver): bigint =>
      numbers[index] ?? 0n;
  return environment
    .registerType("Semver", { ctor: CelSemver, fields: {} })
    .registerFunction("semver(string): Semver", (text: string) => new CelSemver(text))
    .registerFunction("isSemver(string): bool", (text: string) => format.test(text))
    .registerFunction("Semver.major(): int", number(0))
    .registerFunction("Semver.minor(): int", number(1))
    .registerFunction("Semver.patch(): int", number(2))
    .registerFunction("Semver.compareTo(Semver): int", (a: CelSemver, b: CelSemver) => a.compareTo(b))
    .registerFunction("Semver.isGreaterThan(Semver): bool", (a: CelSemver, b: CelSemver) => a.compareTo(b) > 0n)
    .registerFunction("Semver.isLessThan(Semver): bool", (a: CelSemver, b: CelSemver) => a.compareTo(b) < 0n)
    .registerOperator("Semver == Semver", (a: CelSemver, b: CelSemver) => a.compareTo(b) === 0n);
}
