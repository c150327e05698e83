import type { Quantity } from "#lib/kube/index.ts";
import type { AllocatedState } from "./allocated-state.ts";
import { consumedBy, hasCapacityLeft } from "./capacity.ts";
import { CountersInUse, type AvailableCounters } from "./counters.ts";
import type { Amounts } from "./device.ts";
import { AllocationFailedError, NotJudgedError } from "./errors.ts";
import {
  candidatesIn,
  claimLabel,
  mostDevicesOfClaim,
  type Candidate,
  type WantedClaim,
  type Wish,
} from "./requests.ts";
import type { Pool } from "./pools.ts";
import { untoleratedDeviceTaint } from "./taints.ts";

/** Steps that are left: upstream has a time limit, which a pure function cannot keep. */
export interface Budget {
  steps: number;
}

/** A device that was found for a wish. */
export interface FoundDevice {
  readonly wish: Wish;
  readonly candidate: Candidate;
  /** Of a share. */
  readonly consumed: Amounts | undefined;
}

export interface SearchOptions {
  readonly claims: readonly WantedClaim[];
  readonly pools: readonly Pool[];
  readonly allocated: AllocatedState;
  readonly counters: AvailableCounters;
  readonly budget: Budget;
}

/**
 * `tooMany`: with what was chosen before, no choice here stays within what a claim can hold. It lets the search skip
 * whole branches, and upstream's answers depend on it.
 */
type Step = "done" | "no" | "tooMany";

interface Place {
  readonly claim: number;
  readonly request: number;
}

/**
 * The first way to give each wish its devices, trying them in order and taking back what leads nowhere. Within one wish
 * devices are only tried in order, so that no set of them is tried twice. Upstream: `allocateOne`, `allocateDevice`.
 */
export class Search {
  readonly #claims: readonly WantedClaim[];
  readonly #candidates: readonly Candidate[];
  readonly #allocated: AllocatedState;
  readonly #counters: CountersInUse;
  readonly #budget: Budget;
  /** Which of the claims took a device, and how often. */
  readonly #taken = new Map<string, number[]>();
  readonly #shares = new Map<string, { count: number; readonly amounts: Map<string, Quantity> }>();
  readonly #found: FoundDevice[][];

  constructor({ claims, pools, allocated, counters, budget }: SearchOptions) {
    this.#claims = claims;
    this.#candidates = pools.flatMap(candidatesIn);
    this.#allocated = allocated;
    this.#counters = new CountersInUse(counters);
    this.#budget = budget;
    this.#found = claims.map(() => []);
  }

  /** What each claim gets, in order; `undefined` if there is no way. @throws AllocationFailedError, NotJudgedError */
  run(): readonly (readonly FoundDevice[])[] | undefined {
    return this.#request({ claim: 0, request: 0 }) === "done" ? this.#found : undefined;
  }

