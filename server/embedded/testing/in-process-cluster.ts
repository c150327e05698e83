import { createServer } from "node:http";
import type { Duplex } from "node:stream";
import { setImmediate } from "node:timers/promises";
import type { buildConnector } from "undici";
import { FakeClock } from "#lib/clock/testing/fake-clock.ts";
import { KubeTransport } from "#server/cluster/transport/index.ts";
import { accessOf } from "#server/cluster/transport/testing/access.ts";
import { LocalClient } from "../api/local-client.ts";
import { Registry } from "../api/registry.ts";
import { bootstrap } from "../bootstrap.ts";
import type { Door, FaultBoard } from "../faults/index.ts";
import { Checkpoints } from "../http/checkpoints.ts";
import { createHandler } from "../http/handler.ts";
import { faultsOf } from "../http/server.ts";
import type { WatchResponse } from "../http/watch-response.ts";
import { seededRandom, seededUuid } from "../random.ts";
import { Storage } from "../storage/storage.ts";
import { memoryConnection } from "./memory-connection.ts";

/** So many turns of the event loop without a byte on any connection, and nothing is under way any more. */
const quietTurns = 4;
/** More than anything sound sends without time passing: somebody asks again and again. */
const mostTraffic = 10_000;
const token = "in-process";

/** Connections to a server in this process: bytes go through memory, so that time may stand still while they do. */
class Wires implements Door {
  readonly #accept: (socket: Duplex) => void;
  readonly #open = new Set<Duplex>();
  #isShut = false;
  /** Grows with everything that is sent or closed. */
  #traffic = 0;
  /** What it was when time passed last. */
  #trafficBefore = 0;
  /** It stays shut: whoever asks again and again lets nobody else have a turn, not even the one who would report it. */
  #isCutOff = false;

  constructor(accept: (socket: Duplex) => void) {
    this.#accept = accept;
  }

  readonly connect: buildConnector.connector = (_, callback) => {
    this.#count();
    if (this.#isShut) {
      queueMicrotask(() => callback(Object.assign(new Error("nobody listens"), { code: "ECONNREFUSED" }), null));
      return;
    }
    const { near, far } = memoryConnection(() => this.#count());
    this.#open.add(far);
    far.once("close", () => this.#open.delete(far));
    this.#accept(far);
    // Neither side asks for TLS of a connection that it did not make; the client asks no more of a socket than what every stream has.
    queueMicrotask(() => callback(null, near as Parameters<typeof callback>[1] & object));
  };

  get traffic(): number {
    return this.#traffic;
  }

  get isCutOff(): boolean {
    return this.#isCutOff;
  }

  /** What follows is counted anew. */
  timePasses(): void {
    this.#trafficBefore = this.#traffic;
  }

  #count(): void {
    this.#traffic++;
    if (this.#isCutOff || this.#traffic - this.#trafficBefore <= mostTraffic) return;
    this.#isCutOff = true;
    this.shut();
  }

  shut(): number {
    this.#isShut = true;
    const { size } = this.#open;
    for (const socket of this.#open) socket.destroy();
    return size;
  }

  open(): void {
    this.#isShut = this.#isCutOff;
  }
}

export interface InProcessOptions {
  readonly seed: number;
  readonly historyWindow: number;
  readonly bookmarkIntervalMs: number;
}

/**
 * The embedded cluster without controllers, and the transport that reads it, in this thread, without a network and in
 * a time that moves only when it is told to. Storage, watches, faults, HTTP and transport are those of the product;
 * what happens follows from the seed.
 */
export class InProcessCluster {
  readonly clock: FakeClock;
  readonly objects: LocalClient;
  readonly registry: Registry;
  readonly faults: FaultBoard;
  readonly transport: KubeTransport;
  readonly random: () => number;
  readonly #wires: Wires;

  constructor({ seed, historyWindow, bookmarkIntervalMs }: InProcessOptions) {
    this.random = seededRandom(seed);
    this.clock = new FakeClock(1_700_000_000_000, () => this.#settle());
    const { clock, random } = this;
    this.registry = new Registry({
      storage: new Storage({ historyWindow }),
      now: () => clock.now(),
      random,
      newUid: () => seededUuid(random),
    });
    this.objects = new LocalClient(this.registry);
    bootstrap(this.objects, "none");
    const server = createServer();
    this.#wires = new Wires((socket) => server.emit("connection", socket));
    const watches = new Set<WatchResponse>();
    this.faults = faultsOf(this.registry, { clock, watches, door: this.#wires });
    const checkpoints = new Checkpoints(this.registry.storage, watches);
    const { registry, faults } = this;
    const context = { registry, clock, random, bookmarkIntervalMs, watches, checkpoints, faults };
    server.on("request", createHandler({ context, token }));
    this.transport = new KubeTransport(accessOf({ server: "https://127.0.0.1" }, { token }), {
      clock,
      environment: {},
      isExecApproved: () => false,
      userAgent: "kube-inflight/test",
      connect: this.#wires.connect,
    });
  }

  async stop(): Promise<void> {
    this.faults.stop();
    await this.transport.close();
    this.#wires.shut();
  }

  async #settle(): Promise<void> {
    this.#wires.timePasses();
    for (let quiet = 0; quiet < quietTurns; quiet++) {
      if (this.#wires.isCutOff) throw new Error("client and server do not come to rest");
      const { traffic } = this.#wires;
      await setImmediate();
      if (this.#wires.traffic !== traffic) quiet = -1;
    }
  }
}
