import type { Server } from "node:https";
import type { Socket } from "node:net";
import type { Clock, Timer } from "#lib/clock/index.ts";
import type { Door } from "../faults/index.ts";

const retryMs = 250;

/** Who listens on the port of a server. While it is shut, whoever knocks is told by the system that nobody is there. */
export class Listening implements Door {
  readonly #server: Server;
  readonly #clock: Clock;
  readonly #connections = new Set<Socket>();
  #port = 0;
  #isShut = false;
  #retry: Timer | undefined;

  constructor(server: Server, clock: Clock) {
    this.#server = server;
    this.#clock = clock;
    server.on("connection", (socket: Socket) => {
      this.#connections.add(socket);
      socket.once("close", () => this.#connections.delete(socket));
    });
  }

  /** Resolves with the port that it is. */
  listen(port: number): Promise<number> {
    return new Promise((resolve, reject) => {
      this.#server.once("error", reject);
      this.#server.listen(port, "127.0.0.1", () => {
        this.#server.off("error", reject);
        const address = this.#server.address();
        this.#port = typeof address === "object" && address !== null ? address.port : port;
        resolve(this.#port);
      });
    });
  }

  shut(): number {
    if (this.#isShut) return 0;
    this.#isShut = true;
    this.#retry?.cancel();
    const { size } = this.#connections;
    this.#server.close();
    for (const socket of this.#connections) socket.destroy();
    return size;
  }

  open(): void {
    if (!this.#isShut) return;
    this.#isShut = false;
    this.#listenAgain();
  }

  async stop(): Promise<void> {
    this.#isShut = true;
    this.#retry?.cancel();
    const closed = new Promise((resolve) => this.#server.close(resolve));
    for (const socket of this.#connections) socket.destroy();
    await closed;
  }

  #listenAgain(): void {
    this.listen(this.#port).then(
      () => {
        // Shut again while the system was being asked.
        if (this.#isShut) this.#server.close();
      },
      () => {
        // Somebody else has the port for the moment: nobody may be left without a server for that.
        if (!this.#isShut) this.#retry = this.#clock.setTimer(retryMs, () => this.#listenAgain());
      },
    );
  }
}
