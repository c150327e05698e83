import type { DeviceClass, Node, ResourceClaim } from "#lib/kube/index.ts";
import type { Lister } from "../snapshot.ts";
import type { AllocatedState } from "./allocated-state.ts";
import { AvailableCounters } from "./counters.ts";
import { AllocationFailedOnNodeError } from "./errors.ts";
import { wantedOf } from "./requests.ts";
import { reportOf, type WishReport } from "./report.ts";
import { Search, type Budget, type FoundDevice } from "./search.ts";
import type { Selectors } from "./selectors.ts";
import type { SliceIndex } from "./slice-index.ts";

export interface AllocatorOptions {
  readonly slices: SliceIndex;
  readonly classes: Lister<DeviceClass>;
  readonly selectors: Selectors;
  readonly allocated: AllocatedState;
}

/** Devices that a search tries on one node before it gives up: some milliseconds. */
const stepsPerNode = 20_000;

/**
 * Finds devices for the claims of one pod, node by node. Kubernetes 1.36 has several; this is the one that its default
 * feature gates choose. Upstream: `structured/internal/incubating`.
 */
export class DeviceAllocator {
  readonly #options: AllocatorOptions;
  readonly #counters: AvailableCounters;
  /** What was too much for one node is not tried again on the next: the pod cannot be judged in any case. */
  #hasGivenUp = false;

  constructor(options: AllocatorOptions) {
    this.#options = options;
    this.#counters = new AvailableCounters(options.allocated);
  }

  /**
   * What each claim gets, in order; `undefined` if not all of them can be served.
   *
   * @throws AllocationFailedError, AllocationFailedOnNodeError, NotJudgedError
   */
  allocate(node: Node, claims: readonly ResourceClaim[]): readonly (readonly FoundDevice[])[] | undefined {
    const { slices, ...rest } = this.#options;
    const pools = slices.poolsFor(node);
    const wanted = claims.map((claim) => wantedOf(claim, { ...rest, node, pools }));
    const budget: Budget = { steps: this.#hasGivenUp ? 0 : stepsPerNode };
    const { allocated } = rest;
    const search = new Search({ claims: wanted, pools, allocated, counters: this.#counters, budget });
    try {
      const found = search.run();
      if (found === undefined && pools.some(({ state }) => state === "invalid")) {
        throw new AllocationFailedOnNodeError("invalid resource pools were encountered");
      }
      return found;
    } finally {
      this.#hasGivenUp ||= budget.steps < 0;
    }
  }

  /** What the node has for each wish of these claims, each looked at by itself. @throws AllocationFailedError, NotJudgedError */
  report(node: Node, claims: readonly ResourceClaim[]): readonly WishReport[] {
    const { slices, ...rest } = this.#options;
    return reportOf(claims, { ...rest, node, pools: slices.poolsFor(node) });
  }

  /** The same as if these claims had no devices. */
  releasing(claims: ReadonlySet<ResourceClaim>): DeviceAllocator {
    return new DeviceAllocator({ ...this.#options, allocated: this.#options.allocated.without(claims) });
  }
}
