import type { DeviceClass, Node, ResourceClaim } from "#lib/kube/index.ts";
import type { Lister } from "../snapshot.ts";
import type { AllocatedState } from "./allocated-state.ts";
import { AvailableCounters } from "./counters.ts";
import { AllocationFailedOnNodeError } from "./errors.ts";
import { wantedOf } from "./requests.ts";
import { Search, type Budget, type FoundDevice } from "./search.ts";
import type { Selectors } from "./selectors.ts";
import type { SliceIndex } from "./slice-index.ts";

export interface AllocatorOptions {
  readonly slices: SliceIndex;
  readonly classes: Lister<DeviceClass>;
  readonly selectors: Selectors;
  readonly allocated: AllocatedState;
}

/** Devices that a search tries before it gives up: for one node, and for all nodes of one pod. */
const stepsPerNode = 20_000;
const stepsPerPod = 2_000_000;

/**
 * Finds devices for the claims of one pod, node by node. Kubernetes 1.36 has several; this is the one that its default
 * feature gates choose. Upstream: `structured/internal/incubating`.
 */
export class DeviceAllocator {
  readonly #options: AllocatorOptions;
  readonly #counters: AvailableCounters;
  #stepsLeft = stepsPerPod;

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
    const budget: Budget = { steps: Math.min(stepsPerNode, this.#stepsLeft) };
    const before = budget.steps;
    try {
      const { allocated } = rest;
      const found = new Search({ claims: wanted, pools, allocated, counters: this.#counters, budget }).run();
      if (found === undefined && pools.some(({ state }) => state === "invalid")) {
        throw new AllocationFailedOnNodeError("invalid resource pools were encountered");
      }
      return found;
    } finally {
      this.#stepsLeft -= before - budget.steps;
    }
  }
}
