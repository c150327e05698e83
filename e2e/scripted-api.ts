import { spawn, type ChildProcess } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer, request, type Server } from "node:https";
import type { AddressInfo, Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { createInterface } from "node:readline";
import { issueCertificates } from "#server/embedded/http/certificates.ts";

/** Name of the context in its kubeconfig. */
export const scriptedContext = "edge-lab";

/** Who the server takes everybody for. */
const identity = "system:serviceaccount:inflight:viewer";

interface Review {
  readonly spec?: { readonly resourceAttributes?: { readonly resource?: string } };
}

/**
 * An embedded API server behind a door that a test can narrow: resources that are forbidden, lists that stop at a page,
 * watches that are cut, a door that is shut.
 */
export class ScriptedApi {
  readonly kubeconfig: string;
  readonly server: string;
  readonly #folder: string;
  readonly #child: ChildProcess;
  readonly #door: Server;
  readonly #sockets = new Set<Socket>();
  readonly #forbidden = new Set<string>();
  /** Waits for whoever lists so many pages. */
  readonly #heldPages = new Map<string, { readonly from: number; readonly release: Promise<void> }>();
  readonly #pagesRead = new Map<string, number>();
  #isShut = false;

  private constructor(folder: string, child: ChildProcess, door: Server, server: string) {
    this.#folder = folder;
    this.#child = child;
    this.#door = door;
    this.server = server;
    this.kubeconfig = join(folder, "kubeconfig");
  }

  static async start(scenario = "small"): Promise<ScriptedApi> {
    const folder = mkdtempSync(join(tmpdir(), "kube-inflight-scripted-"));
    const inner = join(folder, "inner.kubeconfig");
    const args = ["server/embedded/main.ts", "--kubeconfig-out", inner, "--scenario", scenario];
    const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
    const upstream = await new Promise<string>((resolve, reject) => {
      child.once("exit", (code) => reject(new Error(`the embedded cluster ended with ${code}`)));
      createInterface({ input: child.stdout }).on("line", resolve);
    });
    const { authority, certificate, key } = await issueCertificates(Date.now());
    const door = createServer({ cert: certificate, key });
    await new Promise<void>((resolve) => door.listen(0, "127.0.0.1", resolve));
    const server = `https://127.0.0.1:${(door.address() as AddressInfo).port}`;
    const api = new ScriptedApi(folder, child, door, server);
    const text = readFileSync(inner, "utf8")
      .replace(/server: .*/, `server: ${JSON.stringify(server)}`)
      .replace(
        /certificate-authority-data: .*/,
        `certificate-authority-data: ${Buffer.from(authority).toString("base64")}`,
      )
      .replaceAll("embedded", scriptedContext);
    writeFileSync(api.kubeconfig, text, { mode: 0o600 });
    api.#listen(upstream);
    return api;
  }

  get authority(): string {
    const found = /certificate-authority-data: (\S+)/.exec(readFileSync(this.kubeconfig, "utf8"))?.[1];
    return Buffer.from(found ?? "", "base64").toString();
  }

  get token(): string {
    return /token: "?([^"\s]+)/.exec(readFileSync(this.kubeconfig, "utf8"))?.[1] ?? "";
  }

  /** Get, list and watch of it answer 403, and access reviews say so. */
  forbid(resource: string): void {
    this.#forbidden.add(resource);
  }

  allow(resource: string): void {
    this.#forbidden.delete(resource);
  }

  /** Lists of it stop after so many pages, and watches that would stream it are refused. Returns what lets them go on. */
  holdListAfter(resource: string, pages: number): () => void {
    let go = (): void => undefined;
    const release = new Promise<void>((resolve) => (go = resolve));
    this.#heldPages.set(resource, { from: pages, release });
    return () => {
      this.#heldPages.delete(resource);
      go();
    };
  }

  /** Ends every connection and takes no more, until the door is opened. */
  shut(): void {
    this.#isShut = true;
    for (const socket of this.#sockets) socket.destroy();
  }

  open(): void {
    this.#isShut = false;
  }

  async stop(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => this.#door.close(resolve));
    const ended = new Promise((resolve) => this.#child.once("exit", resolve));
    this.#child.kill("SIGTERM");
    await ended;
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #listen(upstream: string): void {
    this.#door.on("connection", (socket: Socket) => {
      if (this.#isShut) {
        socket.destroy();
        return;
      }
      this.#sockets.add(socket);
      socket.once("close", () => this.#sockets.delete(socket));
      socket.on("error", () => socket.destroy());
    });
    this.#door.on("request", (incoming, response) => void this.#answer(incoming, response, upstream));
  }

  async #answer(incoming: IncomingMessage, response: ServerResponse, upstream: string): Promise<void> {
    const url = new URL(incoming.url ?? "/", upstream);
    const resource = resourceOf(url.pathname);
    if (url.pathname.endsWith("/selfsubjectaccessreviews")) {
      await this.#review(incoming, response);
      return;
    }
    if (resource !== undefined && this.#forbidden.has(resource.name)) {
      send(response, 403, refusal(resource, url.searchParams.has("watch") ? "watch" : "list"));
      return;
    }
    const held = resource === undefined ? undefined : this.#heldPages.get(resource.name);
    if (held !== undefined && url.searchParams.has("sendInitialEvents")) {
      send(response, 422, { kind: "Status", code: 422, reason: "Invalid", message: "sendInitialEvents is not served" });
      return;
    }
    if (held !== undefined && !url.searchParams.has("watch") && this.#pagesBefore(url) >= held.from) await held.release;
    forward(incoming, response, url);
  }

  /** How many pages of this list were asked for before this one. */
  #pagesBefore(url: URL): number {
    const isFirst = (url.searchParams.get("continue") ?? "") === "";
    const page = isFirst ? 0 : (this.#pagesRead.get(url.pathname) ?? 0) + 1;
    this.#pagesRead.set(url.pathname, page);
    return page;
  }

  async #review(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = JSON.parse(await textOf(incoming)) as Review;
    const resource = body.spec?.resourceAttributes?.resource ?? "";
    send(response, 201, { ...body, status: { allowed: !this.#forbidden.has(resource) } });
  }
}

interface NamedResource {
  readonly name: string;
  /** Empty for the core group. */
  readonly group: string;
}

function refusal({ name, group }: NamedResource, verb: string): object {
  const what = group === "" ? name : `${name}.${group}`;
  const message = `${what} is forbidden: User "${identity}" cannot ${verb} resource "${name}" in API group "${group}" at the cluster scope`;
  return { kind: "Status", apiVersion: "v1", status: "Failure", code: 403, reason: "Forbidden", message };
}

/** `/api/v1/pods` and `/apis/apps/v1/namespaces/a/deployments`. */
function resourceOf(path: string): NamedResource | undefined {
  const found = /^\/(?:api|apis\/(?<group>[^/]+))\/[^/]+\/(?:namespaces\/[^/]+\/)?(?<name>[^/]+)$/.exec(path)?.groups;
  return found?.["name"] === undefined ? undefined : { name: found["name"], group: found["group"] ?? "" };
}

function send(response: ServerResponse, code: number, body: object): void {
  response.writeHead(code, { "content-type": "application/json" });
  response.end(JSON.stringify(body));
}

async function textOf(incoming: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}

function forward(incoming: IncomingMessage, response: ServerResponse, url: URL): void {
  const outgoing = request(
    url,
    { method: incoming.method, headers: { ...incoming.headers, host: url.host }, rejectUnauthorized: false },
    (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
      answer.on("error", () => response.destroy());
    },
  );
  outgoing.on("error", () => response.destroy());
  response.on("close", () => outgoing.destroy());
  incoming.pipe(outgoing);
}
