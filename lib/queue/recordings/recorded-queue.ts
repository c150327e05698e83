import type { Clock, Instant, Timer } from "#lib/clock/index.ts";
import { objectKey, type ObjectKey, type Pod, type PodUid } from "#lib/kube/index.ts";
import type { ApiDispatcher, PodStatusPatch } from "../api-calls.ts";
import type { NominatingInfo } from "../nominator.ts";
import { PriorityQueue } from "../priority-queue.ts";
import { QueuedPodInfo } from "../queued-pod-info.ts";
import { toObject, toPod } from "./recorded-objects.ts";
import { toEvent, toLess, toPreCheck, toPreEnqueuePlugins, toQueueingHintMap, toSigner } from "./recorded-plugins.ts";
import { recordingEpoch, rowOf, stateOf } from "./recorded-state.ts";
import { needed, type RecordedOp, type TraceConfig } from "./recording.ts";

/** One queue, driven by recorded operations. */
export class RecordedQueue {
  readonly #clock: RecordedClock;
  readonly #isPopFromBackoffQEnabled: boolean;
  readonly #switches = new Map<string, boolean>();
  readonly #cache = new Map<ObjectKey, Pod>();
  readonly #held = new Map<string, QueuedPodInfo>();
  readonly #dispatcher: RecordingDispatcher | undefined;
  readonly queue: PriorityQueue;

