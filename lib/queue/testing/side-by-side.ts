import { FakeClock } from "#lib/clock/testing/fake-clock.ts";
import { actionType, type ClusterEvent, type KubeObject, type Pod, type PodUid } from "#lib/kube/index.ts";
import type { PreEnqueuePlugin } from "../pre-enqueue-plugin.ts";
import { PriorityQueue } from "../priority-queue.ts";
import type { QueuedPodInfo } from "../queued-pod-info.ts";
import type { QueueingHintFn, QueueingHintRegistration } from "../registered-events.ts";
import { eventsSeenBy } from "./comparison.ts";
import { firstDifference } from "./first-difference.ts";
import { NaiveQueue, type Labels, type NaivePod, type NaiveRules } from "./naive-queue.ts";

/** Pods are numbered; a number that does not apply is passed over, so that any list of operations makes sense. */
export type Operation =
  | { readonly do: "add"; readonly pod: number; readonly labels: Labels; readonly priority: number }
  | { readonly do: "update"; readonly pod: number; readonly labels: Labels; readonly priority: number }
  | { readonly do: "delete" | "activate" | "popSpecific"; readonly pod: number }
  | { readonly do: "pop" | "flushBackoff" | "flushUnschedulable" }
  /** `flight` counts the pods in flight, oldest first, and starts over behind the last. */
  | { readonly do: "done"; readonly flight: number }
  | {
      readonly do: "fail";
      readonly flight: number;
      readonly plugins: readonly string[];
      readonly pending: readonly string[];
    }
  | { readonly do: "event"; readonly event: string; readonly labels: Labels }
  | { readonly do: "advance"; readonly ms: number }
  /** The queue is saved, much happens to it, and it is restored. The naive one knows nothing of it. */
  | { readonly do: "detour"; readonly seed: number };

export interface SideBySideOptions {
  readonly inFlightScheme: "current" | "historical";
  readonly isEarlyPop: boolean;
  readonly maxBackoffMs: number;
}

const profile = "default-scheduler";
const start = 1_767_225_600_000;

/** Events that operations may name. `Nothing` is one that nobody registered. */
export const events: Readonly<Record<string, ClusterEvent>> = {
  NodeAdd: { resource: "Node", actionType: actionType.Add },
  NodeUpdateNodeLabel: { resource: "Node", actionType: actionType.UpdateNodeLabel },
  AssignedPodDelete: { resource: "AssignedPod", actionType: actionType.Delete },
  ClaimAdd: { resource: "resource.k8s.io/ResourceClaim", actionType: actionType.Add },
  Nothing: { resource: "storage.k8s.io/CSIDriver", actionType: actionType.Add },
};

const podLabelUpdate: ClusterEvent = { resource: "Pod", actionType: actionType.UpdatePodLabel };

/** Who registered what, and what it takes to say Queue. */
const hints: NaiveRules["hints"] = {
  NodeAdd: { Fit: (_pod, { labels }) => labels["size"] === "big", Gate: () => false },
  NodeUpdateNodeLabel: { Zone: (pod, { labels }) => pod["zone"] === labels["zone"] },
  AssignedPodDelete: { Fit: () => true },
  ClaimAdd: { Claims: () => true, Zone: (pod) => pod["zone"] === "a" },
  PodLabel: { Gate: (_pod, { labels }) => labels["hold"] === undefined, Zone: () => true },
};

export const plugins: readonly string[] = ["Fit", "Zone", "Claims"];

const gates: NaiveRules["gates"] = { Gate: (labels) => labels["hold"] !== undefined };

/** Plays the operations on the real queue and on the naive one. The first difference, if there is one. */
export function firstDivergence(operations: readonly Operation[], options: SideBySideOptions): string | undefined {
  const pair = new SideBySide(options);
  for (const [index, operation] of operations.entries()) {
    const difference = pair.play(operation);
    if (difference !== undefined) return `after operation ${index} ${JSON.stringify(operation)}: ${difference}`;
  }
  return pair.finishAll();
}

