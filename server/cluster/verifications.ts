import { Abort, type Clock, type Timer } from "#lib/clock/index.ts";
import type { Discrepancy, SharedIndexInformer, Verification } from "#lib/informer/index.ts";
import type { KubeObject } from "#lib/kube/index.ts";
import type { Informer, Problem, Verified } from "#lib/protocol/index.ts";
import { RefusedError } from "#server/hub/clusters.ts";

/** It lists everything and then waits for what is on its way: a large cluster takes its time, and not all of it. */
const patienceMs = 60_000;
/** Of each kind, how many are named. */
const mostNamed = 50;

type State = NonNullable<Informer["verification"]>;

/** Compares stores with the server, one comparison of each informer at a time, and remembers the last of each. */
export class Verifications {
  readonly #clock: Clock;
  readonly #problemOf: (error: unknown) => Problem;
  readonly #states = new WeakMap<SharedIndexInformer<KubeObject>, State>();

  constructor(clock: Clock, problemOf: (error: unknown) => Problem) {
    this.#clock = clock;
    this.#problemOf = problemOf;
  }

  /** The last one that was asked for. */
  of(informer: SharedIndexInformer<KubeObject>): State | undefined {
    return this.#states.get(informer);
  }

  /** @throws RefusedError when one runs already, when the server refuses, and when it takes too long */
  async verify(informer: SharedIndexInformer<KubeObject>): Promise<Verified> {
    if (this.of(informer)?.phase === "running") {
      throw new RefusedError(409, "verification-runs", `${informer.name} is being verified: its result comes with it`);
    }
    const since = this.#clock.now();
    this.#states.set(informer, { phase: "running", since });
    const limit = new Abort();
    const timer: Timer = this.#clock.setTimer(patienceMs, () => limit.abort());
    try {
      const result = verifiedOf(await informer.verify(limit.signal), since);
      this.#states.set(informer, { phase: "done", result });
      return result;
    } catch (error) {
      const problem = limit.signal.aborted ? tookTooLong : this.#problemOf(error);
      this.#states.set(informer, { phase: "failed", at: this.#clock.now(), problem });
      const status = limit.signal.aborted ? 504 : 502;
      throw new RefusedError(status, problem.code, `${problem.message} ${problem.hint}`);
    } finally {
      timer.cancel();
    }
  }
}

const tookTooLong: Problem = {
  code: "verification-timed-out",
  title: "Timed out",
  message: `The comparison took more than ${patienceMs / 1000} s.`,
  hint: "Try again when the server has less to do.",
};

function verifiedOf({ missing, extra, older, ...verification }: Verification, since: number): Verified {
  return {
    ...verification,
    tookMs: verification.at - since,
    missing: named(missing),
    extra: named(extra),
    older: named(older),
  };
}

function named(found: readonly Discrepancy[]): Verified["missing"] {
  return { count: found.length, first: found.slice(0, mostNamed) };
}
