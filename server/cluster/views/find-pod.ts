import type { FoundPod, View } from "#lib/protocol/index.ts";
import type { QueuedPodInfo, QueueView } from "#lib/queue/index.ts";

type Find = NonNullable<View<"lanes">["find"]>;
type Wanted = ((info: QueuedPodInfo) => boolean) | undefined;

/**
 * Where a pod is, by its uid, or the newest of that name. Orders a whole lane, so one asks once, not with every picture.
 *
 * @param wantedIn who passes the filter
 */
export function findPod(
  queue: QueueView,
  find: Find,
  wantedIn: (lane: "active" | "backoff" | "unschedulable") => Wanted,
): FoundPod | undefined {
  const isIt = ({ uid, pod: { metadata } }: QueuedPodInfo): boolean =>
    "uid" in find ? uid === find.uid : metadata.namespace === find.namespace && metadata.name === find.name;
  const lanes = {
    active: () => queue.active({ isWanted: wantedIn("active") }),
    backoff: () => queue.backingOff({ isWanted: wantedIn("backoff") }).map(({ info }) => info),
    unschedulable: () => queue.unschedulable({ isWanted: wantedIn("unschedulable") }),
  };
  const candidates: readonly (readonly [FoundPod["queue"], Iterable<QueuedPodInfo>])[] = [
    ["active", queue.activeUnordered()],
    ["backoff", [...queue.backingOffUnordered()].map(({ info }) => info)],
    ["unschedulable", queue.unschedulableUnordered()],
    ["gated", queue.gated().flatMap(({ infos }) => [...infos])],
    // Last: a pod of that name that is in flight may have been deleted, and made anew, meanwhile.
    ["inFlight", [...queue.inFlight.pods()].map(({ info }) => info)],
  ];
  for (const [place, infos] of candidates) {
    const info = [...infos].find(isIt);
    if (info === undefined) continue;
    const index = place === "gated" || place === "inFlight" ? -1 : lanes[place]().indexOf(info);
    return { uid: info.uid, queue: place, ...(index === -1 ? {} : { index }) };
  }
  return undefined;
}
