import type { Clock, Timer } from "#lib/clock/index.ts";
import { FaultRefusedError, type FaultBoard } from "./fault-board.ts";
import type { FaultAnswer, FaultCall, FaultCommand, FaultNews } from "./fault-messages.ts";

/** A fault may strike thousands of times a second: whoever looks is told ten times. */
const tellMs = 100;

/** Answers for the faults in the thread of the cluster, and tells how they stand. */
export class FaultService {
  readonly #board: FaultBoard;
  readonly #clock: Clock;
  readonly #send: (news: FaultNews) => void;
  readonly #unsubscribe: () => void;
  #timer: Timer | undefined;

  constructor(board: FaultBoard, clock: Clock, send: (news: FaultNews) => void) {
    this.#board = board;
    this.#clock = clock;
    this.#send = send;
    this.#unsubscribe = board.subscribe(() => {
      this.#timer ??= this.#clock.setTimer(tellMs, () => this.#tell());
    });
  }

  /** The answer comes after the state that it made. */
  answer({ call, command }: FaultCall): void {
    const answer = this.#done(command);
    this.#tell();
    this.#send({ type: "faultAnswer", call, answer });
  }

  stop(): void {
    this.#unsubscribe();
    this.#timer?.cancel();
  }

  #tell(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
    this.#send({ type: "faults", state: this.#board.state });
  }

  #done(command: FaultCommand): FaultAnswer {
    switch (command.do) {
      case "add":
        try {
          return { kind: "added", fault: this.#board.add(command.request) };
        } catch (error) {
          if (!(error instanceof FaultRefusedError)) throw error;
          return { kind: "refused", message: error.message };
        }
      case "remove":
        return { kind: "removed", wasOn: this.#board.remove(command.id) };
      case "clear":
        this.#board.clear();
        return { kind: "removed", wasOn: true };
      default:
        return command satisfies never;
    }
  }
}
