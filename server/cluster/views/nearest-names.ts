import type { Pod } from "#lib/kube/index.ts";

const most = 5;
/** Names that need more changes than a third of their letters, and more than two, are other names. */
const farthest = 1 / 3;
const always = 2;
/** Nobody waits for a comparison with more names than this. */
const mostCompared = 20_000;

interface Named {
  readonly namespace: string;
  readonly name: string;
}

/** Whom somebody may have meant: the same name elsewhere, names that begin with it, names that are nearly the same. */
export function nearestNames(namespace: string, name: string, pods: Iterable<Pod>): readonly Named[] {
  const found: (Named & { readonly distance: number })[] = [];
  let compared = 0;
  for (const { metadata } of pods) {
    if (++compared > mostCompared) break;
    const other = { namespace: metadata.namespace ?? "", name: metadata.name ?? "" };
    const distance = distanceTo(name, other.name);
    if (distance === undefined || (other.namespace !== namespace && distance > 0)) continue;
    found.push({ ...other, distance });
  }
  return found
    .sort((a, b) => a.distance - b.distance || (a.name < b.name ? -1 : 1))
    .slice(0, most)
    .map(({ namespace, name }) => ({ namespace, name }));
}

/** From 0, the same, to 1; `undefined` for another name. */
function distanceTo(name: string, other: string): number | undefined {
  if (name === other) return 0;
  if (name.length > 2 && (other.startsWith(name) || name.startsWith(other))) return 0.1;
  const longest = Math.max(name.length, other.length);
  const allowed = Math.max(always, longest * farthest);
  if (Math.abs(name.length - other.length) > allowed) return undefined;
  const needed = edits(name, other);
  return needed > allowed ? undefined : needed / longest;
}

/** Letters to add, to take away or to exchange. */
function edits(a: string, b: string): number {
  let above = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let row = 1; row <= a.length; row++) {
    const current = [row];
    for (let column = 1; column <= b.length; column++) {
      const exchanged = (above[column - 1] ?? 0) + (a[row - 1] === b[column - 1] ? 0 : 1);
      current.push(Math.min(exchanged, (above[column] ?? 0) + 1, (current[column - 1] ?? 0) + 1));
    }
    above = current;
  }
  return above[b.length] ?? 0;
}
