import type { PodInLab } from "#components/lab/index.ts";
import type { PodDetail, SeenEvent } from "#lib/protocol/index.ts";

type Subject = Pick<PodDetail, "namespace" | "name" | "uid" | "rejectors" | "split"> & {
  readonly timeline: Pick<PodDetail["timeline"], "loupe">;
};

/**
 * The attempt that is looked at, as the Lab plays it: what came during it, and what its rejectors said. An event that is
 * suspected to be missed belongs to it, wherever it fell. `undefined` where nothing is to be played.
 */
export function attemptInLab({ namespace, name, uid, rejectors, split, timeline }: Subject): PodInLab | undefined {
  const { loupe } = timeline;
  const isOfSplit = split?.attempt === undefined || split.attempt.attempt === loupe?.attempt;
  const events = (isOfSplit ? (loupe?.events ?? []) : []).map(eventInLab);
  if (split !== undefined && !events.some(({ label, object }) => isSame({ label, object }, split.event))) {
    const { label, object = "", plugin } = split.event;
    events.push({ label, object, answers: plugin === undefined ? {} : { [plugin]: "Queue" } });
  }
  if (rejectors.length === 0 || events.length === 0) return undefined;
  return { namespace, name, uid, rejectors, events };
}

function eventInLab({ label, object = "", answers }: SeenEvent): PodInLab["events"][number] {
  const said = answers.flatMap(({ plugin, answer }) => (answer === "NotRegistered" ? [] : [[plugin, answer] as const]));
  return { label, object, answers: Object.fromEntries(said) };
}

function isSame(
  a: { readonly label: string; readonly object: string },
  b: { readonly label: string; readonly object?: string | undefined },
): boolean {
  return a.label === b.label && a.object === (b.object ?? "");
}