  constructor(config: TraceConfig, inFlightScheme: "current" | "historical" = "current") {
    const gates = config.featureGates;
    this.#clock = new RecordedClock(recordingEpoch + config.startOffsetMs);
    this.#isPopFromBackoffQEnabled = gate(gates, "SchedulerPopFromBackoffQ");
    if (config.dispatcher !== undefined) this.#dispatcher = new RecordingDispatcher(config.dispatcher);
    const namespaces = new Map((config.namespaces ?? []).map(({ name, labels }) => [name, labels ?? {}]));
    const signers = Object.entries(config.signers ?? {});
    this.queue = new PriorityQueue({
      clock: this.#clock,
      inFlightScheme,
      less: toLess(config.sort),
      queueingHintMap: toQueueingHintMap(config),
      preEnqueuePlugins: toPreEnqueuePlugins(config, this.#switches),
      podSigners: new Map(signers.map(([profile, signer]) => [profile, toSigner(signer)])),
      podLister: (key) => this.#cache.get(key),
      namespaceLabels: (namespace) => namespaces.get(namespace),
      ...(this.#dispatcher !== undefined && { apiDispatcher: this.#dispatcher }),
      featureGates: {
        schedulerQueueingHints: gate(gates, "SchedulerQueueingHints"),
        schedulerPopFromBackoffQ: this.#isPopFromBackoffQEnabled,
        opportunisticBatching: gate(gates, "OpportunisticBatching"),
        genericWorkload: gate(gates, "GenericWorkload"),
        schedulerAsyncApiCalls: gate(gates, "SchedulerAsyncAPICalls"),
      },
      podInitialBackoffMs: toMs(config.podInitialBackoffSeconds),
      podMaxBackoffMs: toMs(config.podMaxBackoffSeconds),
      podMaxInUnschedulablePodsMs: toMs(config.podMaxInUnschedulablePodsDurationSeconds),
    });
  }

  get state(): Readonly<Record<string, unknown>> {
    return stateOf(this.queue, this.#isPopFromBackoffQEnabled);
  }

  /** Executes one operation at its time. Returns its result in the form of the recordings; `undefined` where it has none. */
  execute(op: RecordedOp): unknown {
    this.#clock.set(recordingEpoch + op.t);
    return this.#execute(op);
  }

  #execute(op: RecordedOp): unknown {
    const { queue } = this;
    switch (op.op) {
      case "advance":
        return undefined;
      case "add":
        queue.add(this.#cached(op, podOf(op)));
        return undefined;
      case "update":
        queue.update(toPod(needed(op.old, "old")), this.#cached(op, newOf(op)));
        return undefined;
      case "delete":
        if (op.noLister !== true) this.#cache.delete(objectKey(podOf(op)));
        queue.delete(podOf(op));
        return undefined;
      case "pop":
        return this.#pop();
      case "popSpecific":
        return { pod: this.#hold(queue.popSpecificPod(podOf(op))) };
      case "done":
        queue.done(uidOf(op));
        return undefined;
      case "fail":
        return this.#fail(op);
      case "setSwitch":
        this.#switches.set(needed(op.name, "name"), op.on === true);
        return undefined;
      case "listerSet":
        this.#cache.set(objectKey(podOf(op)), podOf(op));
        return undefined;
      case "listerDelete":
        this.#cache.delete(objectKey(podOf(op)));
        return undefined;
      case "close":
        queue.close();
        return undefined;
      default:
        return this.#executeEvent(op);
    }
  }

  #executeEvent(op: RecordedOp): unknown {
    const { queue } = this;
    switch (op.op) {
      case "moveAll":
        queue.moveAllToActiveOrBackoffQueue(
          toEvent(needed(op.event, "event")),
          op.old && toObject(op.old),
          op.new && toObject(op.new),
          op.preCheck && toPreCheck(op.preCheck),
        );
        return undefined;
      case "assignedAdd":
        queue.assignedPodAdded(this.#cached(op, podOf(op)));
        return undefined;
      case "assignedUpdate": {
        const updated = this.#cached(op, newOf(op));
        queue.assignedPodUpdated(toPod(needed(op.old, "old")), updated, toEvent(needed(op.event, "event")));
        return undefined;
      }
      case "activate":
        queue.activate((op.pods ?? []).map(toPod));
        return undefined;
      case "flushBackoff":
        queue.flushBackoffQCompleted();
        return undefined;
      case "flushUnschedulable":
        queue.flushUnschedulablePodsLeftover();
        return undefined;
      default:
        return this.#executeNomination(op);
    }
  }

  #executeNomination(op: RecordedOp): unknown {
    const { queue } = this;
    switch (op.op) {
      case "nominate":
        queue.addNominatedPod(podOf(op), nominatingInfoOf(op));
        return undefined;
      case "unnominate":
        queue.deleteNominatedPodIfExists(podOf(op));
        return undefined;
      case "updateNominated":
        queue.updateNominatedPod(toPod(needed(op.old, "old")), newOf(op));
        return undefined;
      case "nominatedPods":
        return queue.nominatedPodsForNode(op.node ?? "").map(({ metadata }) => ({
          uid: metadata.uid,
          name: metadata.name,
          rv: metadata.resourceVersion ?? "",
          queued: metadata.resourceVersion !== undefined,
        }));
      case "getPod": {
        const info = queue.getPod(needed(op.name, "name"), needed(op.ns, "ns"));
        return { pod: info === undefined ? null : rowOf(info) };
      }
      case "pendingPods": {
        const { pods, summary } = queue.pendingPods();
        return { pods: uidsOf(pods), summary };
      }
      case "inFlightPods":
        return { pods: uidsOf(queue.inFlightPods()) };
      case "patchStatus":
        return this.#patchStatus(op);
      default:
        throw new Error(`unknown operation ${op.op}`);
    }
  }

  #pop(): unknown {
    // Recordings do not wait: where the real queue would have, the operation was left out.
    if (!this.queue.isClosed && !this.queue.canPop) return { pod: null, wouldBlock: true };
    return { pod: this.#hold(this.queue.pop()) };
  }

  #hold(info: QueuedPodInfo | undefined): unknown {
    if (info === undefined) return null;
    this.#held.set(info.uid, info);
    return rowOf(info);
  }

  #fail(op: RecordedOp): unknown {
    const info = this.#returning(op);
    if (op.raw !== true) {
      info.clearRejectorPlugins();
      info.unschedulablePlugins = new Set(op.plugins);
      info.pendingPlugins = new Set(op.pending);
    }
    const result = this.queue.addUnschedulableIfNotPresent(info, op.cycle ?? this.queue.schedulingCycle);
    return { error: result.ok ? "" : `already in ${placeName[result.alreadyIn]}` };
  }

  #returning(op: RecordedOp): QueuedPodInfo {
    if (op.fresh === true) return new QueuedPodInfo(podOf(op), 0);
    const info = needed(this.#held.get(uidOf(op)), `popped pod ${op.uid}`);
    if (op.pod !== undefined) info.replacePod(toPod(op.pod));
    return info;
  }

  #patchStatus(op: RecordedOp): unknown {
    const dispatcher = needed(this.#dispatcher, "dispatcher");
    const condition =
      op.condition === undefined ? undefined : { type: "PodScheduled", status: "False", reason: op.condition };
    const outcome = this.queue.patchPodStatus(podOf(op), condition, nominatingInfoOf(op));
    return { calls: dispatcher.takeCalls(), error: outcome.kind === "failed" ? outcome.error.message : "" };
  }

  /** The informer's cache has the pod before the queue hears of it. */
  #cached(op: RecordedOp, pod: Pod): Pod {
    if (op.noLister !== true) this.#cache.set(objectKey(pod), pod);
    return pod;
  }
}

/** Stands still between operations. Recordings call the flushes themselves: nobody sets a timer. */
class RecordedClock implements Clock {
  #now: Instant;

