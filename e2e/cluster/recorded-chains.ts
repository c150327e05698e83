import type { KubeObject } from "#lib/kube/index.ts";

/** One notification, as it was told. */
export type Told =
  | { readonly kind: "add"; readonly object: KubeObject }
  | { readonly kind: "update"; readonly old: KubeObject; readonly object: KubeObject }
  | { readonly kind: "delete"; readonly object: KubeObject; readonly isInferred: boolean };

/** One notification from the view of one uid: `a`dded, `u`pdated, `d`eleted. */
interface Link {
  readonly letter: "a" | "u" | "d";
  /** What has to be in the version that was told before. A list may bring a copy that is not told, if nothing changed. */
  readonly from: KubeObject | undefined;
  readonly to: KubeObject | undefined;
}

/** What is wrong with all that one registration was told, in order. Empty: every uid has whole chains. */
export function brokenChains(told: readonly Told[]): readonly string[] {
  return [...linksByUid(told)].flatMap(([uid, links]) => {
    const word = links.map(({ letter }) => letter).join("");
    // An object may leave what a filter passes, and come back.
    if (!/^(au*d)*(au*)?$/.test(word)) return [`${uid}: ${word}`];
    return links
      .map((link, index) => ({ link, before: links[index - 1]?.to }))
      .filter(({ link, before }) => link.from !== undefined && versionOf(link.from) !== versionOf(before))
      .map(({ link, before }) => `${uid}: from ${versionOf(link.from)}, after ${versionOf(before)}`);
  });
}

/** What is there after all that was told: uid and version. */
export function finalState(told: readonly Told[]): ReadonlyMap<string, string> {
  const left = [...linksByUid(told)].flatMap(([uid, links]) => {
    const last = links.at(-1)?.to;
    return last === undefined ? [] : [[uid, versionOf(last)] as const];
  });
  return new Map(left);
}

function linksByUid(told: readonly Told[]): ReadonlyMap<string, readonly Link[]> {
  const byUid = new Map<string, Link[]>();
  const add = (object: KubeObject, link: Link): void => {
    const uid = object.metadata.uid ?? "";
    const links = byUid.get(uid);
    if (links === undefined) byUid.set(uid, [link]);
    else links.push(link);
  };
  for (const one of told) {
    if (one.kind === "add") add(one.object, { letter: "a", from: undefined, to: one.object });
    else if (one.kind === "delete") {
      // A deletion that was seen brings a version of its own.
      add(one.object, { letter: "d", from: one.isInferred ? one.object : undefined, to: undefined });
    } else if (one.old.metadata.uid === one.object.metadata.uid) {
      add(one.object, { letter: "u", from: one.old, to: one.object });
    } else {
      // Replaced under its name while nobody could see it: one chain ends, another begins.
      add(one.old, { letter: "d", from: one.old, to: undefined });
      add(one.object, { letter: "a", from: undefined, to: one.object });
    }
  }
  return byUid;
}

function versionOf(object: KubeObject | undefined): string {
  return object?.metadata.resourceVersion ?? "nothing";
}
