import type { Clock, Instant } from "#lib/clock/index.ts";
import { RingBuffer } from "#lib/collections/index.ts";
import type { ClusterEvent, KubeObject } from "#lib/kube/index.ts";
import type { EventPipeline } from "#lib/scheduler/index.ts";

/** They keep both versions of their objects, so there must not be too many. */
const keptEvents = 4_000;

export interface RecentEvent {
  readonly seq: number;
  readonly at: Instant;
  readonly event: ClusterEvent;
  readonly old: KubeObject | undefined;
  readonly updated: KubeObject | undefined;
}

/** What the queue was told of lately, whoever was in flight: a pod's page asks hints about it afterwards. */
export class RecentEvents {
  readonly #events = new RingBuffer<RecentEvent>();
  readonly #undo: () => void;
  #seq = 0;

  constructor(pipeline: Pick<EventPipeline, "observe">, clock: Clock) {
    this.#undo = pipeline.observe((event, old, updated) => {
      this.#events.push({ seq: ++this.#seq, at: clock.now(), event, old, updated });
      if (this.#events.size > keptEvents) this.#events.shift();
    });
  }

  /** Newest first. */
  newestFirst(): Iterable<RecentEvent> {
    return this.#events.newestFirst();
  }

  stop(): void {
    this.#undo();
  }
}
