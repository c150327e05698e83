import { Abort } from "#lib/clock/index.ts";
import { FakeClock } from "#lib/clock/testing/fake-clock.ts";
import type { KubeObject } from "#lib/kube/index.ts";
import type { InformerReport } from "../report.ts";
import { retrying } from "../retrying.ts";
import { SharedIndexInformer, type SharedIndexInformerOptions } from "../shared-index-informer.ts";
import { FakeSource } from "./fake-source.ts";

/** An informer, its server and its time. Jitter is fixed, so the first backoffs are 1200, 2400 and 4800 ms. */
export class World {
  readonly clock = new FakeClock(0);
  readonly source: FakeSource;
  readonly informer: SharedIndexInformer<KubeObject>;
  readonly reports: InformerReport[] = [];
  readonly watchErrors: unknown[] = [];
  readonly #stop = new Abort();
  hasReturned = false;

  constructor(options: Partial<SharedIndexInformerOptions<KubeObject>> & { readonly server?: FakeSource } = {}) {
    const { server = new FakeSource(), ...informerOptions } = options;
    this.source = server;
    this.informer = new SharedIndexInformer<KubeObject>({
      source: retrying(this.source, this.clock),
      clock: this.clock,
      random: () => 0.5,
      report: (report) => this.reports.push(report),
      onWatchError: (error) => this.watchErrors.push(error),
      ...informerOptions,
    });
  }

  async run(): Promise<void> {
    void this.informer.run(this.#stop.signal).then(() => {
      this.hasReturned = true;
    });
    await this.settle();
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    await this.settle();
  }

  settle(): Promise<void> {
    return this.clock.settle();
  }

  /** Requests since the last time, as `list 0 500` or `watch 103`, `stream 103` for a streaming list. */
  takeRequests(): readonly string[] {
    return this.source.requests.splice(0).map((request) => {
      const { resourceVersion } = request.options;
      if (request.kind === "watch")
        return `${request.options.sendInitialEvents ? "stream" : "watch"} ${resourceVersion}`;
      const { limit, continue: token } = request.options;
      return `list ${token === "" ? resourceVersion : `after ${token}`} ${limit === 0 ? "all" : limit}`;
    });
  }
}
