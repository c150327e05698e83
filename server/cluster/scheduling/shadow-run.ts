import { Abort, sleep, type Clock, type Instant } from "#lib/clock/index.ts";
import type { Registration } from "#lib/informer/index.ts";
import type { Pod, PodUid } from "#lib/kube/index.ts";
import { Shadow, type SchedulerConfiguration } from "#lib/scheduler/index.ts";
import { deviceSelectorCompiler } from "../device-selectors/index.ts";
import type { InformerBoard } from "../informer-board.ts";
import { QueueFlow } from "../queue-flow.ts";
import { feed } from "./pipeline-sources.ts";
import { QueueHistory } from "./queue-history.ts";
import { TransitionLog } from "./transition-log.ts";

/** A kind that cannot be listed (forbidden, not served) must not keep the shadow from beginning. */
const patienceMs = 15_000;

export interface ShadowRunOptions {
  readonly clock: Clock;
  readonly board: InformerBoard;
  readonly configuration: SchedulerConfiguration;
  readonly reportError: (error: unknown) => void;
  /** The queue is filled: from here on it moves as kube-scheduler's does. */
  readonly onBegun: () => void;
}

/** One shadow under one configuration, fed by the informers from their first list on. */
export class ShadowRun {
  readonly shadow: Shadow;
  readonly flow: QueueFlow;
  readonly history: QueueHistory;
  readonly transitions: TransitionLog;
  readonly #board: InformerBoard;
  readonly #registrations: readonly Registration[];
  readonly #patience = new Abort();

  constructor({ clock, board, configuration, reportError, onBegun }: ShadowRunOptions) {
    this.#board = board;
    this.shadow = new Shadow({
      clock,
      configuration,
      lastWriteOf,
      reportError,
      compileSelector: deviceSelectorCompiler(),
    });
    const { queue, pipeline, pods, events } = this.shadow;
    this.flow = new QueueFlow(queue, clock);
    this.history = new QueueHistory(queue, clock);
    this.transitions = new TransitionLog(queue, (uid) => this.shadow.outcomeOf(uid as PodUid)?.kind);
    this.#registrations = feed(board, { nodes: pipeline.nodes, others: pipeline.others, pods, events });
    this.#beginOnce(clock).then(onBegun).catch(reportError);
  }

  /** For good: another run may follow. */
  stop(): void {
    this.#patience.abort();
    this.history.stop();
    this.shadow.stop();
    for (const registration of this.#registrations) this.#board.removeBuiltIn(registration);
  }

  /** Pods and nodes are needed; the other kinds are waited for, but not for ever. */
  async #beginOnce(clock: Clock): Promise<void> {
    const needed = this.#registrations.filter(({ name }) => name === "pipeline.pods" || name === "pipeline.nodes");
    await Promise.all(needed.map(({ synced }) => synced));
    const all = Promise.all(this.#registrations.map(({ synced }) => synced));
    await Promise.race([all, sleep(clock, patienceMs, this.#patience.signal)]);
    this.#patience.abort();
    this.shadow.begin();
  }
}

/** Redaction keeps the time of the last write when it drops the managed fields. */
function lastWriteOf(pod: Pod): Instant | undefined {
  const written = (pod as Pod & { readonly schedulerWroteAt?: string }).schedulerWroteAt;
  return written === undefined ? undefined : Date.parse(written);
}
