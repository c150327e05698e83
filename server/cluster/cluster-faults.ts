import type { Clock } from "#lib/clock/index.ts";
import type { FaultRequest, FaultResponse, Problem } from "#lib/protocol/index.ts";
import { FaultRefusedError, type FaultControl } from "#server/embedded/faults/index.ts";
import { RefusedError, type ViewListener } from "#server/hub/clusters.ts";
import { LiveViews } from "./live-views.ts";

interface OpenView {
  readonly close: () => void;
  readonly closed: (problem: Problem) => void;
}

/**
 * The faults of an embedded cluster, to be looked at and switched. On the main thread: the worker of the cluster knows
 * the embedded one over the network only, as it knows any other.
 */
export class ClusterFaults {
  readonly #control: FaultControl;
  readonly #views: LiveViews;
  readonly #open = new Set<OpenView>();

  constructor(control: FaultControl, clock: Clock) {
    this.#control = control;
    this.#views = new LiveViews(clock);
  }

  open(listener: ViewListener): () => void {
    const view: OpenView = {
      closed: (problem) => listener({ kind: "closed", problem }),
      close: this.#views.open({
        build: () => ({ ...this.#control.state }),
        send: listener,
        onFailure: (error) => {
          throw error;
        },
      }),
    };
    this.#open.add(view);
    return () => {
      view.close();
      this.#open.delete(view);
    };
  }

  /** Whoever still looks is told why there is nothing more to see. */
  stop(problem: Problem): void {
    for (const { close, closed } of this.#open) {
      close();
      closed(problem);
    }
    this.#open.clear();
  }

  async add(request: FaultRequest): Promise<FaultResponse> {
    try {
      return { ok: true, fault: await this.#control.add(request) };
    } catch (error) {
      if (error instanceof FaultRefusedError) throw new RefusedError(422, "no-such-fault", error.message);
      throw error;
    }
  }

  async remove(id: string): Promise<void> {
    if (await this.#control.remove(id)) return;
    throw new RefusedError(404, "no-such-fault", `${id} is not on: it was switched off, or has ended`);
  }

  clear(): Promise<void> {
    return this.#control.clear();
  }
}
