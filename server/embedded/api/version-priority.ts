const parts = /^v(\d+)(?:(alpha|beta)(\d+))?$/;
const stability = { alpha: 0, beta: 1, stable: 2 } as const;

/** Stable before beta before alpha, newer before older, other names behind, by the alphabet. Upstream: `CompareKubeAwareVersionStrings`. */
export function byPriority(a: string, b: string): number {
  const [first, second] = [rankOf(a), rankOf(b)];
  if (first === undefined || second === undefined) {
    return Number(first === undefined) - Number(second === undefined) || (a < b ? -1 : Number(a > b));
  }
  return second.stability - first.stability || second.major - first.major || second.minor - first.minor;
}

function rankOf(version: string) {
  const match = parts.exec(version);
  if (match === null) return undefined;
  const [, major, level, minor = 0] = match;
  const key = level === "alpha" || level === "beta" ? level : "stable";
  return { stability: stability[key], major: Number(major), minor: Number(minor) };
}