  #request(place: Place): Step {
    const claim = this.#claims[place.claim];
    if (claim === undefined) return "done";
    const request = claim.requests[place.request];
    if (request === undefined) {
      const step = this.#request({ claim: place.claim + 1, request: 0 });
      // Another choice in this claim may leave the next one a smaller alternative.
      return step === "tooMany" ? "no" : step;
    }
    const [only] = request.alternatives;
    if (!request.isChoice) return only === undefined ? "no" : this.#devices(only, place, 0, 0);
    let areAllTooMany = true;
    for (const alternative of request.alternatives) {
      const step = this.#devices(alternative, place, 0, 0);
      if (step === "done") return step;
      if (step === "no") areAllTooMany = false;
    }
    return areAllTooMany ? "tooMany" : "no";
  }

  /** @param have devices of this wish already @param from the first candidate to try */
  #devices(wish: Wish, place: Place, have: number, from: number): Step {
    if (wish.all?.length === 0) return "no";
    if (have >= wish.count) return this.#request({ claim: place.claim, request: place.request + 1 });
    if (this.#foundFor(place).length + wish.count - have > mostDevicesOfClaim) return "tooMany";
    if (wish.all !== undefined) return this.#allDevices(wish, wish.all, place, have);
    for (let index = from; index < this.#candidates.length; index++) {
      const candidate = this.#candidates[index];
      if (candidate === undefined || !this.#isWorthATry(candidate, wish, place)) continue;
      const giveBack = this.#take(candidate, wish, place);
      if (giveBack === undefined) continue;
      const step = this.#devices(wish, place, have + 1, index + 1);
      if (step === "done") return step;
      giveBack();
      if (step === "tooMany") return step;
    }
    return "no";
  }

  /** Their order does not matter: if one cannot be had there is no way. */
  #allDevices(wish: Wish, all: readonly Candidate[], place: Place, have: number): Step {
    const candidate = all[have];
    const giveBack = candidate && this.#take(candidate, wish, place);
    if (giveBack === undefined) return "no";
    const step = this.#devices(wish, place, have + 1, 0);
    if (step !== "done") giveBack();
    return step;
  }

  #isWorthATry(candidate: Candidate, wish: Wish, place: Place): boolean {
    if (--this.#budget.steps < 0) throw new NotJudgedError("there are too many ways to allocate its devices");
    const { device } = candidate;
    if (wish.isAdmin ? this.#isTakenBy(place.claim, device.id) : this.#isInUse(device.id)) return false;
    return wish.isSelectable(candidate) && this.#hasRoom(candidate, wish);
  }

  #isInUse(id: string): boolean {
    return this.#allocated.isOwned(id) || (this.#taken.get(id)?.length ?? 0) > 0;
  }

  #isTakenBy(claim: number, id: string): boolean {
    return this.#taken.get(id)?.includes(claim) === true;
  }

  #hasRoom({ device }: Candidate, { wanted }: Wish): boolean {
    return hasCapacityLeft(wanted, device, [this.#allocated.consumed(device.id), this.#shares.get(device.id)?.amounts]);
  }

  /** Gives what takes it back; `undefined` if the device cannot be had. Whoever asks has looked at the selectors. */
  #take(candidate: Candidate, wish: Wish, place: Place): (() => void) | undefined {
    const { device, pool } = candidate;
    const { isShared, id } = device;
    if (wish.isAdmin ? !isShared && this.#isTakenBy(place.claim, id) : this.#isInUse(id)) return undefined;
    const undo: (() => void)[] = [];
    const giveBack = (): void => {
      for (const step of undo.toReversed()) step();
    };
    // Counters of a device that is shared already have been counted.
    const isCounted = isShared && (this.#shares.has(id) || this.#allocated.consumed(id) !== undefined);
    if (!isCounted && device.consumes.size > 0) {
      if (!this.#counters.take(device, pool)) return undefined;
      undo.push(() => this.#counters.giveBack(device, pool));
    }
    if (untoleratedDeviceTaint(device, wish.wish.tolerations) !== undefined) {
      giveBack();
      return undefined;
    }
    for (const constraint of this.#claims[place.claim]?.constraints ?? []) {
      if (!constraint.add(wish.name, device)) {
        giveBack();
        if (wish.all === undefined) return undefined;
        throw new AllocationFailedError(this.#constraintText(candidate, wish, place));
      }
      undo.push(() => constraint.remove(wish.name));
    }
    if (!this.#hasRoom(candidate, wish)) {
      giveBack();
      return undefined;
    }
    let consumed: Amounts | undefined;
    if (isShared) {
      consumed = consumedBy(wish.wanted, device);
      undo.push(this.#share(id, consumed));
    } else undo.push(this.#mark(id, place.claim));
    const found = this.#foundFor(place);
    found.push({ wish, candidate, consumed });
    undo.push(() => void found.pop());
    return giveBack;
  }

  #constraintText({ device }: Candidate, { name }: Wish, place: Place): string {
    const claim = this.#claims[place.claim];
    const label = claim === undefined ? "" : claimLabel(claim.claim);
    const request = name.alternative ?? name.request;
    return `claim ${label}, request ${request}: cannot add device ${device.id} because a claim constraint would not be satisfied`;
  }

  #mark(id: string, claim: number): () => void {
    const claims = this.#taken.get(id) ?? [];
    this.#taken.set(id, claims);
    claims.push(claim);
    return () => void claims.pop();
  }

  #share(id: string, consumed: Amounts): () => void {
    const shares = this.#shares.get(id) ?? { count: 0, amounts: new Map<string, Quantity>() };
    this.#shares.set(id, shares);
    const change = (times: 1n | -1n): void => {
      shares.count += Number(times);
      for (const [name, amount] of consumed)
        shares.amounts.set(name, (shares.amounts.get(name) ?? 0n) + times * amount);
      if (shares.count === 0) this.#shares.delete(id);
    };
    change(1n);
    return () => change(-1n);
  }

  #foundFor({ claim }: Place): FoundDevice[] {
    const found = this.#found[claim];
    if (found === undefined) throw new Error(`there is no claim #${claim}`);
    return found;
  }
}
