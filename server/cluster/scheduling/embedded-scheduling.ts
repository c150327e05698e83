import type { Clock } from "#lib/clock/index.ts";
import { actionType, type ClusterEvent, type KubeObject, type Pod, type PodUid } from "#lib/kube/index.ts";
import { PriorityQueue, type QueueView } from "#lib/queue/index.ts";
import type { SchedulerRequest, SchedulerState, SchedulerStep, SchedulerStepResponse } from "#lib/protocol/index.ts";
import {
  ClusterCache,
  defaultProfile,
  EventPipeline,
  preEnqueuePlugins,
  queueingHintMap,
  SchedulingLoop,
  type SchedulerWriter,
  type StepResult,
} from "#lib/scheduler/index.ts";
import { RefusedError } from "#server/hub/clusters.ts";
import type { InformerBoard } from "../informer-board.ts";
import { QueueFlow } from "../queue-flow.ts";
import type { Attempt } from "../views/events.ts";
import { objectOfEvent } from "./event-objects.ts";
import { feed, resourceKeyOfEvent } from "./pipeline-sources.ts";
import { QueueHistory } from "./queue-history.ts";
import { assumedConfiguration, describeConfiguration } from "./scheduler-configuration.ts";
import type { Scheduling, SchedulingFacts } from "./scheduling.ts";
import { TransitionLog } from "./transition-log.ts";

/** Long enough that several pods are in flight at once and a person sees it. */
const defaultBindingMs = 2_000;
/** Pods that fit nowhere are the most: each is looked at for a shorter time. */
const postFilterShare = 0.15;
const maxInFlight = 6;

export interface EmbeddedSchedulingOptions {
  readonly clock: Clock;
  readonly board: InformerBoard;
  readonly writer: SchedulerWriter;
  readonly scheme: "current" | "historical";
  readonly reportError: (error: unknown) => void;
}

/** Our own scheduler, which binds the pods of the embedded cluster and can be paused, set and stepped. */
export class EmbeddedScheduling implements Scheduling {
  readonly provenance = "actual";
  readonly flow: QueueFlow;
  readonly history: QueueHistory;
  readonly transitions: TransitionLog;
  readonly #board: InformerBoard;
  readonly #queue: PriorityQueue;
  readonly #loop: SchedulingLoop;
  #bindingMs = defaultBindingMs;
  /** A cluster is found as if it had run before: what waits at the start is tried at full speed, once. */
  #hasCaughtUp = false;

