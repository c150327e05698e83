import { Abort, sleep, type Clock, type Instant } from "#lib/clock/index.ts";
import type { Registration } from "#lib/informer/index.ts";
import type { Pod, PodUid } from "#lib/kube/index.ts";
import type { QueueView } from "#lib/queue/index.ts";
import { Shadow } from "#lib/scheduler/index.ts";
import { RefusedError } from "#server/hub/clusters.ts";
import type { InformerBoard } from "../informer-board.ts";
import { QueueFlow } from "../queue-flow.ts";
import type { Attempt } from "../views/events.ts";
import { feed } from "./pipeline-sources.ts";
import { QueueHistory } from "./queue-history.ts";
import type { Scheduling } from "./scheduling.ts";
import { TransitionLog } from "./transition-log.ts";

/** A kind that cannot be listed (forbidden, not served) must not keep the shadow from beginning. */
const patienceMs = 15_000;

export interface ShadowSchedulingOptions {
  readonly clock: Clock;
  readonly board: InformerBoard;
  readonly reportError: (error: unknown) => void;
}

/** The queue of the cluster's own kube-scheduler, as far as it can be told from outside. Nothing in it is steered. */
export class ShadowScheduling implements Scheduling {
  readonly provenance = "simulated";
  readonly flow: QueueFlow;
  readonly history: QueueHistory;
  readonly transitions: TransitionLog;
  readonly #shadow: Shadow;
  readonly #patience = new Abort();

  constructor({ clock, board, reportError }: ShadowSchedulingOptions) {
    this.#shadow = new Shadow({ clock, lastWriteOf, reportError });
    this.flow = new QueueFlow(this.#shadow.queue, clock);
    this.history = new QueueHistory(this.#shadow.queue, clock);
    this.transitions = new TransitionLog(this.#shadow.queue, (uid) => this.#shadow.outcomeOf(uid as PodUid)?.kind);
    const { pipeline, pods, events } = this.#shadow;
    const registrations = feed(board, { pipeline, pods, events });
    this.#beginOnce(registrations, clock).catch(reportError);
  }

  get queue(): QueueView {
    return this.#shadow.queue.view;
  }

  attemptOf(uid: string): Attempt | undefined {
    return this.#shadow.flight(uid as PodUid);
  }

  loopState(): undefined {
    return undefined;
  }

  set(): never {
    throw notOurs();
  }

  step(): never {
    throw notOurs();
  }

  stop(): void {
    this.history.stop();
    this.#patience.abort();
    this.#shadow.stop();
  }

  /** Pods and nodes are needed; the other kinds are waited for, but not for ever. */
  async #beginOnce(registrations: readonly Registration[], clock: Clock): Promise<void> {
    const needed = registrations.filter(({ name }) => name === "pipeline.pods" || name === "pipeline.nodes");
    await Promise.all(needed.map(({ synced }) => synced));
    const all = Promise.all(registrations.map(({ synced }) => synced));
    await Promise.race([all, sleep(clock, patienceMs, this.#patience.signal)]);
    this.#patience.abort();
    this.#shadow.begin();
  }
}

/** Redaction keeps the time of the last write when it drops the managed fields. */
function lastWriteOf(pod: Pod): Instant | undefined {
  const written = (pod as Pod & { readonly schedulerWroteAt?: string }).schedulerWroteAt;
  return written === undefined ? undefined : Date.parse(written);
}

function notOurs(): RefusedError {
  return new RefusedError(
    409,
    "not-steered",
    "kube-scheduler schedules this cluster: only the embedded one can be steered",
  );
}
