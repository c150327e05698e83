import type { IncomingMessage, Server, ServerResponse } from "node:http";
import { STATUS_CODES } from "node:http";
import type { Duplex } from "node:stream";
import type { Logger } from "pino";
import type { Failure } from "#lib/protocol/index.ts";
import type { Session } from "#server/session.ts";
import { allowedMethods, judge, pathOf, socketPath, type Refusal, type Site, type Verdict } from "./judge.ts";
import { refusalPage } from "./pages.ts";
import { securityHeaders } from "./security-headers.ts";

export interface GateOptions {
  readonly site: Site;
  readonly port: number;
  readonly session: Session;
  readonly logger: Logger;
  /** Whether no further socket can be served. */
  readonly isFull: () => boolean;
}

type RequestListener = (request: IncomingMessage, response: ServerResponse) => void;
type UpgradeListener = (request: IncomingMessage, socket: Duplex, head: Buffer) => void;

/** Where every request is judged, before anything else of this server hears of it. */
export class Gate {
  readonly #options: GateOptions;

  constructor(options: GateOptions) {
    this.#options = options;
  }

  /**
   * Puts the gate before the listeners that `server` has by now. Not a middleware of either framework: socket.io asks
   * its `allowRequest` at the handshake only, and every later poll and upgrade must pass as well.
   */
  guard(server: Server): void {
    const request = server.listeners("request") as RequestListener[];
    const upgrade = server.listeners("upgrade") as UpgradeListener[];
    server.removeAllListeners("request").removeAllListeners("upgrade");
    server.on("request", (incoming, response) => {
      for (const [name, value] of Object.entries(securityHeaders)) response.setHeader(name, value);
      const verdict = this.#verdictOn(incoming);
      if (verdict === "allow") for (const listener of request) listener(incoming, response);
      else this.#refuse(incoming, response, verdict);
    });
    server.on("upgrade", (incoming: IncomingMessage, socket: Duplex, head: Buffer) => {
      const verdict = this.#verdictOnUpgrade(incoming);
      if (verdict === "allow") for (const listener of upgrade) listener(incoming, socket, head);
      else this.#refuseUpgrade(incoming, socket, verdict);
    });
  }

  /** For the socket's own handshake check: what gets there has passed the gate, and passes again. */
  allows(request: IncomingMessage): boolean {
    return this.#verdictOn(request) === "allow";
  }

  #verdictOn(request: IncomingMessage): Verdict {
    const { site, session, port, isFull } = this.#options;
    const { headers } = request;
    const target = request.url ?? "";
    const verdict = judge(
      {
        method: request.method ?? "",
        target,
        host: headers.host,
        origin: headers.origin,
        secFetchSite: single(headers["sec-fetch-site"]),
        contentLength: headers["content-length"],
        credential: session.credentialOf(
          {
            ...(headers.cookie === undefined ? {} : { cookie: headers.cookie }),
            ...(headers.authorization === undefined ? {} : { authorization: headers.authorization }),
          },
          port,
        ),
      },
      site,
    );
    const isNewSocket = pathOf(target).startsWith(socketPath) && !/[?&]sid=/.test(target);
    return verdict === "allow" && isNewSocket && isFull() ? tooManySockets : verdict;
  }

  #verdictOnUpgrade(request: IncomingMessage): Verdict {
    const verdict = this.#verdictOn(request);
    if (verdict !== "allow" || pathOf(request.url ?? "") === socketPath) return verdict;
    return { status: 404, code: "no-socket-here", message: `expected ${socketPath}: nothing else is a WebSocket` };
  }

  #refuse(request: IncomingMessage, response: ServerResponse, refusal: Refusal): void {
    this.#log(request, refusal);
    const isPage = wantsPage(request);
    const body = isPage ? refusalPage(refusal) : JSON.stringify(failureOf(refusal));
    response.writeHead(refusal.status, {
      "Content-Type": isPage ? "text/html; charset=utf-8" : "application/json; charset=utf-8",
      "Content-Length": Buffer.byteLength(body),
      ...headersOf(refusal),
    });
    response.end(request.method === "HEAD" ? undefined : body);
  }

  #refuseUpgrade(request: IncomingMessage, socket: Duplex, refusal: Refusal): void {
    this.#log(request, refusal);
    const body = JSON.stringify(failureOf(refusal));
    const headers = {
      "Content-Type": "application/json; charset=utf-8",
      "Content-Length": Buffer.byteLength(body),
      Connection: "close",
      ...headersOf(refusal),
    };
    const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
    socket.on("error", () => socket.destroy()); // the other end may be gone already
    socket.end(`HTTP/1.1 ${refusal.status} ${STATUS_CODES[refusal.status]}\r\n${lines.join("")}\r\n${body}`);
  }

  #log({ method, url, headers }: IncomingMessage, { status, code }: Refusal): void {
    const { host, origin } = headers;
    this.#options.logger.info({ method, path: pathOf(url ?? ""), host, origin, status, code }, "request refused");
  }
}

const tooManySockets: Refusal = {
  status: 503,
  code: "too-many-sockets",
  message: "too many pages are open: close some of them and try again",
};

function headersOf(refusal: Refusal): Record<string, string> {
  if (refusal.status === 401) return { "WWW-Authenticate": 'Bearer realm="kube-inflight"' };
  if (refusal.status === 405) return { Allow: allowedMethods.join(", ") };
  return refusal.status === 503 ? { "Retry-After": "5" } : {};
}

function failureOf({ code, message }: Refusal): Failure {
  return { ok: false, code, message };
}

function wantsPage({ url = "", headers }: IncomingMessage): boolean {
  return !/^\/(api|socket\.io)\//.test(url) && (headers.accept ?? "").includes("text/html");
}

function single(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value.join(", ") : value;
}
