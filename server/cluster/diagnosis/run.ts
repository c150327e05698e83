import type { Clock } from "#lib/clock/index.ts";
import { defaultProfile, nominatedPodsOf, type EvaluationOptions, type NodeInfo } from "#lib/scheduler/index.ts";
import { deviceSelectorCompiler } from "../device-selectors/index.ts";
import type { Judging } from "../scheduling/scheduling.ts";
import type { Failures } from "./failures.ts";
import { FlightTimes } from "./flight-times.ts";
import { RecentEvents } from "./recent-events.ts";
import { Shapes, type Shape } from "./shapes.ts";
import { Suspects } from "./suspects.ts";
import { UnseenByHistorical } from "./unseen-by-historical.ts";

export interface RunOptions {
  readonly clock: Clock;
  readonly failures: Failures;
  /** Pods that this pod's scheduler has finished so far. */
  readonly finished: (uid: string) => number;
  readonly onNodeChange: () => void;
}

/** What belongs to one run of the scheduling: it is over when another queue takes its place. */
export class Run {
  readonly judging: Judging;
  readonly shapes: Shapes;
  readonly suspects: Suspects;
  readonly flightTimes: FlightTimes;
  readonly recent: RecentEvents;
  readonly unseenByHistorical: UnseenByHistorical;
  readonly #undo: () => void;
  #suspectShapes: ReadonlySet<Shape> = new Set();
  #nominatedPods: EvaluationOptions["nominatedPods"] = () => [];

  constructor(judging: Judging, { clock, failures, finished, onNodeChange }: RunOptions) {
    const { cache, queue, pipeline, profiles } = judging;
    this.judging = judging;
    this.shapes = new Shapes(cache, {
      profiles,
      fallback: defaultProfile(cache, deviceSelectorCompiler()),
      nominatedPods: (node) => this.#nominatedPods(node),
    });
    this.suspects = new Suspects({ clock, queue, failures, finished });
    this.flightTimes = new FlightTimes(queue);
    this.recent = new RecentEvents(pipeline, clock);
    this.unseenByHistorical = new UnseenByHistorical(queue);
    this.#undo = cache.observe((node) => {
      onNodeChange();
      this.suspects.watch(this.#suspectShapes, node);
    });
  }

  /** Those that nodes are promised to now; until the next call they stand. */
  noteNominations(): void {
    this.#nominatedPods = nominatedPodsOf(this.judging.queue);
  }

  *nominatedNodes(): IterableIterator<NodeInfo> {
    const { queue, cache } = this.judging;
    for (const { node } of queue.view.nominations()) {
      const info = cache.node(node);
      if (info !== undefined) yield info;
    }
  }

  /** From now on they are asked about at every change of a node, so that no moment is overlooked. */
  watchSuspects(shapeOf: (uid: string) => Shape | undefined): void {
    this.#suspectShapes = new Set([...this.suspects.uids()].flatMap((uid) => shapeOf(uid) ?? []));
  }

  stop(): void {
    this.#undo();
    for (const part of [this.shapes, this.suspects, this.flightTimes, this.recent, this.unseenByHistorical])
      part.stop();
  }
}
