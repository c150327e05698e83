import type { ServerResponse } from "node:http";
import { Authority } from "#server/cluster/transport/testing/certificates.ts";
import { ScriptedServer, sendJson, type Seen } from "#server/cluster/transport/testing/scripted-server.ts";
import { canary, servedAt, type Served } from "./objects.ts";

const initialEventsEnd = { "k8s.io/initial-events-end": "true" };

/** An API server whose objects hold a canary in every place that may be secret, and one resource that sends garbage. */
export class CanaryCluster {
  readonly kubeconfig: string;
  readonly #server: ScriptedServer;
  readonly #watches = new Map<string, Set<ServerResponse>>();
  #turn = 0;

  private constructor(server: ScriptedServer, authority: string) {
    this.#server = server;
    this.kubeconfig = JSON.stringify({
      "current-context": "canary",
      clusters: [
        {
          name: "canary",
          cluster: { server: server.url, "certificate-authority-data": Buffer.from(authority).toString("base64") },
        },
      ],
      users: [{ name: "joe", user: { token: canary } }],
      contexts: [{ name: "canary", context: { cluster: "canary", user: "joe" } }],
    });
    server.answers((seen, response) => this.#answer(seen, response));
  }

  static async start(): Promise<CanaryCluster> {
    const authority = await Authority.create("canary");
    const issued = await authority.issue("server", [{ type: "ip", value: "127.0.0.1" }]);
    return new CanaryCluster(await ScriptedServer.start(issued, authority.pem), authority.pem);
  }

  /** Every object changes, and everybody who watches hears of it. */
  change(): void {
    this.#turn++;
    for (const served of servedAt(this.#turn)) {
      for (const watch of this.#watches.get(pathOf(served)) ?? []) {
        for (const object of served.objects) watch.write(lineOf("MODIFIED", served, object));
      }
    }
  }

  /** Requests for this resource so far. */
  asked(resource: string): number {
    return this.#server.seen.filter(({ url }) => new URL(url, "https://c").pathname.endsWith(`/${resource}`)).length;
  }

  stop(): Promise<void> {
    return this.#server.stop();
  }

  #answer({ method, url, headers }: Seen, response: ServerResponse): void {
    const { pathname, searchParams } = new URL(url, "https://c");
    if (headers.authorization !== `Bearer ${canary}`) {
      sendJson(response, { kind: "Status", code: 401, message: "Unauthorized" }, 401);
    } else if (method === "POST") sendJson(response, { status: { allowed: true } }, 201);
    else if (pathname === "/version") sendJson(response, { gitVersion: "v1.36.3" });
    else if (pathname === "/api" || pathname === "/apis") sendJson(response, discovery(pathname === "/api"));
    else this.#serve(pathname, searchParams, response);
  }

  #serve(path: string, query: URLSearchParams, response: ServerResponse): void {
    const found = servedAt(this.#turn).find((served) => pathOf(served) === path);
    const served = found ?? { group: "", version: "v1", resource: "", kind: "Nothing", objects: [] };
    if (served.resource === "puzzles") {
      response.writeHead(200, { "content-type": "application/json" }).end(`{"items": [${canary}`);
    } else if (query.get("watch") !== "true") {
      sendJson(response, { kind: "List", metadata: { resourceVersion: "100" }, items: served.objects });
    } else {
      response.writeHead(200, { "content-type": "application/json" });
      if (query.get("sendInitialEvents") === "true") {
        for (const object of served.objects) response.write(lineOf("ADDED", served, object));
        const metadata = { resourceVersion: "100", annotations: initialEventsEnd };
        response.write(lineOf("BOOKMARK", served, { metadata }));
      } else response.flushHeaders();
      const watches = this.#watches.get(path) ?? new Set();
      this.#watches.set(path, watches.add(response));
      response.once("close", () => watches.delete(response));
    }
  }
}

function pathOf({ group, version, resource }: Served): string {
  return group === "" ? `/api/${version}/${resource}` : `/apis/${group}/${version}/${resource}`;
}

function lineOf(type: string, { group, version, kind }: Served, object: object): string {
  const apiVersion = group === "" ? version : `${group}/${version}`;
  return `${JSON.stringify({ type, object: { apiVersion, kind, ...object } })}\n`;
}

function discovery(isCore: boolean): unknown {
  const served = servedAt(0).filter(({ group }) => (group === "") === isCore);
  const secrets: Served = { group: "", version: "v1", resource: "secrets", kind: "Secret", objects: [] };
  const items = [...served, ...(isCore ? [secrets] : [])].map(({ group, version, resource, kind }) => ({
    metadata: { name: group },
    versions: [
      {
        version,
        resources: [{ resource, responseKind: { kind }, scope: "Namespaced", verbs: ["get", "list", "watch"] }],
      },
    ],
  }));
  return { kind: "APIGroupDiscoveryList", items };
}
