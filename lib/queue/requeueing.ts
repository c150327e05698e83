import type { Clock } from "#lib/clock/index.ts";
import { podUid, type KubeObject, type Pod } from "#lib/kube/index.ts";
import type { QueuedPodInfo } from "./queued-pod-info.ts";
import type { IncomingEvent, MatchingHint, RegisteredEvents } from "./registered-events.ts";

/** What one event means for one record. Upstream: `queueingStrategy`. */
export type Verdict = "skip" | "afterBackoff" | "immediately";

/** One hint's answer. An error counts as Queue. */
export type HintAnswer = "Queue" | "Skip" | "Error";

/** One in so many hint calls is timed. */
const timingInterval = 16;

/**
 * Asks the hints of the plugins that rejected a pod whether an event may help it.
 * Upstream: `isPodWorthRequeuing`.
 */
export class Requeueing {
  readonly #events: RegisteredEvents;
  readonly #clock: Clock;
  #untilTimed = 1;
  /** The plugin whose hint made the last verdict of {@link judge} more than a skip, if a hint did. */
  decidingPlugin: string | undefined = undefined;

  constructor(events: RegisteredEvents, clock: Clock) {
    this.#events = events;
    this.#clock = clock;
  }

  /** Every call of a hint is counted. */
  judge(
    info: QueuedPodInfo,
    incoming: IncomingEvent,
    oldObj: KubeObject | undefined,
    newObj: KubeObject | undefined,
  ): Verdict {
    this.decidingPlugin = undefined;
    if (!info.hasRejectors) return "afterBackoff";
    if (incoming.isWildcard) return concerns(info.pod, newObj) ? "afterBackoff" : "skip";
    const hints = incoming.hints.get(info.schedulerName);
    if (hints === undefined) return this.#events.hasProfile(info.schedulerName) ? "skip" : "afterBackoff";
    return this.#ask(hints, info, oldObj, newObj);
  }

  #ask(
    hints: readonly MatchingHint[],
    info: QueuedPodInfo,
    oldObj: KubeObject | undefined,
    newObj: KubeObject | undefined,
  ): Verdict {
    let verdict: Verdict = "skip";
    for (const hint of hints) {
      const isPending = info.pendingPlugins.has(hint.plugin);
      if (!isPending && !info.unschedulablePlugins.has(hint.plugin)) continue;
      if (!this.#call(hint, info.pod, oldObj, newObj)) continue;
      if (isPending) {
        this.decidingPlugin = hint.plugin;
        return "immediately";
      }
      this.decidingPlugin ??= hint.plugin;
      // Only a pending plugin can still say more than this one did.
      if (info.pendingPlugins.size === 0) return "afterBackoff";
      verdict = "afterBackoff";
    }
    return verdict;
  }

  /** Whether the hint says Queue. */
  #call(hint: MatchingHint, pod: Pod, oldObj: KubeObject | undefined, newObj: KubeObject | undefined): boolean {
    const isTimed = --this.#untilTimed === 0;
    const start = isTimed ? this.#clock.now() : 0;
    const answer = answerOf(hint, pod, oldObj, newObj);
    if (answer === "Skip") hint.calls.skip++;
    else if (answer === "Queue") hint.calls.queue++;
    else hint.calls.error++;
    if (isTimed) {
      this.#untilTimed = timingInterval;
      hint.calls.time(answer === "Skip" ? "QueueSkip" : answer, (this.#clock.now() - start) / 1000);
    }
    return answer !== "Skip";
  }
}

/** Without side effects. */
export function answerOf(
  hint: MatchingHint,
  pod: Pod,
  oldObj: KubeObject | undefined,
  newObj: KubeObject | undefined,
): HintAnswer {
  if (hint.hint === undefined) return "Queue";
  try {
    return hint.hint(pod, oldObj, newObj);
  } catch {
    return "Error";
  }
}

/** A wildcard event with an object is meant for that pod alone; with another kind of object it is for nobody. */
export function concerns(pod: Pod, target: KubeObject | undefined): boolean {
  return target === undefined || (isPod(target) && podUid(target) === podUid(pod));
}

/** Items of a list carry no kind; a pod without one is told by its uid alone. */
function isPod(object: KubeObject): boolean {
  return object.kind === undefined || object.kind === "Pod";
}
