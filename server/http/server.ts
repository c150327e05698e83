import { readFileSync } from "node:fs";
import { createServer as createHttp, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { createServer as createHttps } from "node:https";
import type { AddressInfo } from "node:net";
import { getRequestListener } from "@hono/node-server";
import { Hono } from "hono";
import type { Logger } from "pino";
import type { Clock } from "#lib/clock/index.ts";
import type { Failure } from "#lib/protocol/index.ts";
import type { Config, ListenConfig } from "#server/config.ts";
import { Hub, type ClusterRegistry } from "#server/hub/index.ts";
import type { Session } from "#server/session.ts";
import { createApi } from "./api.ts";
import { Gate } from "./gate.ts";
import { Metrics } from "./metrics/index.ts";
import { pathOf } from "./judge.ts";
import { SignIn } from "./sign-in.ts";
import { originOf, siteOf, type Address } from "./site.ts";
import { StaticExport } from "./static-export.ts";

export interface ServerOptions {
  readonly config: Pick<Config, "listen" | "isReadOnly">;
  readonly session: Session;
  readonly registry: ClusterRegistry;
  /** The built user interface. */
  readonly outDir: string;
  readonly version: string;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Somebody's link did not work any more: tells a fresh one to whoever sits at the terminal. */
  readonly announceLogin: (loginUrl: string) => void;
}

export interface Listening {
  readonly url: string;
  /** With the one-time code. */
  readonly loginUrl: string;
}

const nextPorts = 20;

export function createServer(options: ServerOptions): InflightServer {
  return new InflightServer(options);
}

/** HTTP and the socket on one port, behind one gate. */
export class InflightServer {
  readonly #options: ServerOptions;
  readonly #http: Server;
  #hub: Hub | undefined;
  #isClosing = false;

  constructor(options: ServerOptions) {
    this.#options = options;
    this.#http = httpServer(options.config.listen);
  }

  /** @throws {PortTakenError} when the wanted port, or each of those that may be tried, is taken. */
  async listen(): Promise<Listening> {
    const { listen } = this.#options.config;
    const port = await bind(this.#http, listen);
    // No await from here on: a connection must not find the port open and nobody behind it.
    const address: Address = { scheme: listen.tls === undefined ? "http" : "https", host: listen.host, port };
    const origin = originOf(address);
    const signIn = this.#build(address, origin);
    return { url: `${origin}/`, loginUrl: signIn.createLoginUrl() };
  }

  /** Ends every connection. Idempotent. */
  async close(): Promise<void> {
    if (this.#isClosing) return;
    this.#isClosing = true;
    const closed = this.#hub?.close() ?? Promise.resolve();
    this.#http.closeAllConnections();
    await closed;
  }

  #build(address: Address, origin: string): SignIn {
    const { session, registry, outDir, version, clock, logger, announceLogin, config } = this.#options;
    const { port } = address;
    const gate = new Gate({ site: siteOf(address), port, session, logger, isFull: () => this.#hub?.isFull ?? false });
    const hub = new Hub({ registry, clock, logger, allows: (request) => gate.allows(request) });
    const signIn = new SignIn({ session, clock, origin, port, announce: announceLogin });
    const api = createApi({ registry, rooms: hub.rooms, clock, logger, version, isReadOnly: config.isReadOnly });
    const metrics = new Metrics({ registry, hub: () => hub.counts(), clock, version });
    const app = new Hono()
      .get("/healthz", (c) => c.text("ok\n"))
      .get("/readyz", (c) => (this.#isClosing ? c.text("closing\n", 503) : c.text("ok\n")))
      .get("/metrics", async (c) => c.text(await metrics.scrape(), 200, { "content-type": metrics.contentType }))
      .get("/login", (c) => (c.req.method === "GET" ? signIn.answer(c.req.raw) : c.body(null, 405)))
      .route("/", api);
    app.notFound((c) => c.json(noSuchRoute, 404));
    const files = new StaticExport(outDir);
    if (files.isEmpty) logger.warn({ outDir }, "there is no user interface here: build it with npm run build");

    this.#http.on("request", dispatcher(getRequestListener(app.fetch), files, logger));
    hub.attach(this.#http);
    gate.guard(this.#http);
    this.#hub = hub;
    return signIn;
  }
}

export class PortTakenError extends Error {
  override readonly name = "PortTakenError";
  constructor(host: string, first: number, last: number) {
    const ports = first === last ? `port ${first}` : `each port from ${first} to ${last}`;
    super(`${ports} of ${host} is taken: name another one with --port, or --port 0 for any`);
  }
}

const noSuchRoute: Failure = {
  ok: false,
  code: "no-such-route",
  message: "expected a path of /api/openapi.json, with its method",
};

type Listener = (request: IncomingMessage, response: ServerResponse) => unknown;

/** The pages are files, everything else is the app's. */
function dispatcher(app: Listener, files: StaticExport, logger: Logger): Listener {
  return (request, response) => {
    const path = pathOf(request.url ?? "/");
    if (/^\/(api(\/|$)|healthz$|readyz$|metrics$|login$)/.test(path)) return app(request, response);
    if (request.method !== "GET" && request.method !== "HEAD") {
      response.writeHead(405, { Allow: "GET, HEAD" }).end();
      return undefined;
    }
    return files.serve(request, response, decodeURIComponent(path)).catch((error: unknown) => {
      logger.error({ error, path }, "file cannot be served");
      response.destroy();
    });
  };
}

function httpServer({ tls }: ListenConfig): Server {
  const limits = { headersTimeout: 10_000, requestTimeout: 30_000, maxHeaderSize: 16 * 1024 };
  if (tls === undefined) return createHttp(limits);
  return createHttps({ ...limits, cert: readFileSync(tls.certPath), key: readFileSync(tls.keyPath) });
}

async function bind(server: Server, { host, port, whenTaken }: ListenConfig): Promise<number> {
  const last = whenTaken === "next" ? Math.min(port + nextPorts, 65_535) : port;
  for (let candidate = port; candidate <= last; candidate++) {
    const bound = await tryToBind(server, host, candidate);
    if (bound !== undefined) return bound;
  }
  throw new PortTakenError(host, port, last);
}

/** @returns the port, `undefined` when it is taken. */
function tryToBind(server: Server, host: string, port: number): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const onError = (error: NodeJS.ErrnoException): void => {
      server.off("listening", onListening);
      if (error.code === "EADDRINUSE") resolve(undefined);
      else reject(new Error(`cannot listen on ${host} port ${port}: ${error.message}`, { cause: error }));
    };
    const onListening = (): void => {
      server.off("error", onError);
      resolve((server.address() as AddressInfo).port);
    };
    server.once("error", onError).once("listening", onListening).listen(port, host);
  });
}
