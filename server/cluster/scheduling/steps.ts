import { actionType, objectKey, type ClusterEvent, type KubeObject, type Pod, type PodUid } from "#lib/kube/index.ts";
import type { PriorityQueue } from "#lib/queue/index.ts";
import type { SchedulerStep, SchedulerStepResponse } from "#lib/protocol/index.ts";
import type { SchedulingLoop, StepResult } from "#lib/scheduler/index.ts";
import { RefusedError } from "#server/hub/clusters.ts";
import type { InformerBoard } from "../informer-board.ts";
import { objectOfEvent } from "./event-objects.ts";
import { resourceKeyOfEvent } from "./pipeline-sources.ts";

export interface StepsOptions {
  readonly board: InformerBoard;
  readonly queue: PriorityQueue;
  readonly loop: SchedulingLoop;
}

/** What a person does to our scheduler, one step at a time. */
export class Steps {
  readonly #board: InformerBoard;
  readonly #queue: PriorityQueue;
  readonly #loop: SchedulingLoop;

  constructor({ board, queue, loop }: StepsOptions) {
    this.#board = board;
    this.#queue = queue;
    this.#loop = loop;
  }

  /** `pop shop/web-1`, `finish shop/web-1 as error`, `inject NodeAdd`: what taking it would be. */
  nameOf(step: SchedulerStep): string {
    switch (step.step) {
      case "pop": {
        const [next] = this.#queue.view.active({ limit: 1 });
        return next === undefined ? "pop" : `pop ${next.key}`;
      }
      case "finish":
        return `finish ${this.#podIn(step.uid)} as ${step.as}`;
      case "hold":
      case "release":
        return `${step.step} ${this.#podIn(step.uid)}`;
      case "inject":
        return `inject ${step.event}${step.object === undefined ? "" : ` ${step.object}`}`;
    }
  }

  /** @throws RefusedError where it makes no sense now */
  take(step: SchedulerStep): SchedulerStepResponse {
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

  #podIn(uid: string): string {
    const pod = this.#loop.flight(uid as PodUid)?.pod;
    return pod === undefined ? uid : objectKey(pod);
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

export function refOf({ metadata }: KubeObject) {
  return { uid: metadata.uid ?? "", namespace: metadata.namespace ?? "", name: metadata.name ?? "" };
}
