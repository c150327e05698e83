import { once } from "node:events";
import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer, type Server } from "node:https";
import type { AddressInfo, Socket } from "node:net";
import { TLSSocket } from "node:tls";
import type { Issued } from "./certificates.ts";

/** One request as the server saw it. */
export interface Seen {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingMessage["headers"];
  /** Common name of a client certificate that the server trusts. */
  readonly client: string | undefined;
  readonly body: string;
}

export type Script = (seen: Seen, response: ServerResponse) => void;

/** An HTTPS server that answers as a test says, and remembers what it was asked. */
export class ScriptedServer {
  readonly seen: Seen[] = [];
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  #script: Script = (_, response) => void response.writeHead(404).end();

  private constructor(server: Server) {
    this.#server = server;
    server.on("request", (request, response) => void this.#answer(request, response));
    server.on("connection", (socket) => {
      this.#sockets.add(socket);
      socket.once("close", () => this.#sockets.delete(socket));
    });
  }

  /** @param authority whose clients it trusts */
  static async start({ certificate, key }: Issued, authority: string): Promise<ScriptedServer> {
    const server = createServer({
      cert: certificate,
      key,
      ca: authority,
      requestCert: true,
      rejectUnauthorized: false,
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    return new ScriptedServer(server);
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  get url(): string {
    return `https://127.0.0.1:${this.port}`;
  }

  get connections(): number {
    return this.#sockets.size;
  }

  answers(script: Script): void {
    this.#script = script;
    this.seen.length = 0;
  }

  /** Breaks every connection off, as a machine that lost power does. */
  reset(): void {
    for (const socket of this.#sockets) socket.resetAndDestroy();
  }

  async stop(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    this.#server.close();
    await once(this.#server, "close");
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const pieces: Buffer[] = [];
    for await (const piece of request) pieces.push(piece as Buffer);
    const { socket, method = "", url = "", headers } = request;
    const isTrusted = socket instanceof TLSSocket && socket.authorized;
    const client = isTrusted ? String(socket.getPeerCertificate().subject.CN) : undefined;
    const seen: Seen = { method, url, headers, client, body: Buffer.concat(pieces).toString() };
    this.seen.push(seen);
    this.#script(seen, response);
  }
}

export function sendJson(
  response: ServerResponse,
  body: unknown,
  status = 200,
  headers: Record<string, string> = {},
): void {
  response.writeHead(status, { "content-type": "application/json", ...headers }).end(JSON.stringify(body));
}
