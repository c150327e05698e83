import type { Instant } from "#lib/clock/index.ts";
import { fitsAfterEventMs, missedEventGraceMs } from "./constants.ts";
import { plural, say, type Sentence } from "./sentence.ts";

/** An event that should have woken a pod, and what was seen since. */
export interface SuspectedEvent {
  /** When the scheduler was last seen to fail the pod. */
  readonly failedAt: Instant;
  readonly event: {
    readonly at: Instant;
    readonly label: string;
    readonly object: string | undefined;
    /** The plugin whose hint said Queue. */
    readonly plugin: string;
  };
  /** Plugins that the scheduler itself named, the last time it failed the pod. */
  readonly rejectedBy: ReadonlySet<string>;
  /** The longest that the pod may back off. */
  readonly maxBackoffMs: number;
  /** Since when some node takes the pod without interruption. */
  readonly fitsSince: Instant | undefined;
  /** When the scheduler last bound or failed another pod. */
  readonly lastOtherPodAt: Instant | undefined;
  /** Pods that the scheduler bound or failed since the event. */
  readonly finishedSince: number;
  /** Pods that would be tried before this one. */
  readonly ahead: number;
}

export interface Condition {
  readonly title: string;
  readonly detail: Sentence;
  readonly holds: boolean;
}

/** All five have to hold, at every moment: a false alarm is worse than none. */
export function missedEventConditions(suspected: SuspectedEvent): readonly Condition[] {
  const { event, failedAt, rejectedBy, fitsSince, lastOtherPodAt, finishedSince, ahead, maxBackoffMs } = suspected;
  const object = event.object === undefined ? "" : ` ${event.object}`;
  const fits = fitsSince !== undefined && fitsSince <= event.at + fitsAfterEventMs;
  // It counts from the later of the two: before it fitted, no retry could have shown anything.
  const from = Math.max(event.at, fitsSince ?? event.at);
  const due = from + maxBackoffMs + missedEventGraceMs;
  return [
    {
      title: "The event came after the failure",
      detail: say`${event.label}${object}, ${{ ms: event.at - failedAt }} after the last failed attempt that was seen.`,
      holds: event.at > failedAt,
    },
    {
      title: "A rejecting plugin says Queue",
      detail: rejectedBy.has(event.plugin)
        ? say`${event.plugin} rejected the pod and registered for ${event.label}.`
        : say`${event.plugin} wants ${event.label}, but is not named among those that rejected the pod.`,
      holds: rejectedBy.has(event.plugin),
    },
    {
      title: "It fits since then",
      detail:
        fitsSince === undefined
          ? say`No node takes the pod.`
          : say`A node takes the pod without interruption for ${{ since: fitsSince }}.`,
      holds: fits,
    },
    {
      title: "The scheduler went on with others",
      detail:
        lastOtherPodAt === undefined || lastOtherPodAt < due
          ? say`Nothing was bound or failed since the retry was due at ${{ time: due }}.`
          : say`It bound or failed another pod at ${{ time: lastOtherPodAt }}, the retry was due by ${{ time: due }}.`,
      holds: lastOtherPodAt !== undefined && lastOtherPodAt >= due,
    },
    {
      title: "Nobody in front explains it",
      detail: say`${plural(ahead, "pod")} would be tried before it, ${finishedSince} were finished since.`,
      holds: ahead < finishedSince,
    },
  ];
}

/** An event that a queue did not show to a pod, although it fell into the pod's attempt. Known, not guessed. */
export interface LostEvent {
  readonly at: Instant;
  readonly label: string;
  readonly object: string | undefined;
  /** The plugin whose hint said Queue; absent where every pod is meant. */
  readonly plugin: string | undefined;
  /** The attempt: its number, when it began and when the pod was parked. */
  readonly attempt: number | undefined;
  readonly poppedAt: Instant | undefined;
  readonly parkedAt: Instant;
}

/** What shows that the event was lost, each read off the two queues that stand side by side. */
export function lostEventConditions({
  at,
  label,
  object,
  plugin,
  attempt,
  poppedAt,
  parkedAt,
}: LostEvent): readonly Condition[] {
  const what = object === undefined ? label : `${label} ${object}`;
  const which = attempt === undefined ? "the attempt" : `attempt ${attempt}`;
  return [
    {
      title: "The event came after the marker",
      detail:
        poppedAt === undefined ? say`${what}, during ${which}.` : say`${what}, ${{ ms: at - poppedAt }} into ${which}.`,
      holds: poppedAt === undefined || at >= poppedAt,
    },
    {
      title: "A rejecting plugin says Queue",
      detail: say`${plugin ?? "Every plugin"} rejected the pod, and takes ${label} for a reason to try again.`,
      holds: true,
    },
    {
      title: "No attempt since",
      detail: say`Parked at ${{ time: parkedAt }}, and not moved for ${{ since: parkedAt }}.`,
      holds: true,
    },
    {
      title: "Timing does not explain it",
      detail: say`A correct queue was told the same at the same moments, and moved the pod.`,
      holds: true,
    },
  ];
}
