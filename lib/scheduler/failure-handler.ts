import { objectKey, podUid, type Condition, type Pod } from "#lib/kube/index.ts";
import type { NominatingInfo, PriorityQueue, QueuedPodInfo } from "#lib/queue/index.ts";
import type { ClusterCache } from "./cluster-cache.ts";
import { isAssigned } from "./pod-info.ts";
import { statusPatch, truncateNote, type SchedulerWriter } from "./writer.ts";

/** Why an attempt came to nothing. Without a plugin it counts as an error, which the queue retries by itself. */
export interface AttemptFailure {
  readonly unschedulablePlugins: ReadonlySet<string>;
  readonly pendingPlugins: ReadonlySet<string>;
  readonly reason: "Unschedulable" | "SchedulerError";
  readonly message: string;
  readonly nominating: NominatingInfo;
}

const none: ReadonlySet<string> = new Set();
const clearNomination: NominatingInfo = { mode: "override", nominatedNodeName: "" };

export function rejection(
  message: string,
  plugins: Pick<AttemptFailure, "unschedulablePlugins" | "pendingPlugins">,
  nominating = clearNomination,
): AttemptFailure {
  return { ...plugins, reason: "Unschedulable", message, nominating };
}

export function schedulerError(message: string): AttemptFailure {
  return {
    unschedulablePlugins: none,
    pendingPlugins: none,
    reason: "SchedulerError",
    message,
    nominating: clearNomination,
  };
}

/** Kept oddity: a cluster without nodes rejects, but names nobody who did, so the pod backs off instead of being parked. */
export function noNodes(message: string): AttemptFailure {
  return {
    unschedulablePlugins: none,
    pendingPlugins: none,
    reason: "Unschedulable",
    message,
    nominating: clearNomination,
  };
}

export interface FailureHandlerOptions {
  readonly queue: PriorityQueue;
  readonly cache: ClusterCache;
  readonly writer: SchedulerWriter;
  readonly reportWriteError: (error: unknown) => void;
  /** On purpose, and against what upstream promises. */
  readonly loses?: (pod: Pod) => boolean;
}

export interface FailedAttempt {
  readonly info: QueuedPodInfo;
  /** The version that was tried. */
  readonly pod: Pod;
  readonly podSchedulingCycle: number;
}

/** Hands the pod back to the queue and says why, in this order. Upstream: `handleSchedulingFailure`. */
export class FailureHandler {
  readonly #queue: PriorityQueue;
  readonly #cache: ClusterCache;
  readonly #writer: SchedulerWriter;
  readonly #reportWriteError: (error: unknown) => void;
  readonly #loses: (pod: Pod) => boolean;

  constructor(options: FailureHandlerOptions) {
    this.#queue = options.queue;
    this.#cache = options.cache;
    this.#writer = options.writer;
    this.#reportWriteError = options.reportWriteError;
    this.#loses = options.loses ?? (() => false);
  }

  handle({ info, pod, podSchedulingCycle }: FailedAttempt, failure: AttemptFailure): void {
    info.clearRejectorPlugins();
    info.unschedulablePlugins = failure.unschedulablePlugins;
    info.pendingPlugins = failure.pendingPlugins;
    const uid = podUid(pod);
    const cached = this.#cache.pods.get(objectKey(pod));
    if (cached !== undefined && podUid(cached) !== uid) {
      this.#queue.done(uid, "Replaced"); // recreated under its name: another pod, of which nothing is known
      return;
    }
    if (cached === undefined || isAssigned(cached)) {
      this.#queue.done(uid, cached === undefined ? "Delete" : "Bound");
    } else if (this.#loses(cached)) {
      this.#queue.done(uid, "Lost");
    } else {
      info.replacePod(cached);
      this.#queue.addUnschedulableIfNotPresent(info, podSchedulingCycle);
    }
    this.#queue.addNominatedPod(info.pod, failure.nominating);
    this.#say(info.pod, failure);
  }

  #say(pod: Pod, { reason, message, nominating }: AttemptFailure): void {
    const note = truncateNote(message);
    this.#write(
      this.#writer.recordEvent(pod, { type: "Warning", reason: "FailedScheduling", action: "Scheduling", note }),
    );
    const condition: Condition = {
      type: "PodScheduled",
      status: "False",
      reason,
      message,
      ...(pod.metadata.generation !== undefined && { observedGeneration: pod.metadata.generation }),
    };
    const nominated = nominating.mode === "override" ? nominating.nominatedNodeName : undefined;
    const patch = statusPatch(pod, condition, nominated);
    if (patch !== undefined) this.#write(this.#writer.patchStatus(pod, patch));
  }

  #write(writing: Promise<void>): void {
    writing.catch(this.#reportWriteError);
  }
}
