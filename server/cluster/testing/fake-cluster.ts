import type { Signal } from "#lib/clock/index.ts";
import { FakeClock } from "#lib/clock/testing/fake-clock.ts";
import {
  apiStatusError,
  ConnectionError,
  keyOfTarget,
  type InformerReport,
  type ListerWatcher,
} from "#lib/informer/index.ts";
import { FakeSource } from "#lib/informer/testing/fake-source.ts";
import type { KubeObject } from "#lib/kube/index.ts";
import type { Problem } from "#lib/protocol/index.ts";
import type { HandlerToAdd } from "#server/hub/clusters.ts";
import { InformerBoard } from "../informer-board.ts";
import { resourceKey } from "../resource-key.ts";
import type { ApiResource } from "../transport/discovery.ts";
import { describeProblem, type KubeTransport, type ResourceName } from "../transport/index.ts";

const start = Date.UTC(2026, 0, 1);

/** A cluster without a network: one source for each informer key, and the board that watches them. Time stands still. */
export class FakeCluster {
  readonly clock = new FakeClock(start);
  readonly board: InformerBoard;
  readonly reports: InformerReport[] = [];
  /** What access reviews answer, by `verb resource` or `verb resource namespace`; what is not said is not answered. */
  readonly mayRead = new Map<string, boolean>();
  #areReviewsHeld = false;
  /** Of the stopwatch that filters are timed by. */
  stopwatchMs = 0;
  /** What discovery says, beside what is always there. */
  readonly served: ApiResource[] = [];
  /** For who asks without an informer. */
  readonly transport: Pick<KubeTransport, "listerWatcher" | "discover">;
  readonly #sources = new Map<string, FakeSource>();
  #version = 1000;

  constructor() {
    const listerWatcher = (
      selection: ResourceName & { readonly fieldSelector?: string; readonly namespace?: string },
    ) => this.source(keyOfTarget({ ...selection, resource: resourceKey(selection) }));
    this.transport = {
      // The sources hold plain objects, whatever kind the caller knows them to be.
      listerWatcher: listerWatcher as <T extends KubeObject>() => ListerWatcher<T> & FakeSource,
      discover: async () => this.served,
    };
    this.board = new InformerBoard({
      clock: this.clock,
      transport: {
        listerWatcher: this.transport.listerWatcher,
        review: (review, signal) => this.#review(review, signal),
      },
      report: (report) => this.reports.push(report),
      problemOf,
      context: "prod",
      stopwatch: () => this.stopwatchMs,
    });
  }

  /** What the informer of this key reads. May be filled, and told to fail, before the informer starts. */
  source(key: string): FakeSource {
    let source = this.#sources.get(key);
    if (source === undefined) {
      source = new FakeSource();
      this.#sources.set(key, source);
    }
    return source;
  }

  /** Whoever reads this key is refused, for as long as the test goes. */
  forbid(key: string): void {
    const forbidden = { kind: "Status", code: 403, reason: "Forbidden", message: `${key} is forbidden` };
    const source = this.source(key);
    for (let request = 0; request < 100; request++) {
      source.failNext("list", apiStatusError(forbidden, 403));
      source.failNext("watch", apiStatusError(forbidden, 403));
    }
  }

  /** Something happens to an object of any shape. It gets the next version. */
  async tell(key: string, type: "ADDED" | "MODIFIED" | "DELETED", object: KubeObject): Promise<void> {
    const metadata = { ...object.metadata, resourceVersion: String(++this.#version) };
    this.source(key).send({ type, object: { ...object, metadata } });
    await this.clock.settle();
  }

  /** What the views are built from. */
  get views() {
    return { board: this.board, problemOf };
  }

  /** They are not answered any more: whoever asks gives up. */
  holdReviews(): void {
    this.#areReviewsHeld = true;
  }

  async #review(review: unknown, signal: Signal | undefined): Promise<unknown> {
    if (this.#areReviewsHeld) {
      await new Promise<void>((resolve) => signal?.addEventListener("abort", resolve, { once: true }));
      throw new ConnectionError("closed", "cancelled");
    }
    const { spec } = review as { readonly spec: { readonly resourceAttributes: Readonly<Record<string, string>> } };
    const { verb = "", resource = "", namespace } = spec.resourceAttributes;
    const allowed = this.mayRead.get(`${verb} ${resource}${namespace === undefined ? "" : ` ${namespace}`}`);
    if (allowed === undefined) throw apiStatusError("not found", 404);
    return { status: { allowed } };
  }
}

function problemOf(error: unknown, resource?: string): Problem {
  return describeProblem(error, { user: "jane", ...(resource === undefined ? {} : { resource }) });
}

/** A handler as the browser asks for it: one that tails, once, everything. */
export function aHandler(more: Partial<HandlerToAdd> = {}): HandlerToAdd {
  return { kind: "tail", owner: "jane", filter: {}, times: 1, ...more };
}