  constructor(start: Instant) {
    this.#now = start;
  }

  now(): Instant {
    return this.#now;
  }

  set(now: Instant): void {
    this.#now = Math.max(this.#now, now);
  }

  setTimer(): Timer {
    throw new Error("recordings have no timers: call the flushes");
  }

  yield(): Promise<void> {
    return Promise.resolve();
  }
}

/** Answers every call in one way and remembers what was asked. */
class RecordingDispatcher implements ApiDispatcher {
  readonly #answer: string;
  #calls: { readonly type: string; readonly uid: string | undefined }[] = [];

  constructor(answer: string) {
    this.#answer = answer;
  }

  add({ type, pod }: PodStatusPatch): ReturnType<ApiDispatcher["add"]> {
    this.#calls.push({ type, uid: pod.metadata.uid });
    if (this.#answer === "skipped" || this.#answer === "overwritten") return { kind: this.#answer };
    return this.#answer === "error" ? { kind: "failed", error: new Error("dispatcher failed") } : { kind: "accepted" };
  }

  takeCalls(): readonly unknown[] {
    const calls = this.#calls;
    this.#calls = [];
    return calls;
  }
}

const placeName = { active: "activeQ", backoff: "backoffQ", unschedulable: "unschedulable" } as const;

function podOf(op: RecordedOp): Pod {
  return toPod(needed(op.pod, "pod"));
}

function newOf(op: RecordedOp): Pod {
  return toPod(needed(op.new, "new"));
}

function uidOf(op: RecordedOp): PodUid {
  return needed(op.uid, "uid") as PodUid;
}

function uidsOf(pods: readonly Pod[]): string[] {
  return pods.map((pod) => pod.metadata.uid ?? "").sort();
}

function nominatingInfoOf({ mode, node }: RecordedOp): NominatingInfo | undefined {
  if (mode === undefined || mode === "" || mode === "nil") return undefined;
  if (mode === "noop" || mode === "override") return { mode, nominatedNodeName: node ?? "" };
  throw new Error(`unknown nominating mode ${mode}`);
}

function gate(gates: TraceConfig["featureGates"], name: string): boolean {
  return needed(gates[name], `feature gate ${name}`);
}

/** Upstream keeps durations in whole nanoseconds. */
function toMs(seconds: number): number {
  return Math.trunc(seconds * 1e9) / 1e6;
}
