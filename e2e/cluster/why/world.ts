import { expect } from "playwright/test";
import { z } from "zod";
import type { KubeApi } from "#e2e/kube-api.ts";
import {
  merge,
  namespaceOf,
  nodeName,
  podObject,
  podPath,
  poolLabels,
  type Call,
  type PoolNode,
  type Situation,
} from "./situation.ts";

const pod = z.object({
  metadata: z.object({ uid: z.string() }),
  spec: z.object({ nodeName: z.string().optional() }),
  status: z.object({
    conditions: z
      .array(z.object({ type: z.string(), reason: z.string().optional(), message: z.string().optional() }))
      .optional(),
  }),
});
const template = z.object({
  spec: z.object({ template: z.object({ metadata: z.record(z.string(), z.unknown()), spec: z.unknown() }) }),
});
export type SeenPod = z.infer<typeof pod>;

const atOnce = 12;

/** The situations as objects of a real cluster. */
export class World {
  readonly #api: KubeApi;

  constructor(api: KubeApi) {
    this.#api = api;
  }

  /** Answers once kube-scheduler has said of each pod what it had to say, knowing every node. */
  async build(situations: readonly Situation[]): Promise<void> {
    await each(situations, async ({ name }) => this.#api.createNamespace(namespaceOf(name)));
    await each(situations, (situation) => this.furnish(situation));
    await this.#untilEveryNodeIsKnown();
    await each(situations, (situation) => this.#makePod(situation));
    await each(situations, (situation) => this.#untilSpokenOf(situation));
  }

  /** The pod that the table is about. */
  async pod({ name, pod: shape }: Situation): Promise<SeenPod> {
    return this.#read(podPath(name, shape?.name));
  }

  /** The condition that kube-scheduler wrote. */
  async wordsAbout(situation: Situation): Promise<string | undefined> {
    return (await this.pod(situation)).status.conditions?.find(({ type }) => type === "PodScheduled")?.message;
  }

  async call({ method, path, body, contentType }: Call, pods?: SeenPod): Promise<void> {
    const text = JSON.stringify(body)
      ?.replaceAll('"NOW"', JSON.stringify(new Date().toISOString().replace("Z", "000Z")))
      .replaceAll('"UID"', JSON.stringify(pods?.metadata.uid));
    await this.#api.request(method, path, text === undefined ? undefined : JSON.parse(text), contentType);
  }

  /** The node that the pod was put on. */
  async nodeOf(situation: Situation): Promise<string | undefined> {
    return (await this.pod(situation)).spec.nodeName;
  }

  /** In place of the controllers that are not here: the pod goes, and another one is made from the changed template. */
  async replaceFromTemplate(situation: Situation): Promise<Situation> {
    const namespace = namespaceOf(situation.name);
    const deployment = template.parse(
      await this.#api.request("GET", `/apis/apps/v1/namespaces/${namespace}/deployments/web`),
    );
    const name = "web-new";
    await this.#api.deletePod(namespace, situation.pod?.name ?? "pod");
    const { metadata, spec } = deployment.spec.template;
    await this.#api.request("POST", `/api/v1/namespaces/${namespace}/pods`, { metadata: { ...metadata, name }, spec });
    return { ...situation, pod: { name } };
  }

  /** All but the pod. */
  async furnish(situation: Situation): Promise<void> {
    const { name, nodes = [], objects = [], running = [] } = situation;
    for (const node of nodes) await this.#makeNode(name, node);
    for (const object of objects) await this.call(object);
    for (const each of running) {
      const path = `/api/v1/namespaces/${namespaceOf(name)}/pods`;
      const made = pod.parse(await this.#api.request("POST", path, podObject(situation, each)));
      for (const call of each.afterwards ?? []) await this.call(call, made);
    }
  }

  async #makeNode(situation: string, node: PoolNode): Promise<void> {
    const { labels = {}, taints = null, has = {}, isCordoned = false, declaredFeatures } = node;
    const name = nodeName(situation, node.name);
    const own = { "kubernetes.io/hostname": name, ...poolLabels(situation) };
    await this.#api.request("POST", "/api/v1/nodes", { metadata: { name, labels: { ...own, ...labels } } });
    const capacity = { cpu: "4", memory: "8Gi", pods: "10", ...has };
    const conditions = [{ type: "Ready", status: "True" }];
    const status = { capacity, allocatable: capacity, conditions, ...(declaredFeatures && { declaredFeatures }) };
    await this.call(merge(`/api/v1/nodes/${name}/status`, { status }));
    // The API server taints new nodes as not ready; there is no controller here that would take the taint away.
    await this.call(merge(`/api/v1/nodes/${name}`, { spec: { taints, unschedulable: isCordoned } }));
  }

  async #makePod(situation: Situation): Promise<void> {
    const { name, pod: shape } = situation;
    const object = podObject(situation, { name: "pod", ...shape });
    await this.#api.request("POST", `/api/v1/namespaces/${namespaceOf(name)}/pods`, object);
  }

  /** Pods as its situation says, one for each name. */
  async addPods(situation: Situation, names: readonly string[]): Promise<void> {
    const path = `/api/v1/namespaces/${namespaceOf(situation.name)}/pods`;
    for (const name of names) await this.#api.request("POST", path, podObject(situation, { ...situation.pod, name }));
  }

  async deletePod(situation: Situation, name: string): Promise<void> {
    await this.#api.deletePod(namespaceOf(situation.name), name);
  }

  /** As if nobody had ever said anything of the pod. */
  async forgetWords(situation: Situation): Promise<void> {
    await this.call(merge(`${podPath(situation.name)}/status`, { status: { conditions: null } }));
    await this.#api.request("DELETE", `/apis/events.k8s.io/v1/namespaces/${namespaceOf(situation.name)}/events`);
  }

  async #untilSpokenOf(situation: Situation): Promise<void> {
    const { hears = "no node fits", afterwards = [] } = situation;
    const reasons = {
      "no node fits": "Unschedulable",
      "an error": "SchedulerError",
      held: "SchedulingGated",
      nothing: undefined,
      bound: "bound",
    } as const;
    for (const call of afterwards) {
      if (hears === "no node fits") await this.#untilReason(situation, "Unschedulable");
      await this.call(call, await this.pod(situation));
    }
    await this.#untilReason(situation, reasons[hears]);
  }

  async #untilReason(situation: Situation, wanted: string | undefined): Promise<void> {
    const reason = async (): Promise<string | undefined> => {
      const { spec, status } = await this.pod(situation);
      if (spec.nodeName !== undefined) return "bound";
      return status.conditions?.find(({ type }) => type === "PodScheduled")?.reason;
    };
    await expect.poll(reason, `kube-scheduler on ${situation.name}`).toBe(wanted);
  }

