import type { Clock, Instant } from "#lib/clock/index.ts";
import type { PodUid } from "#lib/kube/index.ts";
import type { BackoffQueue } from "./backoff-queue.ts";
import type { FeatureGates } from "./feature-gates.ts";
import type { EventElement, InFlight, PodElement } from "./in-flight.ts";
import type { PreEnqueue } from "./pre-enqueue.ts";
import type { QueuedPodInfo } from "./queued-pod-info.ts";
import type { MatchingHint, RegisteredEvents } from "./registered-events.ts";
import { answerOf, concerns, type HintAnswer, type Verdict } from "./requeueing.ts";
import { isSentToBackoff } from "./returning-pods.ts";

/** Who rejects a pod. A plugin in both sets counts as pending. */
export interface Rejectors {
  readonly unschedulablePlugins: ReadonlySet<string>;
  readonly pendingPlugins: ReadonlySet<string>;
}

/** What one rejecting plugin makes of one event. Wildcard events are decided without asking hints. */
export interface PluginAnswer {
  readonly plugin: string;
  readonly isPending: boolean;
  readonly answer: HintAnswer | "NotRegistered";
}

export interface ExplainedEvent {
  readonly element: EventElement;
  readonly verdict: Verdict;
  /** The plugin that made it more than a skip, if a hint did. */
  readonly plugin: string | undefined;
  readonly answers: readonly PluginAnswer[];
}

/** Where a pod would go if it came back now. */
export interface Destination {
  readonly to: "active" | "backoff" | "errorBackoff" | "unschedulable" | "gated";
  readonly verdict: Verdict;
  /** The element that decides; `undefined` when none does. */
  readonly decidedBy: number | undefined;
  /** The plugin whose hint decides, or the one that would gate the pod. */
  readonly plugin: string | undefined;
  /** In a backoff queue only. */
  readonly backoffUntil: Instant | undefined;
}

export interface Explanation {
  readonly pod: PodElement;
  readonly rejectors: Rejectors;
  /** The events the pod would be shown, oldest first. */
  readonly events: readonly ExplainedEvent[];
  readonly destination: Destination;
}

export interface ExplainerOptions {
  readonly clock: Clock;
  readonly gates: FeatureGates;
  readonly inFlight: InFlight;
  readonly events: RegisteredEvents;
  readonly backoffQ: BackoffQueue;
  readonly preEnqueue: PreEnqueue;
}

type Judged = Omit<ExplainedEvent, "element" | "answers">;

/** The same decision as a hand-back, taken without touching anything: no counts, no cached ends, no record. */
export class Explainer {
  readonly #clock: Clock;
  readonly #gates: FeatureGates;
  readonly #inFlight: InFlight;
  readonly #events: RegisteredEvents;
  readonly #backoffQ: BackoffQueue;
  readonly #preEnqueue: PreEnqueue;

  constructor(options: ExplainerOptions) {
    this.#clock = options.clock;
    this.#gates = options.gates;
    this.#inFlight = options.inFlight;
    this.#events = options.events;
    this.#backoffQ = options.backoffQ;
    this.#preEnqueue = options.preEnqueue;
  }

  /** Each event with each rejecting plugin's answer. `undefined` for a pod that is not in flight. */
  explain(uid: PodUid, rejectors?: Rejectors, fromSeq = 0): Explanation | undefined {
    const pod = this.#inFlight.pod(uid);
    if (pod === undefined) return undefined;
    const by = rejectors ?? pod.info;
    const events: ExplainedEvent[] = [];
    this.#inFlight.someEventOf(uid, (element) => {
      if (element.seq < fromSeq) return false;
      events.push({ element, ...this.#judge(pod.info, by, element), answers: this.#answers(pod.info, by, element) });
      return false;
    });
    const { unschedulablePlugins, pendingPlugins } = by;
    const destination = this.#destination(pod, by);
    return { pod, rejectors: { unschedulablePlugins, pendingPlugins }, events, destination };
  }

  /** Only where it would go: stops at the event that settles it. */
  wouldGoTo(uid: PodUid, rejectors?: Rejectors): Destination | undefined {
    const pod = this.#inFlight.pod(uid);
    return pod === undefined ? undefined : this.#destination(pod, rejectors ?? pod.info);
  }

