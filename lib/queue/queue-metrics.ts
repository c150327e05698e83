import { Histogram } from "./histogram.ts";

interface Incoming {
  active: number;
  backoff: number;
  unschedulable: number;
}

/** Where incoming pods are counted; both backoff heaps are one queue here. */
export type IncomingQueue = keyof Incoming;

/** The counters behind the queue's metrics: cheap to raise, read when somebody collects them. */
export class QueueMetrics {
  readonly #incoming = new Map<string, Incoming>();
  /** The event counted last: many come in a row. */
  #latestEvent = "";
  #latest: Incoming | undefined;
  /** By profile, then by plugin. */
  readonly #unschedulable = new Map<string, Map<string, number>>();

  incoming(queue: IncomingQueue, event: string): void {
    if (this.#latest === undefined || event !== this.#latestEvent) {
      this.#latest = this.#countsOf(event);
      this.#latestEvent = event;
    }
    this.#latest[queue]++;
  }

  unschedulable(plugin: string, profile: string, change: 1 | -1): void {
    let plugins = this.#unschedulable.get(profile);
    if (plugins === undefined) {
      plugins = new Map();
      this.#unschedulable.set(profile, plugins);
    }
    plugins.set(plugin, (plugins.get(plugin) ?? 0) + change);
  }

  incomingPods(): ReadonlyMap<string, Readonly<Incoming>> {
    return this.#incoming;
  }

  /** These gauges instead, as {@link unschedulablePods} gave them. */
  restoreUnschedulable(saved: Iterable<readonly [profile: string, plugins: ReadonlyMap<string, number>]>): void {
    this.#unschedulable.clear();
    for (const [profile, plugins] of saved) this.#unschedulable.set(profile, new Map(plugins));
  }

  #countsOf(event: string): Incoming {
    let counts = this.#incoming.get(event);
    if (counts === undefined) {
      counts = { active: 0, backoff: 0, unschedulable: 0 };
      this.#incoming.set(event, counts);
    }
    return counts;
  }

  unschedulablePods(): ReadonlyMap<string, ReadonlyMap<string, number>> {
    return this.#unschedulable;
  }
}

/** Durations that belong to a name, made when the first is observed. */
export class NamedHistograms {
  readonly #bounds: readonly number[];
  readonly #byName = new Map<string, Histogram>();

  constructor(bounds: readonly number[]) {
    this.#bounds = bounds;
  }

  observe(name: string, seconds: number): void {
    let histogram = this.#byName.get(name);
    if (histogram === undefined) {
      histogram = new Histogram(this.#bounds);
      this.#byName.set(name, histogram);
    }
    histogram.observe(seconds);
  }

  [Symbol.iterator](): IterableIterator<[string, Histogram]> {
    return this.#byName.entries();
  }
}
