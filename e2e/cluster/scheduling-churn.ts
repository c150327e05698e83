import { z } from "zod";
import type { KubeApi } from "#e2e/kube-api.ts";

/** What a pod is like. All but the first can never run anywhere, or wait at a gate. */
const kinds = {
  small: { cpu: "200m" },
  huge: { cpu: "64" },
  homeless: { cpu: "200m", nodeSelector: { rack: "none" } },
  lonely: { cpu: "10m", affinity: besides("nobody") },
  gated: { cpu: "200m", schedulingGates: [{ name: "example.com/later" }] },
} as const;

type Kind = keyof typeof kinds;

/** How many there are before the churn. More small ones than fit, so that a hole is filled at once. */
const crowd: Readonly<Record<Kind, number>> = { small: 425, huge: 20, homeless: 20, lonely: 15, gated: 20 };
export const podCount = Object.values(crowd).reduce((sum, count) => sum + count, 0);
export const nodeCount = 20;

const taint = { key: "example.com/closed", value: "yes", effect: "NoSchedule" };
const extra = "extra";

/** One object that changed, at a time when others may have been changing. */
export interface Change {
  /** The cluster event by which parked pods may be moved because of it; absent where there is none. */
  readonly event?: string;
  /** Something else that may move pods changed while they were still tried because of this, or the other way round. */
  readonly isOverlapped: boolean;
  /** One side may have seen it in one second, the other in the next. */
  readonly isNearSecond: boolean;
}

/** How long a change may be on its way to whoever watches. */
const deliveryMs = 100;

const changedObject = z.object({
  kind: z.enum(["Pod", "Node"]),
  metadata: z.object({ resourceVersion: z.string() }),
});

/** An object as a change has left it. */
export type ChangedObject = z.infer<typeof changedObject>;

interface Step {
  readonly weight: number;
  readonly event?: string;
  readonly act: () => Promise<unknown>;
}

/** 500 pods on 20 nodes that come, change and go by random numbers that can be repeated. */
export class SchedulingChurn {
  readonly #api: KubeApi;
  readonly #namespace: string;
  readonly #random: () => number;
  readonly #names: Record<Kind, string[]> = { small: [], huge: [], homeless: [], lonely: [], gated: [] };
  #count = 0;

  constructor(api: KubeApi, namespace: string, random: () => number) {
    this.#api = api;
    this.#namespace = namespace;
    this.#random = random;
  }

