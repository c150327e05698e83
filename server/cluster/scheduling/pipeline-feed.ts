import { Abort, sleep, type Clock } from "#lib/clock/index.ts";
import type { Registration } from "#lib/informer/index.ts";
import type { InformerBoard } from "../informer-board.ts";
import { feed, feedingInformers } from "./pipeline-sources.ts";
import type { ToldObjects } from "./told-objects.ts";

/** Informers that take longer go on by themselves: nothing waits for them. */
const patienceMs = 15_000;
const lookEveryMs = 20;

/** The informers of an embedded cluster as the source of its pipeline, which can begin anew. */
export class PipelineFeed {
  readonly #clock: Clock;
  readonly #board: InformerBoard;
  readonly #told: ToldObjects;
  #registrations: readonly Registration[];

  constructor(clock: Clock, board: InformerBoard, told: ToldObjects) {
    this.#clock = clock;
    this.#board = board;
    this.#told = told;
    this.#registrations = feed(board, told);
  }

  /**
   * The pipeline hears nothing until `goBack` is over and every informer has the cluster as of the version that it
   * resolves with; then it hears of the difference.
   */
  async interrupt(goBack: () => Promise<string>): Promise<string> {
    for (const registration of this.#registrations) this.#board.removeBuiltIn(registration);
    this.#told.expectAnew();
    try {
      const resourceVersion = await goBack();
      await this.#reached(resourceVersion);
      return resourceVersion;
    } finally {
      await this.#begin();
    }
  }

  async #reached(resourceVersion: string): Promise<void> {
    const end = this.#clock.now() + patienceMs;
    const informers = feedingInformers(this.#board);
    // Versions are opaque; of the embedded cluster's own it is known that they are numbers that grow.
    const behind = () =>
      informers.filter(({ lastStoreSyncResourceVersion: version }) => Number(version) < Number(resourceVersion));
    for (let late = behind(); late.length > 0 && this.#clock.now() < end; late = behind()) {
      // Their watches have ended, as we asked for: there is nothing to be careful about.
      for (const informer of late) if (informer.state.phase === "backingOff") informer.relist();
      await sleep(this.#clock, lookEveryMs);
    }
  }

  async #begin(): Promise<void> {
    this.#registrations = feed(this.#board, this.#told);
    const patience = new Abort();
    const all = Promise.all(this.#registrations.map(({ synced }) => synced));
    await Promise.race([all, sleep(this.#clock, patienceMs, patience.signal)]);
    patience.abort();
    this.#told.forgetUnseen();
  }
}
