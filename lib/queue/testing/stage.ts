import { FakeClock } from "#lib/clock/testing/fake-clock.ts";
import { actionType, type ClusterEvent, type KubeObject, type Pod, type PodUid } from "#lib/kube/index.ts";
import type { HandBackResult } from "../hand-back.ts";
import type { InFlightElement } from "../in-flight.ts";
import { PriorityQueue } from "../priority-queue.ts";
import type { PriorityQueueOptions } from "../queue-options.ts";
import type { QueuedPodInfo } from "../queued-pod-info.ts";
import type { QueueingHintRegistration } from "../registered-events.ts";
import type { Transition } from "../transitions.ts";

export const nodeAdd: ClusterEvent = { resource: "Node", actionType: actionType.Add };
export const claimAdd: ClusterEvent = { resource: "resource.k8s.io/ResourceClaim", actionType: actionType.Add };
export const podDelete: ClusterEvent = { resource: "AssignedPod", actionType: actionType.Delete };

/** Fit waits for big nodes, Claims for any claim. */
const registrations: readonly QueueingHintRegistration[] = [
  {
    plugin: "Fit",
    event: nodeAdd,
    hint: (_pod, _old, node) => (node?.metadata.labels?.["size"] === "big" ? "Queue" : "Skip"),
  },
  { plugin: "Claims", event: claimAdd },
];

export const aNode = (name: string): KubeObject => ({
  kind: "Node",
  metadata: { name, labels: { size: name.startsWith("big") ? "big" : "small" } },
});

export const aPod = (name: string, priority = 0, labels: Readonly<Record<string, string>> = {}): Pod => ({
  kind: "Pod",
  metadata: { name, namespace: "default", uid: name, labels },
  spec: { priority },
});

export const uid = (name: string): PodUid => name as PodUid;

/** A queue with its clock, pods called by name, and everything that it told. */
export class Stage {
  readonly clock = new FakeClock(1_767_225_600_000);
  readonly queue: PriorityQueue;
  readonly told: Transition[] = [];
  readonly #records = new Map<string, QueuedPodInfo>();

  constructor(options: Partial<PriorityQueueOptions> = {}) {
    const queueingHintMap = new Map([["default-scheduler", registrations]]);
    this.queue = new PriorityQueue({ clock: this.clock, queueingHintMap, ...options });
    this.queue.observe((transition) => void this.told.push(transition));
  }

  /** Adds the pods, the first with the highest priority, and takes them all off. */
  takeOff(...names: readonly string[]): void {
    for (const [index, name] of names.entries()) {
      this.queue.add(aPod(name, names.length - index));
    }
    for (const name of names) {
      const info = this.pop();
      if (info.uid !== name) throw new Error(`expected ${name}, popped ${info.uid}`);
    }
  }

  pop(): QueuedPodInfo {
    const info = this.queue.pop();
    if (info === undefined) throw new Error("nothing to pop");
    this.#records.set(info.uid, info);
    return info;
  }

  /** Adds a pod, tries it and has it rejected. */
  park(name: string, ...plugins: readonly string[]): void {
    this.takeOff(name);
    this.fail(name, plugins);
  }

  fail(name: string, plugins: readonly string[] = [], pending: readonly string[] = []): HandBackResult {
    const info = this.#records.get(name);
    if (info === undefined) throw new Error(`${name} was never popped`);
    info.clearRejectorPlugins();
    info.unschedulablePlugins = new Set(plugins);
    info.pendingPlugins = new Set(pending);
    return this.queue.addUnschedulableIfNotPresent(info, this.queue.schedulingCycle);
  }

  event(event: ClusterEvent, object: KubeObject = aNode("big")): void {
    this.queue.moveAllToActiveOrBackoffQueue(event, undefined, object);
  }

  done(name: string): void {
    this.queue.done(uid(name));
  }

  advance(ms: number): void {
    this.clock.set(this.clock.now() + ms);
  }

  /** Where the pod waits. */
  placeOf(name: string): string {
    return this.queue.getPod(name, "default")?.place ?? "nowhere";
  }

  /** The in-flight list, head first: pods by name, events by label. */
  get list(): string[] {
    return Array.from(this.queue.view.inFlight.elements(), wordFor);
  }

  /** What the pod in flight would be shown now. */
  seenBy(name: string): string[] {
    const seen: string[] = [];
    this.queue.view.inFlight.someEventOf(uid(name), (element) => {
      seen.push(wordFor(element));
      return false;
    });
    return seen;
  }
}

function wordFor(element: InFlightElement): string {
  return element.kind === "pod" ? `pod ${element.uid}` : element.incoming.label.replace("resource.k8s.io/Resource", "");
}