  #destination({ info }: PodElement, by: Rejectors): Destination {
    const isRejected = by.unschedulablePlugins.size > 0 || by.pendingPlugins.size > 0;
    const decision = this.#decide(info, by, isRejected);
    const { verdict, decidedBy, plugin } = decision;
    if (verdict === "skip") return { to: "unschedulable", verdict, decidedBy, plugin, backoffUntil: undefined };
    const now = this.#clock.now();
    const failures = isRejected ? info.unschedulableCount + 1 : info.consecutiveErrorsCount + 1;
    const end = this.#backoffQ.endAfter(now, failures);
    const isBackingOff = verdict === "afterBackoff" && this.#backoffQ.isRunning(end, now);
    const isAskedFirst = !isBackingOff || this.#gates.schedulerPopFromBackoffQ;
    const gate = isAskedFirst ? this.#preEnqueue.wouldRefuse(info.pod, info.schedulerName) : undefined;
    if (gate !== undefined) return { to: "gated", verdict, decidedBy, plugin: gate, backoffUntil: undefined };
    if (!isBackingOff) return { to: "active", verdict, decidedBy, plugin, backoffUntil: undefined };
    return { to: isRejected ? "backoff" : "errorBackoff", verdict, decidedBy, plugin, backoffUntil: end };
  }

  #decide(info: QueuedPodInfo, by: Rejectors, isRejected: boolean): Omit<Destination, "to" | "backoffUntil"> {
    const none = { decidedBy: undefined, plugin: undefined };
    if (isSentToBackoff(info.pod, isRejected, this.#gates)) return { verdict: "afterBackoff", ...none };
    let decision: Omit<Destination, "to" | "backoffUntil"> = { verdict: "skip", ...none };
    this.#inFlight.someEventOf(info.uid, (element) => {
      const { verdict, plugin } = this.#judge(info, by, element);
      if (verdict === "skip") return false;
      if (verdict === "immediately" || decision.verdict === "skip") {
        decision = { verdict, decidedBy: element.seq, plugin };
      }
      return verdict === "immediately" || by.pendingPlugins.size === 0;
    });
    return decision;
  }

  #judge(info: QueuedPodInfo, by: Rejectors, { incoming, oldObj, newObj }: EventElement): Judged {
    if (by.unschedulablePlugins.size === 0 && by.pendingPlugins.size === 0) return settled("afterBackoff");
    if (incoming.isWildcard) return settled(concerns(info.pod, newObj) ? "afterBackoff" : "skip");
    if (!this.#events.hasProfile(info.schedulerName)) return settled("afterBackoff");
    const saysQueue = (hint: MatchingHint): boolean =>
      isRejector(by, hint.plugin) && answerOf(hint, info.pod, oldObj, newObj) !== "Skip";
    const willing = (incoming.hints.get(info.schedulerName) ?? []).filter(saysQueue);
    const pending = willing.find(({ plugin }) => by.pendingPlugins.has(plugin));
    if (pending !== undefined) return { verdict: "immediately", plugin: pending.plugin };
    const first = willing[0];
    return first === undefined ? settled("skip") : { verdict: "afterBackoff", plugin: first.plugin };
  }

  #answers(info: QueuedPodInfo, by: Rejectors, { incoming, oldObj, newObj }: EventElement): PluginAnswer[] {
    if (incoming.isWildcard) return [];
    const hints = incoming.hints.get(info.schedulerName) ?? [];
    return [...new Set([...by.unschedulablePlugins, ...by.pendingPlugins])].map((plugin) => {
      const answers = hints
        .filter((hint) => hint.plugin === plugin)
        .map((hint) => answerOf(hint, info.pod, oldObj, newObj));
      const answer = answers.find((one) => one !== "Skip") ?? answers[0] ?? "NotRegistered";
      return { plugin, isPending: by.pendingPlugins.has(plugin), answer };
    });
  }
}

function settled(verdict: Verdict): Judged {
  return { verdict, plugin: undefined };
}

function isRejector(by: Rejectors, plugin: string): boolean {
  return by.unschedulablePlugins.has(plugin) || by.pendingPlugins.has(plugin);
}
