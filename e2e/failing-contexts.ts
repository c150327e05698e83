import { createHash } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer as createHttpsServer, type Server as HttpsServer } from "node:https";
import { createServer as createTcpServer, type AddressInfo, type Server, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { issueCertificates, type Certificates } from "#server/embedded/http/certificates.ts";
import { freePort } from "./running-server.ts";

const yearMs = 366 * 24 * 60 * 60 * 1000;

interface Context {
  readonly name: string;
  readonly server: string;
  readonly authority?: string;
  readonly user?: object;
}

/**
 * A kubeconfig of which every context fails in its own way, with the servers that do it, all on loopback. The first is
 * the current one.
 */
export class FailingContexts {
  readonly kubeconfig: string;
  readonly #folder: string;
  readonly #contexts: Context[];
  readonly #servers: readonly Server[];
  readonly #sockets: ReadonlySet<Socket>;

  private constructor(contexts: readonly Context[], servers: readonly Server[], sockets: ReadonlySet<Socket>) {
    this.#folder = mkdtempSync(join(tmpdir(), "kube-inflight-contexts-"));
    this.kubeconfig = join(this.#folder, "kubeconfig");
    this.#contexts = [...contexts];
    this.#servers = servers;
    this.#sockets = sockets;
    this.#write();
  }

  static async start(): Promise<FailingContexts> {
    const [good, expired, foreign] = [
      await issueCertificates(Date.now()),
      await issueCertificates(Date.now() - yearMs),
      await issueCertificates(Date.now()),
    ];
    const sockets = new Set<Socket>();
    const unauthorized = answering(good, 401, { reason: "Unauthorized", message: "Unauthorized" });
    const forbidden = answering(good, 403, {
      reason: "Forbidden",
      message: 'pods is forbidden: User "viewer" cannot list resource "pods" in API group "" at the cluster scope',
    });
    const old = answering(expired, 200, {});
    const silent = createTcpServer();
    const servers = [unauthorized, forbidden, old, silent];
    const ports = await Promise.all(servers.map((server) => listen(server, sockets)));
    const [signIn, refusing, stale, mute] = ports.map((port) => `https://127.0.0.1:${port}`);
    return new FailingContexts(
      [
        { name: "prod-eu-1", server: `https://127.0.0.1:${await freePort()}`, authority: good.authority },
        { name: "prod-us-2", server: signIn ?? "", authority: good.authority, user: { token: "expired" } },
        { name: "staging", server: stale ?? "", authority: expired.authority },
        { name: "edge-lab", server: mute ?? "", authority: good.authority },
        { name: "moved", server: "https://api.moved.invalid:6443", authority: good.authority },
        { name: "rebuilt", server: signIn ?? "", authority: foreign.authority },
        { name: "viewer", server: refusing ?? "", authority: good.authority, user: { token: "viewer" } },
      ],
      servers,
      sockets,
    );
  }

  /** Somebody edits the file: one more context, whose sign-in runs a program that prints a token. */
  addExecContext(name: string, server: string, { authority, token }: { authority: string; token: string }): void {
    const credential = {
      apiVersion: "client.authentication.k8s.io/v1",
      kind: "ExecCredential",
      status: { token },
    };
    const program = `process.stdout.write(${JSON.stringify(JSON.stringify(credential))})`;
    const exec = {
      apiVersion: "client.authentication.k8s.io/v1",
      command: process.execPath,
      args: ["-e", program],
      interactiveMode: "Never",
    };
    this.#contexts.push({ name, server, authority, user: { exec } });
    this.#write();
  }

  removeContext(name: string): void {
    this.#contexts.splice(
      this.#contexts.findIndex((context) => context.name === name),
      1,
    );
    this.#write();
  }

  async stop(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await Promise.all(this.#servers.map((server) => new Promise((resolve) => server.close(resolve))));
    rmSync(this.#folder, { recursive: true, force: true });
  }

  /** JSON is YAML. */
  #write(): void {
    const config = {
      apiVersion: "v1",
      kind: "Config",
      "current-context": this.#contexts[0]?.name,
      clusters: this.#contexts.map(({ name, server, authority }) => ({
        name,
        cluster: {
          server,
          ...(authority === undefined
            ? {}
            : { "certificate-authority-data": Buffer.from(authority).toString("base64") }),
        },
      })),
      users: this.#contexts.map(({ name, user = { token: createHash("sha256").update(name).digest("hex") } }) => ({
        name,
        user,
      })),
      contexts: this.#contexts.map(({ name }) => ({ name, context: { cluster: name, user: name } })),
    };
    writeFileSync(this.kubeconfig, JSON.stringify(config, null, 2), { mode: 0o600 });
  }
}

/** An API server that has one answer. */
function answering(
  { certificate, key }: Certificates,
  code: number,
  status: { readonly reason?: string; readonly message?: string },
): HttpsServer {
  return createHttpsServer({ cert: certificate, key }, (_, response) => {
    response.writeHead(code, { "content-type": "application/json" });
    response.end(JSON.stringify({ kind: "Status", apiVersion: "v1", status: "Failure", code, ...status }));
  });
}

function listen(server: Server, sockets: Set<Socket>): Promise<number> {
  server.on("connection", (socket: Socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
    socket.on("error", () => socket.destroy());
  });
  return new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve((server.address() as AddressInfo).port)));
}
