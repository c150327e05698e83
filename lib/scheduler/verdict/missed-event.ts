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
    /** The plugin whose hint said Queue; it was named by the scheduler itself among those that reject the pod. */
    readonly plugin: string;
  };
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
  const { event, failedAt, fitsSince, lastOtherPodAt, finishedSince, ahead, maxBackoffMs } = suspected;
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
      detail: say`${event.plugin} rejected the pod and registered for ${event.label}.`,
      holds: true,
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