  async begin(): Promise<void> {
    for (let index = 0; index < nodeCount; index++) {
      await this.#api.createNode(nodeName(index), { cpu: "4", labels: { rack: `${index % 4}` } });
    }
    const wanted = Object.entries(crowd).flatMap(([kind, count]) => Array.from({ length: count }, () => kind as Kind));
    for (let at = 0; at < wanted.length; at += 10) {
      await Promise.all(wanted.slice(at, at + 10).map((kind) => this.#create(kind)));
    }
  }

  /**
   * One change after the other for so long, now and then two at once.
   *
   * @param settle resolves when kube-scheduler has tried everybody again, with whether the shadow has, too, and had seen
   *   these
   */
  async run(
    forMs: number,
    settle: (changed: readonly ChangedObject[]) => Promise<boolean>,
  ): Promise<readonly Change[]> {
    const changes: Change[] = [];
    const until = Date.now() + forMs;
    let isInTime = true;
    while (Date.now() < until) {
      const steps = this.#random() < 0.05 ? [this.#choose(), this.#choose()] : [this.#choose()];
      const began = Date.now();
      const answers = await Promise.all(steps.map(({ act }) => act()));
      const isNearSecond = secondOf(began) !== secondOf(Date.now() + deliveryMs);
      const wasInTime = isInTime;
      isInTime = await settle(answers.flatMap((answer) => changedObject.safeParse(answer).data ?? []));
      const isOverlapped = steps.every(({ event }) => event !== undefined) && steps.length > 1;
      for (const { event } of steps) {
        changes.push({
          isOverlapped: isOverlapped || !wasInTime || !isInTime,
          isNearSecond,
          ...(event === undefined ? {} : { event }),
        });
      }
    }
    return changes;
  }

  async end(): Promise<void> {
    await this.#api.request("DELETE", `/api/v1/namespaces/${this.#namespace}/pods?gracePeriodSeconds=0`);
    for (let index = 0; index < nodeCount; index++) await this.#deleteNode(index);
    await this.#deleteNode(extra);
  }

  #choose(): Step {
    const taints = "NodeUpdateNodeTaint";
    const steps: readonly Step[] = [
      { weight: 5, act: () => this.#create("small") },
      { weight: 5, event: "AssignedPodDelete", act: () => this.#delete("small") },
      { weight: 1, act: () => this.#create("huge") },
      { weight: 1, act: () => this.#delete("huge") },
      { weight: 1, act: () => this.#create("homeless") },
      { weight: 1, act: () => this.#create("gated") },
      { weight: 1, act: () => this.#ungate() },
      { weight: 2, event: "AssignedPodUpdatePodLabel", act: () => this.#label("small") },
      { weight: 1, event: "UnschedulablePodUpdatePodLabel", act: () => this.#label("lonely") },
      {
        weight: 1,
        event: "NodeUpdateNodeLabel",
        act: () => this.#patchNode({ metadata: { labels: { seen: this.#next() } } }),
      },
      { weight: 1, act: () => this.#patchNode({ metadata: { annotations: { "example.com/seen": this.#next() } } }) },
      { weight: 1, act: () => this.#patchNode({ spec: { unschedulable: true } }) },
      { weight: 2, event: taints, act: () => this.#patchNode({ spec: { unschedulable: null } }) },
      { weight: 1, event: taints, act: () => this.#patchNode({ spec: { taints: [taint] } }) },
      { weight: 2, event: taints, act: () => this.#patchNode({ spec: { taints: null } }) },
      { weight: 1, event: "NodeUpdateNodeAllocatable", act: () => this.#resizeNode() },
      { weight: 1, event: "NodeAdd", act: () => this.#createExtraNode() },
      { weight: 1, event: taints, act: () => this.#openExtraNode() },
      { weight: 1, act: () => this.#deleteNode(extra) },
    ];
    let left = this.#random() * steps.reduce((sum, { weight }) => sum + weight, 0);
    const chosen = steps.find(({ weight }) => (left -= weight) < 0);
    if (chosen === undefined) throw new Error("a random number is less than 1");
    return chosen;
  }

  async #create(kind: Kind): Promise<unknown> {
    const name = `${kind}-${this.#next()}`;
    this.#names[kind].push(name);
    const { cpu, ...spec } = kinds[kind];
    const container = { name: "main", image: "none.invalid/none", resources: { requests: { cpu, memory: "1Mi" } } };
    return this.#api.request("POST", `/api/v1/namespaces/${this.#namespace}/pods`, {
      metadata: { name, labels: { app: kind } },
      spec: { automountServiceAccountToken: false, containers: [container], ...spec },
    });
  }

  async #delete(kind: Kind): Promise<unknown> {
    const [name] = this.#names[kind].splice(this.#below(this.#names[kind].length), 1);
    if (name === undefined) return undefined;
    const path = `/api/v1/namespaces/${this.#namespace}/pods/${name}?gracePeriodSeconds=0`;
    return this.#api.request("DELETE", path);
  }

  async #ungate(): Promise<unknown> {
    const name = this.#names.gated.pop();
    if (name === undefined) return undefined;
    this.#names.small.push(name);
    return this.#patchPod(name, { spec: { schedulingGates: null } });
  }

  async #label(kind: Kind): Promise<unknown> {
    const name = this.#names[kind][this.#below(this.#names[kind].length)];
    return name === undefined ? undefined : this.#patchPod(name, { metadata: { labels: { seen: this.#next() } } });
  }

  async #resizeNode(): Promise<unknown> {
    const cpu = ["4", "4200m", "4400m"][this.#below(3)] ?? "4";
    const path = `/api/v1/nodes/${nodeName(this.#below(nodeCount))}/status`;
    return this.#api.patch(path, { status: { allocatable: { cpu } } });
  }

  /** The API server puts a taint on it, because nobody says that it is ready. */
  async #createExtraNode(): Promise<unknown> {
    const capacity = { cpu: "400m", memory: "64Gi", pods: "110" };
    const metadata = { name: nodeName(extra), labels: { rack: extra } };
    return this.#api.request("POST", "/api/v1/nodes", { metadata, status: { capacity, allocatable: capacity } });
  }

  /** If it is there. */
  async #openExtraNode(): Promise<unknown> {
    const change = { spec: { taints: null } };
    const path = `/api/v1/nodes/${nodeName(extra)}`;
    return (await this.#api.send("PATCH", path, change, "application/merge-patch+json")).body;
  }

  async #deleteNode(index: number | string): Promise<unknown> {
    return this.#api.request("DELETE", `/api/v1/nodes/${nodeName(index)}`);
  }

  async #patchNode(change: unknown): Promise<unknown> {
    return this.#api.patch(`/api/v1/nodes/${nodeName(this.#below(nodeCount))}`, change);
  }

  async #patchPod(name: string, change: unknown): Promise<unknown> {
    return this.#api.patch(`/api/v1/namespaces/${this.#namespace}/pods/${name}`, change);
  }

  #next(): string {
    return `${this.#count++}`;
  }

  #below(count: number): number {
    return Math.floor(this.#random() * count);
  }
}

function secondOf(instant: number): number {
  return Math.floor(instant / 1000);
}

function nodeName(index: number | string): string {
  return `measured-${index}`;
}

/** It will only run where a pod with that label does. */
function besides(app: string): unknown {
  const term = { labelSelector: { matchLabels: { app } }, topologyKey: "rack" };
  return { podAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [term] } };
}