  constructor({ clock, board, writer, scheme, reportError }: EmbeddedSchedulingOptions) {
    const cache = new ClusterCache();
    const profiles = [defaultProfile(cache)];
    this.#board = board;
    this.#queue = new PriorityQueue({
      clock,
      queueingHintMap: queueingHintMap(profiles),
      preEnqueuePlugins: preEnqueuePlugins(profiles),
      podLister: (key) => cache.pods.get(key),
      inFlightScheme: scheme,
    });
    this.flow = new QueueFlow(this.#queue, clock);
    this.history = new QueueHistory(this.#queue, clock);
    this.transitions = new TransitionLog(this.#queue);
    this.#loop = new SchedulingLoop({
      clock,
      queue: this.#queue,
      cache,
      profiles,
      writer,
      reportError,
      bindingTimeMs: () => this.#paceMs(),
      postFilterTimeMs: () => this.#paceMs() * postFilterShare,
      maxInFlight,
    });
    const pipeline = new EventPipeline({
      cache,
      queue: this.#queue,
      schedulerNames: new Set(profiles.map(({ schedulerName }) => schedulerName)),
      rejectWaitingPod: (uid) => this.#loop.rejectWaitingPod(uid),
    });
    feed(board, { pipeline });
    this.#queue.run();
    this.#loop.run().catch(reportError);
  }

  get queue(): QueueView {
    return this.#queue.view;
  }

  attemptOf(uid: string): Attempt | undefined {
    return this.#loop.flight(uid as PodUid);
  }

  outcomeOf(): undefined {
    return undefined; // everything here is actual
  }

  facts(): SchedulingFacts {
    return {
      configuration: describeConfiguration(assumedConfiguration),
      metrics: { state: "notNeeded" },
      otherSchedulers: {},
    };
  }

  loopState(): SchedulerState {
    const [next] = this.queue.active({ limit: 1 });
    return {
      isPaused: this.#loop.isPaused,
      bindingMs: this.#bindingMs,
      step: this.#queue.schedulingCycle,
      undo: { count: 0 },
      redo: { count: 0 },
      ...(next === undefined ? {} : { next: { ...refOf(next.pod), priority: next.priority } }),
    };
  }

  set({ isPaused, bindingMs }: SchedulerRequest): void {
    if (bindingMs !== undefined) {
      this.#bindingMs = bindingMs;
      this.#hasCaughtUp = true;
    }
    if (isPaused === true) this.#loop.pause();
    if (isPaused === false) this.#loop.resume();
  }

  step(step: SchedulerStep): SchedulerStepResponse {
    switch (step.step) {
      case "pop":
        return this.#answer(this.#loop.popNext());
      case "finish": {
        const { uid, ...finish } = step;
        const pod = this.#loop.flight(uid as PodUid)?.pod;
        return this.#answer(this.#loop.finish(uid as PodUid, finish), pod);
      }
      case "hold":
        return this.#answer(this.#loop.hold(step.uid as PodUid));
      case "release": {
        const pod = this.#loop.flight(step.uid as PodUid)?.pod;
        return this.#answer(this.#loop.release(step.uid as PodUid), pod);
      }
      case "inject":
        this.#inject(step.event, step.object);
        return { ok: true };
    }
  }

  stop(): void {
    this.history.stop();
    this.#loop.stop();
    this.#queue.close();
  }

  #paceMs(): number {
    this.#hasCaughtUp ||= this.queue.sizes().active === 0;
    return this.#hasCaughtUp ? this.#bindingMs : 0;
  }

  #inject(label: string, object: string | undefined): void {
    const event = eventOf(label);
    const found = objectOfEvent(this.#board, event.resource, object);
    if (found === undefined) {
      const what = object === undefined ? event.resource : `${event.resource} ${object}`;
      throw new RefusedError(404, "no-such-object", `there is no ${what} to tell of`);
    }
    const isDelete = event.actionType === actionType.Delete;
    const isAdd = event.actionType === actionType.Add;
    this.#loop.injectEvent(event, isAdd ? undefined : found, isDelete ? undefined : found);
  }

  #answer(result: StepResult, known?: Pod): SchedulerStepResponse {
    if (!result.ok) throw new RefusedError(409, result.code, result.message);
    const pod = known ?? this.#loop.flight(result.uid)?.pod;
    const place = known === undefined ? undefined : this.#placeOf(known);
    return {
      ok: true,
      ...(pod === undefined ? {} : { pod: refOf(pod) }),
      ...(place === undefined ? {} : { queue: place }),
    };
  }

  #placeOf({ metadata }: Pod): string | undefined {
    return this.#queue.getPod(metadata.name ?? "", metadata.namespace ?? "")?.place;
  }
}

/** `NodeUpdateNodeTaint` is what happens to a Node: the longest action that ends the label. */
function eventOf(label: string): ClusterEvent {
  const names = Object.keys(actionType).filter((name) => label.endsWith(name) && label.length > name.length);
  const name = names.sort((a, b) => b.length - a.length)[0] ?? "";
  const resource = label.slice(0, label.length - name.length);
  if (name === "" || resourceKeyOfEvent(resource) === undefined) {
    throw new RefusedError(422, "no-such-event", `${label} is no event: expected a resource and an action, as NodeAdd`);
  }
  return { resource, actionType: actionType[name as keyof typeof actionType] };
}

function refOf({ metadata }: KubeObject) {
  return { uid: metadata.uid ?? "", namespace: metadata.namespace ?? "", name: metadata.name ?? "" };
}
