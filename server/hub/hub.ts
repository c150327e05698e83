import type { IncomingMessage, Server as HttpServer } from "node:http";
import type { Logger } from "pino";
import { Server } from "socket.io";
import { z } from "zod";
import type { Clock } from "#lib/clock/index.ts";
import { protocolVersion, type Failure } from "#lib/protocol/index.ts";
import type { ClusterRegistry } from "./clusters.ts";
import { Connection } from "./connection.ts";
import { HubTally, type HubCounts } from "./hub-counts.ts";
import { Rooms } from "./rooms.ts";

interface HubOptions {
  readonly registry: ClusterRegistry;
  readonly clock: Clock;
  readonly logger: Logger;
  /** The gate, asked once more at the handshake: a hub that stands in the open by mistake lets nobody in. */
  readonly allows: (request: IncomingMessage) => boolean;
}

const maxSockets = 200;
const maxMessageBytes = 64 * 1024;
const joinPatienceMs = 5000;

const handshakeAuth = z.object({ protocol: z.literal(protocolVersion) });

/** The socket's side of the server: connections on one end, rooms on the other. */
export class Hub {
  readonly rooms: Rooms;
  readonly #io: Server;
  readonly #logger: Logger;
  readonly #tally = new HubTally();

  constructor({ registry, clock, logger, allows }: HubOptions) {
    this.#logger = logger;
    this.rooms = new Rooms(clock);
    // No CORS, and no connection state recovery: it skips the handshake's checks, and a snapshot is all there is to recover.
    this.#io = new Server({
      path: "/socket.io/",
      serveClient: false,
      transports: ["polling", "websocket"],
      maxHttpBufferSize: maxMessageBytes,
      perMessageDeflate: false,
      connectTimeout: joinPatienceMs,
      allowRequest: (request, answer) => answer(null, allows(request)),
    });
    this.#io.use((socket, next) => next(protocolProblem(socket.handshake.auth)));
    this.#io.on("connection", (socket) => {
      new Connection({ socket, registry, rooms: this.rooms, clock, logger, tally: this.#tally }).listen();
    });
  }

  /** Counts those that have not joined yet as well. */
  get isFull(): boolean {
    return this.#io.engine !== undefined && this.#io.engine.clientsCount >= maxSockets;
  }

  counts(): HubCounts {
    const { connections, subscriptions, messages, coalesced, dropped } = this.#tally;
    return { connections, subscriptions, messages: { ...messages }, coalesced, dropped, views: this.rooms.size };
  }

  attach(server: HttpServer): void {
    this.#io.attach(server);
    this.#io.engine.on("connection_error", ({ code, message }: { code: number; message: string }) => {
      this.#logger.debug({ code, message }, "socket refused");
    });
  }

  /** Ends every connection and closes every view, and the HTTP server that it is attached to. */
  async close(): Promise<void> {
    await this.#io.close();
    this.rooms.close();
  }
}

/** What the client's `connect_error` gets: the words in `message`, the failure in `data`. */
function protocolProblem(auth: unknown): Error | undefined {
  if (handshakeAuth.safeParse(auth).success) return undefined;
  const data: Failure = {
    ok: false,
    code: "protocol-version",
    message: `expected auth.protocol ${protocolVersion}: reload the page, it is of another version than the server`,
  };
  return Object.assign(new Error(data.message), { data });
}
