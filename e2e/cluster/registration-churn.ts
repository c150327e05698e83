import { expect } from "playwright/test";
import type { AddHandlerRequest } from "#lib/protocol/index.ts";
import { someInterest, type Interest } from "./interest.ts";
import type { Recorder, Recording } from "./recorder.ts";
import type { ServedCluster } from "./served.ts";

/** Registrations that come and go at random, a number of them at a time. */
export interface Churn {
  /** One comes, and if there are enough, one goes. */
  step(): Promise<void>;
}

const atOnce = 50;
const otherKinds = ["count", "tail", "diff", "slow"] as const;

/** Through REST. Most check their chains in the server; what they found is asked for before one is removed. */
export class ServedChurn implements Churn {
  readonly #cluster: ServedCluster;
  readonly #random: () => number;
  readonly #alive = new Map<number, { readonly interest: Interest; readonly kind: AddHandlerRequest["kind"] }>();
  added = 0;
  removed = 0;

  constructor(cluster: ServedCluster, random: () => number) {
    this.#cluster = cluster;
    this.#random = random;
  }

  /** Those that check their chains. */
  get checking(): readonly { readonly handle: number; readonly interest: Interest }[] {
    return [...this.#alive]
      .filter(([, { kind }]) => kind === "chain")
      .map(([handle, { interest }]) => ({ handle, interest }));
  }

  get alive(): number {
    return this.#alive.size;
  }

  async step(): Promise<void> {
    if (this.#alive.size < atOnce) await this.#add();
    else await this.#remove();
  }

  async #add(): Promise<void> {
    const interest = someInterest(this.#random);
    const isOther = this.#random() < 0.2;
    const kind = isOther ? (otherKinds[Math.floor(this.#random() * otherKinds.length)] ?? "count") : "chain";
    const times = isOther ? 1 + Math.floor(this.#random() * 3) : 1;
    const { registrations } = await this.#cluster.addHandler(interest.informer, {
      kind,
      owner: `fire-${Math.floor(this.#random() * 5)}`,
      filter: interest.filter,
      times,
      // A slow one is behind, and must not hold up anybody.
      ...(kind === "slow" ? { delayMs: 50 } : {}),
      ...(this.#random() < 0.3 ? { resyncMs: 30_000 } : {}),
    });
    for (const handle of registrations) this.#alive.set(handle, { interest, kind });
    this.added += registrations.length;
  }

  async #remove(): Promise<void> {
    const chosen = [...this.#alive][Math.floor(this.#random() * this.#alive.size)];
    if (chosen === undefined) return;
    const [handle, { interest }] = chosen;
    const row = (await this.#cluster.informer(interest.informer)).registrations[handle];
    expect(row, `registration ${handle}`).toMatchObject({ failed: 0 });
    await this.#cluster.removeHandler(handle);
    this.#alive.delete(handle);
    this.removed++;
  }
}

/** In this process, where everything that was told is kept, also of those that were removed. */
export class RecordedChurn implements Churn {
  readonly #recorder: Recorder;
  readonly #random: () => number;
  readonly alive = new Set<Recording>();
  /** With how much each had been told when it was removed. */
  readonly removed = new Map<Recording, number>();

  constructor(recorder: Recorder, random: () => number) {
    this.#recorder = recorder;
    this.#random = random;
  }

  get all(): readonly Recording[] {
    return [...this.removed.keys(), ...this.alive];
  }

  async step(): Promise<void> {
    if (this.alive.size < atOnce) {
      this.alive.add(this.#recorder.add(someInterest(this.#random), this.#random() < 0.25));
      return;
    }
    const chosen = [...this.alive][Math.floor(this.#random() * this.alive.size)];
    if (chosen === undefined) return;
    this.#recorder.remove(chosen);
    this.alive.delete(chosen);
    this.removed.set(chosen, chosen.told.length);
  }
}
