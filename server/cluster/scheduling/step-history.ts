import { RefusedError } from "#server/hub/clusters.ts";
import type { SchedulerState, UndoResponse } from "#lib/protocol/index.ts";
import type { Checkpoints } from "./checkpoints.ts";

/** Moments cost little, but nobody goes back further. */
const mostSteps = 50;

export interface StepHistoryOptions<S> {
  readonly checkpoints: Checkpoints;
  /** Resolves when nothing that was written is on its way any more. */
  readonly settled: () => Promise<void>;
  /** The scheduler as it stands now. */
  readonly save: () => S;
  /**
   * Puts the cluster back by `restoreCluster`, which tells the resourceVersion, and the scheduler as it was saved.
   * Pods move because of `event`.
   */
  readonly restore: (saved: S, event: "Undo" | "Redo", restoreCluster: () => Promise<string>) => Promise<string>;
}

interface Moment<S> {
  readonly step: string;
  readonly checkpoint: string;
  readonly saved: S;
}

/**
 * Steps that can be taken back and done again. Going back restores the cluster and the scheduler as they were, with
 * everything else that has happened since; going forward restores what going back left.
 */
export class StepHistory<S> {
  readonly #options: StepHistoryOptions<S>;
  readonly #past: Moment<S>[] = [];
  readonly #future: Moment<S>[] = [];
  #turn: Promise<unknown> = Promise.resolve();

  constructor(options: StepHistoryOptions<S>) {
    this.#options = options;
  }

  get left(): Pick<SchedulerState, "undo" | "redo"> {
    return { undo: leftOf(this.#past), redo: leftOf(this.#future) };
  }

  /** Takes the step, from a moment that is kept. One that is refused leaves everything as it is. */
  take<T>(step: string, act: () => T): Promise<T> {
    return this.#inTurn(async () => {
      const moment = await this.#now(step);
      let result: T;
      try {
        result = act();
      } catch (error) {
        this.#release([moment]);
        throw error;
      }
      this.#past.push(moment);
      this.#release(this.#past.splice(0, this.#past.length - mostSteps));
      this.#release(this.#future.splice(0));
      return result;
    });
  }

  /** @throws RefusedError */
  undo(): Promise<UndoResponse> {
    return this.#inTurn(() => this.#go(this.#past, this.#future, "Undo"));
  }

  /** @throws RefusedError */
  redo(): Promise<UndoResponse> {
    return this.#inTurn(() => this.#go(this.#future, this.#past, "Redo"));
  }

  /** What happens from here on by itself cannot be taken back. */
  forget(): void {
    this.#release(this.#past.splice(0));
    this.#release(this.#future.splice(0));
  }

  async #go(from: Moment<S>[], to: Moment<S>[], event: "Undo" | "Redo"): Promise<UndoResponse> {
    const moment = from.at(-1);
    if (moment === undefined) {
      const what = event === "Undo" ? "taken back" : "done again";
      throw new RefusedError(409, `nothing-to-${event.toLowerCase()}`, `there is no step that could be ${what}`);
    }
    const { step, checkpoint, saved } = moment;
    const left = await this.#now(step);
    const { checkpoints, restore } = this.#options;
    const resourceVersion = await restore(saved, event, () => checkpoints.restore(checkpoint));
    this.#release(from.splice(-1));
    to.push(left);
    return { ok: true, step, resourceVersion };
  }

  /** The cluster first: what it tells between the two is told again after a restore. */
  async #now(step: string): Promise<Moment<S>> {
    const { checkpoints, settled, save } = this.#options;
    await settled();
    const checkpoint = await checkpoints.take();
    return { step, checkpoint, saved: save() };
  }

  /** What cannot be released now is pushed out by newer ones some time. */
  #release(moments: readonly Moment<S>[]): void {
    for (const { checkpoint } of moments) this.#options.checkpoints.release(checkpoint).catch(() => undefined);
  }

  /** One at a time: a moment that is being kept, or gone back to, is not to be disturbed by the next step. */
  #inTurn<T>(act: () => Promise<T>): Promise<T> {
    const turn = this.#turn.then(act);
    this.#turn = turn.catch(() => undefined);
    return turn;
  }
}

function leftOf(moments: readonly Moment<unknown>[]) {
  const next = moments.at(-1)?.step;
  return { count: moments.length, ...(next === undefined ? {} : { next }) };
}