  /** Its words count the nodes that it has heard of: somebody who fits nowhere is asked until they are all. */
  async #untilEveryNodeIsKnown(): Promise<void> {
    const probe = { name: "probe", pod: { requests: { cpu: "4000" } } };
    const path = `/api/v1/namespaces/${namespaceOf("probe")}/pods`;
    await this.#api.createNamespace(namespaceOf("probe"));
    const list = z.object({ items: z.array(z.unknown()) });
    const count = list.parse(await this.#api.request("GET", "/api/v1/nodes")).items.length;
    await expect
      .poll(async () => {
        await this.#api.deletePod(namespaceOf("probe"), "pod");
        await this.#api.request("POST", path, podObject(probe, { name: "pod", ...probe.pod }));
        const message = async () => (await this.#read(podPath("probe"))).status.conditions?.[0]?.message ?? "";
        await expect.poll(message).not.toBe("");
        return message();
      })
      .toContain(count === 0 ? "no nodes available" : `0/${count} nodes are available`);
    await this.#api.deletePod(namespaceOf("probe"), "pod");
  }

  async #read(path: string): Promise<SeenPod> {
    return pod.parse(await this.#api.request("GET", path));
  }
}

/** Some at a time, so that the API server is neither idle nor drowned. */
export async function each<T>(all: readonly T[], work: (one: T) => Promise<void>): Promise<void> {
  const left = [...all];
  const workers = Array.from({ length: atOnce }, async () => {
    for (let next = left.shift(); next !== undefined; next = left.shift()) await work(next);
  });
  await Promise.all(workers);
}
