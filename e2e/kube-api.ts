import { KubeConfig } from "@kubernetes/client-node";
import { Agent, fetch } from "undici";
import { z } from "zod";

const podList = z.object({
  items: z.array(
    z.object({
      metadata: z.object({ name: z.string(), uid: z.string(), resourceVersion: z.string() }),
      spec: z.object({ nodeName: z.string().optional() }),
      status: z.object({
        conditions: z
          .array(z.object({ type: z.string(), status: z.string(), message: z.string().optional() }))
          .optional(),
      }),
    }),
  ),
});
const namedObject = z.object({ metadata: z.object({ uid: z.string() }) });
export type ApiPod = z.infer<typeof podList>["items"][number];

export interface ApiAnswer {
  readonly status: number;
  /** Parsed, if it is JSON. */
  readonly body: unknown;
}

const mergePatch = "application/merge-patch+json";

/** What the tests do to the cluster, with the administrator's token. The server under test has another one. */
export class KubeApi {
  readonly server: string;
  readonly #token: string;
  readonly #dispatcher = new Agent({ connect: { rejectUnauthorized: false } });

  /** @param token instead of that of the kubeconfig */
  constructor(kubeconfig: string, token?: string) {
    const config = new KubeConfig();
    config.loadFromFile(kubeconfig);
    this.server = config.getCurrentCluster()?.server ?? "";
    this.#token = token ?? config.getCurrentUser()?.token ?? "";
  }

  /** @throws only when there is no answer. */
  async send(method: string, path: string, body?: unknown, contentType = "application/json"): Promise<ApiAnswer> {
    const response = await fetch(`${this.server}${path}`, {
      method,
      dispatcher: this.#dispatcher,
      headers: { authorization: `Bearer ${this.#token}`, "content-type": contentType },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    const isJson = response.headers.get("content-type")?.startsWith("application/json") ?? false;
    return { status: response.status, body: isJson ? JSON.parse(text) : text };
  }

  /** @throws when the answer is not a success; 409 on a POST is taken for "is there already", 404 on a DELETE for "is gone already". */
  async request(method: string, path: string, body?: unknown, contentType?: string): Promise<unknown> {
    const answer = await this.send(method, path, body, contentType);
    const isDone = (method === "POST" && answer.status === 409) || (method === "DELETE" && answer.status === 404);
    if (answer.status >= 300 && !isDone) {
      throw new Error(`${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
    }
    return answer.body;
  }

  /** @throws as `request` */
  async patch(path: string, change: unknown): Promise<unknown> {
    return this.request("PATCH", path, change, mergePatch);
  }

  async isReady(): Promise<boolean> {
    try {
      return (await this.send("GET", "/readyz")).status === 200;
    } catch {
      return false;
    }
  }

  async createNamespace(name: string): Promise<void> {
    await this.request("POST", "/api/v1/namespaces", { metadata: { name } });
  }

  async createNode(
    name: string,
    {
      cpu,
      labels = {},
      taints = null,
    }: {
      readonly cpu: string;
      readonly labels?: Record<string, string>;
      readonly taints?: readonly { readonly key: string; readonly value: string; readonly effect: string }[] | null;
    },
  ): Promise<void> {
    await this.request("POST", "/api/v1/nodes", { metadata: { name, labels } });
    const capacity = { cpu, memory: "64Gi", pods: "110" };
    const status = { capacity, allocatable: capacity, conditions: [{ type: "Ready", status: "True" }] };
    await this.patch(`/api/v1/nodes/${name}/status`, { status });
    // The API server taints new nodes as not ready; there is no controller here that would take the taint away.
    await this.patch(`/api/v1/nodes/${name}`, { spec: { taints } });
  }

  async createPod(namespace: string, name: string, cpu: string, labels: Record<string, string> = {}): Promise<void> {
    const container = { name: "main", image: "none.invalid/none", resources: { requests: { cpu, memory: "64Mi" } } };
    await this.request("POST", `/api/v1/namespaces/${namespace}/pods`, {
      metadata: { name, labels },
      spec: { automountServiceAccountToken: false, containers: [container] },
    });
  }

  async deletePod(namespace: string, name: string): Promise<void> {
    await this.request("DELETE", `/api/v1/namespaces/${namespace}/pods/${name}?gracePeriodSeconds=0`);
  }

  /** Uid of a pod. */
  async pod(namespace: string, name: string): Promise<string> {
    return namedObject.parse(await this.request("GET", `/api/v1/namespaces/${namespace}/pods/${name}`)).metadata.uid;
  }

  async pods(namespace: string): Promise<readonly ApiPod[]> {
    return podList.parse(await this.request("GET", `/api/v1/namespaces/${namespace}/pods`)).items;
  }
}
