import { matchesQuery, parseQuery, type Place } from "#lib/protocol/index.ts";
import type { QueuedPodInfo, QueueView } from "#lib/queue/index.ts";
import type { JudgedPod } from "../diagnosis/index.ts";
import { subjectOfQueued } from "./query-subject.ts";

/** Who matches a query, in each of the lanes and among the gated. */
export interface Matching {
  readonly active: ReadonlySet<QueuedPodInfo>;
  readonly backoff: ReadonlySet<QueuedPodInfo>;
  readonly unschedulable: ReadonlySet<QueuedPodInfo>;
  readonly gated: ReadonlySet<QueuedPodInfo>;
  /** Why the query cannot be read. Then nobody matches. */
  readonly problem: string | undefined;
}

export interface MatchingOptions {
  readonly queue: QueueView;
  readonly judgedOf: (uid: string) => JudgedPod | undefined;
  readonly now: number;
}

/** `undefined` without a query: then everybody matches. */
export function matchingIn(
  source: string | undefined,
  { queue, judgedOf, now }: MatchingOptions,
): Matching | undefined {
  if (source === undefined || source.trim() === "") return undefined;
  const query = parseQuery(source);
  const isMatch = (info: QueuedPodInfo, place: Place): boolean =>
    matchesQuery(query, subjectOfQueued(info, place, judgedOf(info.uid), now));
  const matching = (infos: Iterable<QueuedPodInfo>, place: Place): ReadonlySet<QueuedPodInfo> => {
    const found = new Set<QueuedPodInfo>();
    if (query.problem === undefined) for (const info of infos) if (isMatch(info, place)) found.add(info);
    return found;
  };
  const backoff = new Set<QueuedPodInfo>();
  for (const { info, queue: place } of queue.backingOffUnordered()) if (isMatch(info, place)) backoff.add(info);
  return {
    active: matching(queue.activeUnordered(), "active"),
    backoff,
    unschedulable: matching(queue.unschedulableUnordered(), "unschedulable"),
    gated: matching(
      queue.gated().flatMap(({ infos }) => [...infos]),
      "gated",
    ),
    problem: query.problem,
  };
}
