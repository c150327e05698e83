import { expect } from "playwright/test";
import { z } from "zod";
import {
  addHandlerResponse,
  clusterList,
  topics,
  type AddHandlerRequest,
  type Measured,
  type Value,
} from "#lib/protocol/index.ts";
import type { RunningServer } from "#e2e/running-server.ts";

const queue = z.object({ lanes: topics.lanes.value, events: topics.events.value });

/** The one cluster that a server is attached to, as its REST interface tells it. */
export class ServedCluster {
  readonly #server: RunningServer;
  readonly id: string;

  private constructor(server: RunningServer, id: string) {
    this.#server = server;
    this.id = id;
  }

  /** Answers when it is connected. */
  static async connected(server: RunningServer): Promise<ServedCluster> {
    const clusters = async () => clusterList.parse((await server.api("GET", "/api/clusters")).body).clusters;
    const phases = async () => (await clusters()).map(({ phase, problem }) => problem?.message ?? phase);
    await expect.poll(phases).toEqual(["connected"]);
    return new ServedCluster(server, (await clusters())[0]?.id ?? "");
  }

  async informer(key: string): Promise<Value<"informer">> {
    return topics.informer.value.parse(await this.#get(`informers/${encodeURIComponent(key)}`));
  }

  async informers(): Promise<Value<"informers">> {
    return topics.informers.value.parse(await this.#get("informers"));
  }

  async queue(): Promise<z.infer<typeof queue>> {
    return queue.parse(await this.#get("queue?limit=200"));
  }

  /** Nobody is ready to be tried, backs off, or is in flight. */
  async isAtRest(): Promise<boolean> {
    const { lanes, events } = queue.parse(await this.#get("queue?limit=1"));
    return lanes.active.count === 0 && lanes.backoff.count === 0 && Object.keys(events.pods).length === 0;
  }

  /** Whether the informer knows the cluster as of this version: real API servers give numbers that grow. */
  async hasSeen(key: string, resourceVersion: string): Promise<boolean> {
    return Number((await this.informer(key)).store.resourceVersion) >= Number(resourceVersion);
  }

  /** What kube-scheduler's metrics said last, once they could be read. */
  async measured(): Promise<Measured | undefined> {
    const { metrics } = topics.scheduler.value.parse(await this.#get("scheduler"));
    return metrics.state === "measured" ? metrics.last : undefined;
  }

  /** Keys of what an informer can be started for. */
  async resources(): Promise<readonly string[]> {
    const list = z.object({ resources: z.array(z.object({ key: z.string() })) });
    return list.parse(await this.#get("resources")).resources.map(({ key }) => key);
  }

  async addHandler(key: string, request: AddHandlerRequest): Promise<z.infer<typeof addHandlerResponse>> {
    const { status, body } = await this.#server.api("POST", this.#path(handlersOf(key)), request);
    expect(status, JSON.stringify(body)).toBe(200);
    return addHandlerResponse.parse(body);
  }

  /** Removes exactly this one, which has to be there. */
  async removeHandler(handle: number): Promise<void> {
    const { status, body } = await this.#server.api("DELETE", this.#path(`handlers/${handle}`));
    expect(status, JSON.stringify(body)).toBe(200);
  }

  async relist(key: string): Promise<void> {
    const { status } = await this.#server.api("POST", this.#path(`informers/${encodeURIComponent(key)}/relist`));
    expect(status).toBe(200);
  }

  /** Pods of a namespace that our queue holds anywhere, in flight included, up to 200 of each lane. */
  async queuedPods(namespace: string): Promise<number> {
    const { lanes, events } = await this.queue();
    const rows = [lanes.active, lanes.backoff, lanes.unschedulable].flatMap((lane) => Object.values(lane.rows));
    return [...rows, ...Object.values(events.pods)].filter((pod) => pod.namespace === namespace).length;
  }

  async #get(path: string): Promise<unknown> {
    const { status, body } = await this.#server.api("GET", this.#path(path));
    expect(status, JSON.stringify(body)).toBe(200);
    return body;
  }

  #path(path: string): string {
    return `/api/clusters/${this.id}/${path}`;
  }
}

function handlersOf(key: string): string {
  return `informers/${encodeURIComponent(key)}/handlers`;
}
