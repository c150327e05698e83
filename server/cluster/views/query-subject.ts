import type { Pod } from "#lib/kube/index.ts";
import { sentenceText, type Place, type QuerySubject } from "#lib/protocol/index.ts";
import type { QueuedPodInfo } from "#lib/queue/index.ts";
import type { JudgedPod } from "../diagnosis/index.ts";

/** Those that rejected it last, by what the queue was told; else those that its verdict is about. */
export function pluginsOf({ info, verdict }: JudgedPod): readonly string[] {
  const rejectors = info?.rejectors;
  return rejectors === undefined || rejectors.size === 0 ? verdict.plugins : [...rejectors].sort();
}

/** Bound to, or nominated to. */
export function nodeOf({ pod, situation }: JudgedPod): string | undefined {
  const bound = pod.spec?.nodeName ?? "";
  return bound === "" ? situation.nomination?.node : bound;
}

/** What a query is held against, of a pod that was judged. */
export function subjectOf(judged: JudgedPod, now: number): QuerySubject {
  const { pod, createdAt, place, info, situation, verdict } = judged;
  return {
    ...ofObject(pod, now - createdAt),
    verdict: verdict.code,
    severity: verdict.severity,
    text: () => sentenceText([...verdict.row], now),
    queue: place,
    plugins: pluginsOf(judged),
    node: nodeOf(judged) ?? "",
    scheduler: situation.scheduler.name,
    attempts: info?.attempts ?? 0,
  };
}

/**
 * Of a pod in the queue: where it is and what is on its record is newer than what it was judged by. Its sentence is not
 * on that page, and names other pods: free words are looked for in its name only.
 */
export function subjectOfQueued(
  info: QueuedPodInfo,
  place: Place,
  judged: JudgedPod | undefined,
  now: number,
): QuerySubject {
  return {
    ...ofObject(info.pod, now - (Date.parse(info.pod.metadata.creationTimestamp ?? "") || 0)),
    ...(judged === undefined ? {} : { verdict: judged.verdict.code, severity: judged.verdict.severity }),
    queue: place,
    plugins: [...info.rejectors],
    node: judged === undefined ? "" : (nodeOf(judged) ?? ""),
    scheduler: info.schedulerName,
    attempts: info.attempts,
  };
}

function ofObject(pod: Pod, ageMs: number) {
  const { namespace = "", name = "", labels = {} } = pod.metadata;
  return { namespace, name, labels, priorityClass: pod.spec?.priorityClassName ?? "", ageMs };
}