class SideBySide {
  readonly #clock = new FakeClock(start);
  readonly #naive: NaiveQueue;
  readonly #queue: PriorityQueue;
  /** What the informer knows. */
  readonly #pods = new Map<number, Pod>();
  readonly #records = new Map<string, QueuedPodInfo>();
  #generation = 0;

  constructor({ inFlightScheme, isEarlyPop, maxBackoffMs }: SideBySideOptions) {
    const maxParkedMs = 300_000;
    this.#naive = new NaiveQueue(
      { hints, gates, isEarlyPop, initialBackoffMs: 1_000, maxBackoffMs, maxParkedMs },
      start,
    );
    this.#queue = new PriorityQueue({
      clock: this.#clock,
      inFlightScheme,
      queueingHintMap: new Map([[profile, registrations]]),
      preEnqueuePlugins: new Map([[profile, preEnqueuePlugins]]),
      featureGates: { schedulerPopFromBackoffQ: isEarlyPop },
      podMaxBackoffMs: maxBackoffMs,
      podMaxInUnschedulablePodsMs: maxParkedMs,
    });
  }

  play(operation: Operation): string | undefined {
    this.#advance(operation.do === "advance" ? operation.ms : 1);
    return this.#perform(operation) ?? this.#compare();
  }

  /** Once all pods are done there is nothing left to remember. */
  finishAll(): string | undefined {
    for (const { uid } of this.#naive.in("flying")) this.#queue.done(uid as PodUid);
    return firstDifference(0, this.#queue.view.inFlight.size, "elements left when all pods were done");
  }

  #advance(ms: number): void {
    this.#clock.set(this.#clock.now() + ms);
    this.#naive.now = this.#clock.now();
  }

  #perform(operation: Operation): string | undefined {
    const queue = this.#queue;
    const naive = this.#naive;
    switch (operation.do) {
      case "add":
        return this.#add(operation.pod, operation.labels, operation.priority);
      case "update":
        return this.#update(operation.pod, operation.labels, operation.priority);
      case "delete":
      case "activate":
      case "popSpecific":
        return this.#onPod(operation.do, operation.pod);
      case "pop":
        return this.#popped(naive.pop(), queue.pop());
      case "done":
        return this.#onFlight(operation.flight, ({ uid }) => {
          naive.done(uid);
          queue.done(uid as PodUid);
          return undefined;
        });
      case "fail":
        return this.#onFlight(operation.flight, ({ uid }) => this.#fail(uid, operation.plugins, operation.pending));
      case "event":
        naive.event({ name: operation.event, labels: operation.labels });
        queue.moveAllToActiveOrBackoffQueue(eventNamed(operation.event), undefined, objectWith(operation.labels));
        return undefined;
      case "flushBackoff":
        naive.flushBackoff();
        queue.flushBackoffQCompleted();
        return undefined;
      case "flushUnschedulable":
        naive.flushUnschedulable();
        queue.flushUnschedulablePodsLeftover();
        return undefined;
      case "detour":
        this.#detour(operation.seed);
        return undefined;
      case "advance":
      default:
        return undefined;
    }
  }

  #add(number: number, labels: Labels, priority: number): undefined {
    if (this.#pods.has(number)) return;
    const pod = podNumber(number, `${number}.${++this.#generation}`, labels, priority);
    this.#pods.set(number, pod);
    this.#naive.add(uidOf(pod), keyOf(number), labels, priority);
    this.#queue.add(pod);
  }

  #update(number: number, labels: Labels, priority: number): undefined {
    const old = this.#pods.get(number);
    if (old === undefined) return;
    const updated = podNumber(number, uidOf(old), labels, priority);
    this.#pods.set(number, updated);
    const isSameLabels = firstDifference(old.metadata.labels, labels) === undefined;
    this.#naive.update(uidOf(old), keyOf(number), labels, priority, isSameLabels ? "PodGeneral" : "PodLabel");
    this.#queue.update(old, updated);
  }

  #detour(seed: number): void {
    const queue = this.#queue;
    const saved = queue.save();
    for (const round of [1, 2]) {
      const stranger = podNumber(100 + round, `stranger.${round}`, seed % 2 === 0 ? {} : { hold: "yes" }, seed % 4);
      queue.add(stranger);
      const popped = [queue.pop(), queue.pop()];
      queue.moveAllToActiveOrBackoffQueue(eventNamed("AssignedPodDelete"), undefined, objectWith({}));
      for (const info of popped) {
        if (info === undefined) continue;
        info.clearRejectorPlugins();
        info.unschedulablePlugins = new Set(seed % 3 === 0 ? [] : ["Fit"]);
        queue.addUnschedulableIfNotPresent(info, queue.schedulingCycle);
      }
      for (const { uid } of seed % 5 === 0 ? [...queue.view.inFlight.pods()] : []) queue.done(uid);
      for (const pod of this.#pods.values()) if (seed % 7 === 0) queue.delete(pod);
      queue.flushBackoffQCompleted();
      queue.restore(saved, "Undo");
    }
    for (const { uid, info } of queue.view.inFlight.pods()) this.#records.set(uid, info);
  }

  #onPod(what: "delete" | "activate" | "popSpecific", number: number): string | undefined {
    const pod = this.#pods.get(number);
    if (pod === undefined) return undefined;
    if (what === "popSpecific") {
      return this.#popped(this.#naive.popSpecific(keyOf(number)), this.#queue.popSpecificPod(pod));
    }
    if (what === "activate") {
      this.#naive.activate(uidOf(pod), keyOf(number));
      this.#queue.activate([pod]);
    } else {
      this.#pods.delete(number);
      this.#naive.delete(keyOf(number));
      this.#queue.delete(pod);
    }
    return undefined;
  }

  #popped(expected: NaivePod | undefined, actual: QueuedPodInfo | undefined): string | undefined {
    if (actual !== undefined) this.#records.set(actual.uid, actual);
    return firstDifference(expected?.uid, actual?.uid, "popped pod");
  }

  #onFlight(flight: number, act: (pod: NaivePod) => string | undefined): string | undefined {
    const flying = this.#naive.in("flying");
    const pod = flying[flight % flying.length];
    return pod === undefined ? undefined : act(pod);
  }

  #fail(uid: string, plugins: readonly string[], pending: readonly string[]): string | undefined {
    const info = this.#records.get(uid);
    if (info === undefined) throw new Error(`${uid} was never popped`);
    info.clearRejectorPlugins();
    info.unschedulablePlugins = new Set(plugins);
    info.pendingPlugins = new Set(pending);
    const foreseen = this.#queue.view.wouldGoTo(info.uid);
    const explained = this.#queue.view.explain(info.uid)?.destination;
    const isTaken = this.#naive.fail(uid, plugins, pending);
    const { ok } = this.#queue.addUnschedulableIfNotPresent(info, this.#queue.schedulingCycle);
    const refused = firstDifference(isTaken, ok, "taken back");
    if (refused !== undefined || !ok) return refused;
    return (
      firstDifference(foreseen, explained, "explained destination") ??
      firstDifference(foreseen?.to, info.place, "foreseen place") ??
      firstDifference(foreseen?.backoffUntil, this.#backoffEndOf(info), "foreseen end of the backoff")
    );
  }

  #backoffEndOf(info: QueuedPodInfo): number | undefined {
    return this.#queue.view.backingOff().find((row) => row.info === info)?.until;
  }

  #compare(): string | undefined {
    const state = firstDifference(this.#expected(), this.#actual(), "state");
    // The historical list is known to show too little; what counts is whether a pod ends up in the wrong place.
    if (this.#queue.view.inFlight.scheme === "historical") return state;
    const seen = firstDifference(this.#expectedFlights(), this.#actualFlights(), "seen");
    return seen ?? state ?? this.#violation();
  }

  #expectedFlights(): unknown {
    return this.#naive.in("flying").map(({ uid, seen }) => ({ uid, seen: seen.map(({ name }) => name) }));
  }

  #actualFlights(): unknown {
    const { inFlight } = this.#queue.view;
    return Array.from(inFlight.pods(), ({ uid }) => ({
      uid,
      seen: eventsSeenBy(inFlight, uid).map(({ incoming }) => nameOf(incoming.event)),
    }));
  }

  #expected(): unknown {
    const naive = this.#naive;
    const row = (pod: NaivePod): unknown => [pod.uid, pod.attempts, pod.rejections, pod.errors, pod.timestamp];
    const backoff = (pod: NaivePod): unknown => [pod.uid, naive.backoffEnd(pod)];
    return {
      active: naive.activeInOrder().map(row),
      backoff: sorted(naive.in("backoff").map(backoff)),
      errorBackoff: sorted(naive.in("errorBackoff").map(backoff)),
      parked: sorted(naive.in("parked").map((pod) => [pod.uid, ...[...pod.plugins, ...pod.pending].sort()])),
      gated: sorted(naive.in("gated").map((pod) => [pod.uid, pod.gate])),
      schedulingCycle: naive.schedulingCycle,
      moveRequestCycle: naive.moveRequestCycle,
    };
  }

  #actual(): unknown {
    const { view } = this.#queue;
    const backingOff = view.backingOff();
    const backoff = (queue: string): unknown =>
      sorted(backingOff.filter((row) => row.queue === queue).map(({ info, until }) => [info.uid, until]));
    return {
      active: view
        .active()
        .map((info) => [info.uid, info.attempts, info.unschedulableCount, info.consecutiveErrorsCount, info.timestamp]),
      backoff: backoff("backoff"),
      errorBackoff: backoff("errorBackoff"),
      parked: sorted(
        view
          .unschedulable()
          .map((info) => [info.uid, ...[...info.unschedulablePlugins, ...info.pendingPlugins].sort()]),
      ),
      gated: sorted(view.gated().flatMap(({ plugin, infos }) => Array.from(infos, ({ uid }) => [uid, plugin]))),
      schedulingCycle: this.#queue.schedulingCycle,
      moveRequestCycle: this.#queue.moveRequestCycle,
    };
  }

  #violation(): string | undefined {
    // A pod in flight may be queued as well: deleted and created anew under its key, or its record handed back late.
    return this.#queue.view.invariants().find(({ rule }) => rule !== "queued-and-in-flight")?.message;
  }
}

