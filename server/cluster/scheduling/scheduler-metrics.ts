import { Abort, sleep, type Clock } from "#lib/clock/index.ts";
import { ConnectionError } from "#lib/informer/index.ts";
import type { Measured, MetricsState, Problem, TriedSource } from "#lib/protocol/index.ts";
import { Measurements, readMetrics, type Ours, type Reading } from "./measurement.ts";
import type { EndpointFinder, SchedulerEndpoint } from "./scheduler-endpoints.ts";

/** kube-scheduler's own figures move about once a second; more often would cost it more than it tells us. */
const everyMs = 5_000;
/** Nobody answered: how long until all are asked again. */
const lookAgainMs = 30_000;
const patienceMs = 4_000;
/** Failures in a row after which others are asked as well. */
const mostFailures = 3;
/** With more replicas than that, somebody runs something else under that label. */
const mostEndpoints = 5;

export interface SchedulerMetricsOptions {
  readonly clock: Clock;
  readonly finder: EndpointFinder;
  /** To be compared. */
  readonly ours: () => Ours;
  readonly onMeasured: (last: Measured | undefined) => void;
  /** Whoever answered may be asked for more. */
  readonly onFound: (endpoint: SchedulerEndpoint) => void;
}

interface Found {
  readonly endpoint: SchedulerEndpoint;
  readonly reading: Reading;
}

/** Reads kube-scheduler's metrics every few seconds, for as long as they can be read. Nothing waits for it. */
export class SchedulerMetrics {
  readonly #options: SchedulerMetricsOptions;
  readonly #stopped = new Abort();
  #state: MetricsState = { state: "looking" };
  #measurements: Measurements | undefined;

  constructor(options: SchedulerMetricsOptions) {
    this.#options = options;
  }

  get state(): MetricsState {
    return this.#state;
  }

  /** Until it is stopped. Whatever goes wrong is told by the state; it never rejects. */
  async run(): Promise<void> {
    const { clock } = this.#options;
    while (!this.#stopped.signal.aborted) {
      const found = await this.#look();
      if (found === undefined) await sleep(clock, lookAgainMs, this.#stopped.signal);
      else await this.#follow(found);
    }
    await this.#options.finder.close();
  }

  stop(): void {
    this.#stopped.abort();
  }

  /** Our queue was put together anew: compare from here. */
  begin(): void {
    this.#measurements?.begin();
  }

  /** The first that leads, else the first that answers at all. */
  async #look(): Promise<Found | undefined> {
    const { finder, clock } = this.#options;
    const tried: TriedSource[] = [];
    let waiting: Found | undefined;
    for (const endpoint of await this.#endpoints(tried)) {
      const reading = await this.#read(endpoint);
      if ("problem" in reading) tried.push({ address: endpoint.address, problem: reading.problem });
      else if (reading.isLeader === false) waiting ??= { endpoint, reading };
      else return { endpoint, reading };
    }
    if (waiting !== undefined || this.#stopped.signal.aborted) return waiting;
    if (tried.length === 0) tried.push({ address: finder.where, problem: nobodyThere });
    this.#state = { state: "notReachable", tried, nextAt: clock.now() + lookAgainMs };
    return undefined;
  }

  async #endpoints(tried: TriedSource[]): Promise<readonly SchedulerEndpoint[]> {
    const { finder } = this.#options;
    try {
      return (await this.#within((signal) => finder.find(signal))).slice(0, mostEndpoints);
    } catch (error) {
      tried.push({ address: finder.where, problem: finder.problemOf(error) });
      return [];
    }
  }

  /** Reads on until it fails too often. A replica that only waits is left sooner: another one may lead by now. */
  async #follow({ endpoint, reading }: Found): Promise<void> {
    const { clock, ours, onMeasured, onFound } = this.#options;
    const measurements = new Measurements(endpoint.address, everyMs);
    this.#measurements = measurements;
    onFound(endpoint);
    let next: Reading | { readonly problem: Problem } = reading;
    let failures = 0;
    while (!this.#stopped.signal.aborted) {
      if ("problem" in next) {
        if (this.#state.state === "measured") this.#state = { ...this.#state, problem: next.problem };
        if (++failures === mostFailures) break;
      } else {
        failures = 0;
        const last = measurements.take(next, ours(), clock.now());
        this.#state = { state: "measured", last };
        onMeasured(last);
        if (next.isLeader === false) {
          await sleep(clock, lookAgainMs, this.#stopped.signal);
          return;
        }
      }
      await sleep(clock, everyMs, this.#stopped.signal);
      if (!this.#stopped.signal.aborted) next = await this.#read(endpoint);
    }
    onMeasured(undefined);
  }

  async #read(endpoint: SchedulerEndpoint): Promise<Reading | { readonly problem: Problem }> {
    try {
      const text = await this.#within((signal) => endpoint.metrics(signal));
      return readMetrics(text) ?? { problem: notAScheduler };
    } catch (error) {
      return { problem: endpoint.problemOf(error) };
    }
  }

  /** Gives up after a while, or when it is stopped. */
  async #within<T>(ask: (signal: Abort["signal"]) => Promise<T>): Promise<T> {
    const abort = new Abort();
    const stop = (): void => abort.abort();
    const timer = this.#options.clock.setTimer(patienceMs, stop);
    this.#stopped.signal.addEventListener("abort", stop, { once: true });
    try {
      return await ask(abort.signal);
    } catch (error) {
      if (abort.signal.aborted) throw new ConnectionError("timeout", `no answer within ${patienceMs / 1000} s`);
      throw error;
    } finally {
      timer.cancel();
      this.#stopped.signal.removeEventListener("abort", stop);
    }
  }
}

const nobodyThere: Problem = {
  code: "no-scheduler-pod",
  title: "Not found",
  message: "No running pod is labelled component=kube-scheduler there.",
  hint: "Managed clusters hide it. If its metrics can be read otherwise, give --scheduler-metrics URL.",
};

const notAScheduler: Problem = {
  code: "not-a-scheduler",
  title: "Other metrics",
  message: "It answers, but has no scheduler_pending_pods: it is no kube-scheduler.",
  hint: "Check the address in --scheduler-metrics: kube-scheduler serves its metrics on port 10259.",
};
