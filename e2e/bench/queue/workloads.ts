import { actionType, type ClusterEvent, type KubeObject, type Pod } from "#lib/kube/index.ts";
import { PriorityQueue, type QueuedPodInfo, type QueueingHintFn } from "#lib/queue/index.ts";
import { SteppingClock } from "./stepping-clock.ts";

/** Nanoseconds per operation, by phase. */
export type Phases = Readonly<Record<string, number>>;

const skip: QueueingHintFn = () => "Skip";
const sameBucket: QueueingHintFn = (pod, _old, node) =>
  node?.metadata.labels?.["bucket"] === pod.metadata.labels?.["bucket"] ? "Queue" : "Skip";

/** The same workloads are in e2e/bench/go/queue/workloads.go, step by step. */
export const workloads = {
  addPopDone: () => addPopDone(10_000),
  flightDone: () => flight(1_000, 10_000, "done"),
  flightHandBack: () => flight(1_000, 10_000, "handBack"),
  parkedSkip: () => parked(10_000, 100, skip),
  parkedMatch: () => parked(10_000, 100, sameBucket),
  steady: () => steady({ inFlight: 200, rounds: 5_000, eventsPerRound: 10 }),
} as const satisfies Record<string, () => Phases>;

const nodeAdd: ClusterEvent = { resource: "Node", actionType: actionType.Add };

/** One plugin, Fit, that is registered for Node/Add. */
export class Stage {
  readonly #clock = new SteppingClock(Date.UTC(2026, 0));
  readonly queue: PriorityQueue;

  constructor(hint: QueueingHintFn = skip) {
    const fit = { plugin: "Fit", event: nodeAdd, hint };
    this.queue = new PriorityQueue({ clock: this.#clock, queueingHintMap: new Map([["default-scheduler", [fit]]]) });
  }

  addAll(pods: readonly Pod[]): void {
    for (const pod of pods) {
      this.#clock.step(1);
      this.queue.add(pod);
    }
  }

  popAll(count: number): QueuedPodInfo[] {
    const infos: QueuedPodInfo[] = [];
    while (infos.length < count) {
      const info = this.queue.pop();
      if (info === undefined) throw new Error("fewer pods were ready than were added");
      infos.push(info);
    }
    return infos;
  }

  events(nodes: readonly KubeObject[]): void {
    for (const node of nodes) this.queue.moveAllToActiveOrBackoffQueue(nodeAdd, undefined, node);
  }

  handBack(infos: readonly QueuedPodInfo[]): void {
    for (const info of infos) {
      this.#clock.step(1);
      info.unschedulablePlugins = new Set(["Fit"]);
      this.queue.addUnschedulableIfNotPresent(info, this.queue.schedulingCycle);
    }
  }

  done(infos: readonly QueuedPodInfo[]): void {
    for (const { uid } of infos) this.queue.done(uid);
  }

  pass(ms: number): void {
    this.#clock.step(ms);
  }
}

export function podsOf(count: number): readonly Pod[] {
  return Array.from({ length: count }, (_, index) => {
    const number = String(index).padStart(5, "0");
    return {
      metadata: { name: `pod-${number}`, namespace: "default", uid: `uid-${number}`, labels: bucketOf(index) },
      spec: { schedulerName: "default-scheduler", priority: (index * 7919) % 100 },
    };
  });
}

export function nodesOf(count: number): readonly KubeObject[] {
  return Array.from({ length: count }, (_, index) => ({
    kind: "Node",
    metadata: { name: `node-${String(index).padStart(5, "0")}`, labels: bucketOf(index) },
  }));
}

function bucketOf(index: number): Readonly<Record<string, string>> {
  return { bucket: String(index % 100) };
}

/** Collects garbage first, so that no phase pays for the one before. */
function timed(operations: number, work: () => void): number {
  globalThis.gc?.();
  const start = performance.now();
  work();
  return ((performance.now() - start) * 1e6) / operations;
}

/** Nothing else happens. */
function addPopDone(count: number): Phases {
  const stage = new Stage();
  const pods = podsOf(count);
  let infos: readonly QueuedPodInfo[] = [];
  return {
    add: timed(count, () => stage.addAll(pods)),
    pop: timed(count, () => void (infos = stage.popAll(count))),
    done: timed(count, () => stage.done(infos)),
  };
}

/**
 * Events that matter while pods fly, then all of them end, in the order in which they were popped. Handing back walks
 * the whole list behind the pod, and every hint skips.
 */
function flight(count: number, events: number, ending: "done" | "handBack"): Phases {
  const stage = new Stage();
  stage.addAll(podsOf(count));
  const infos = stage.popAll(count);
  const nodes = nodesOf(events);
  return {
    event: timed(events, () => stage.events(nodes)),
    [ending]: timed(count, () => stage[ending](infos)),
  };
}

/** One operation is one event that every parked pod's plugin is asked about. */
function parked(count: number, events: number, hint: QueueingHintFn): Phases {
  const stage = new Stage(hint);
  stage.addAll(podsOf(count));
  stage.handBack(stage.popAll(count));
  stage.pass(60_000);
  const nodes = nodesOf(events);
  return { event: timed(events, () => stage.events(nodes)) };
}

/** Each round pops one pod, brings events and ends the flight of the oldest, which drops its events. */
function steady(of: { readonly inFlight: number; readonly rounds: number; readonly eventsPerRound: number }): Phases {
  const stage = new Stage();
  stage.addAll(podsOf(of.inFlight + of.rounds));
  const flying = stage.popAll(of.inFlight);
  const [node] = nodesOf(1);
  const nodes = Array.from({ length: of.eventsPerRound }, () => node).filter((each) => each !== undefined);
  let oldest = 0;
  return {
    round: timed(of.rounds, () => {
      for (let round = 0; round < of.rounds; round++) {
        flying.push(...stage.popAll(1));
        stage.events(nodes);
        stage.done(flying.slice(oldest, ++oldest));
      }
    }),
  };
}