const registrations: readonly QueueingHintRegistration[] = Object.entries(hints).flatMap(([name, byPlugin]) =>
  Object.entries(byPlugin).map(([plugin, naiveHint]) => {
    const hint: QueueingHintFn = (pod, _old, updated) =>
      naiveHint(pod.metadata.labels ?? {}, { name, labels: updated?.metadata.labels ?? {} }) ? "Queue" : "Skip";
    return { plugin, event: name === "PodLabel" ? podLabelUpdate : eventNamed(name), hint };
  }),
);

const preEnqueuePlugins: readonly PreEnqueuePlugin[] = Object.entries(gates).map(([name, holdsBack]) => ({
  name,
  preEnqueue: ({ metadata }) =>
    holdsBack(metadata.labels ?? {}) ? { code: "unresolvable", reasons: ["held back"] } : undefined,
}));

function eventNamed(name: string): ClusterEvent {
  const event = events[name];
  if (event === undefined) throw new Error(`unknown event ${name}`);
  return event;
}

/** The name under which the naive queue knows the event. */
function nameOf(event: ClusterEvent): string {
  if (event.customLabel !== undefined) return event.customLabel;
  if (event.resource === "UnschedulablePod") {
    return event.actionType === actionType.UpdatePodLabel ? "PodLabel" : "PodGeneral";
  }
  const known = Object.entries(events).find(
    ([, { resource, actionType: mask }]) => resource === event.resource && mask === event.actionType,
  );
  return known?.[0] ?? "unknown";
}

function objectWith(labels: Labels): KubeObject {
  return { kind: "Thing", metadata: { name: "thing", labels } };
}

function podNumber(number: number, uid: string, labels: Labels, priority: number): Pod {
  return { kind: "Pod", metadata: { name: String(number), namespace: "default", uid, labels }, spec: { priority } };
}

function keyOf(number: number): string {
  return `default/${number}`;
}

function uidOf(pod: Pod): string {
  return pod.metadata.uid ?? "";
}

function sorted(rows: readonly unknown[]): string[] {
  return rows.map((row) => JSON.stringify(row)).sort();
}
