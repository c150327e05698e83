import type { Fault, FaultRequest } from "#lib/protocol/index.ts";
import { FaultRefusedError } from "./fault-board.ts";
import type { FaultAnswer, FaultCall, FaultCommand, FaultNews, FaultState } from "./fault-messages.ts";

interface PendingCall {
  readonly resolve: (answer: FaultAnswer) => void;
  readonly reject: (error: Error) => void;
}

/**
 * The faults of an embedded cluster from the thread that started it. They are asked for through the port of the worker
 * and not through the API server: that one may be what the fault has struck.
 */
export class FaultControl {
  readonly #send: (message: FaultCall) => void;
  readonly #calls = new Map<number, PendingCall>();
  #state: FaultState = { on: {}, ended: {} };
  #nextCall = 1;
  #hasEnded = false;

  constructor(send: (message: FaultCall) => void) {
    this.#send = send;
  }

  /** As it was told last. */
  get state(): FaultState {
    return this.#state;
  }

  /** @throws FaultRefusedError */
  async add(request: FaultRequest): Promise<Fault> {
    const answer = await this.#ask({ do: "add", request });
    if (answer.kind === "added") return answer.fault;
    throw new FaultRefusedError(answer.kind === "refused" ? answer.message : "the fault was not added");
  }

  /** Whether it was on. */
  async remove(id: string): Promise<boolean> {
    const answer = await this.#ask({ do: "remove", id });
    return answer.kind === "removed" && answer.wasOn;
  }

  async clear(): Promise<void> {
    await this.#ask({ do: "clear" });
  }

  receive(news: FaultNews): void {
    if (news.type === "faults") {
      this.#state = news.state;
      return;
    }
    this.#calls.get(news.call)?.resolve(news.answer);
    this.#calls.delete(news.call);
  }

  /** The thread is gone: nobody will answer any more. */
  ended(): void {
    this.#hasEnded = true;
    for (const { reject } of this.#calls.values()) reject(gone());
    this.#calls.clear();
  }

  #ask(command: FaultCommand): Promise<FaultAnswer> {
    if (this.#hasEnded) return Promise.reject(gone());
    const call = this.#nextCall++;
    return new Promise((resolve, reject) => {
      this.#calls.set(call, { resolve, reject });
      this.#send({ type: "fault", call, command });
    });
  }
}

function gone(): Error {
  return new Error("the embedded cluster has ended");
}
