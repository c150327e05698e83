import type { Clock } from "#lib/clock/index.ts";
import type { SharedIndexInformer } from "#lib/informer/index.ts";
import type { KubeObject } from "#lib/kube/index.ts";
import { Rate } from "./rate.ts";

/** What flows through one informer per second: in from the server, into the store, out to the handlers. */
export class InformerFlow {
  readonly #informer: SharedIndexInformer<KubeObject>;
  readonly received: Rate;
  readonly stored: Rate;
  readonly delivered: Rate;
  /** Deliveries of registrations that left, so that the sum never falls. */
  readonly #counted = new Map<number, number>();
  #delivered = 0;

  constructor(informer: SharedIndexInformer<KubeObject>, clock: Clock) {
    this.#informer = informer;
    this.received = new Rate(clock);
    this.stored = new Rate(clock);
    this.delivered = new Rate(clock);
  }

  /** Call it at least once a second while somebody looks, before reading the rates. */
  observe(): void {
    const { received, registrations } = this.#informer;
    const events = received.listed + received.added + received.modified + received.deleted;
    this.received.observe(events);
    // Nothing is merged on the way: what was received has been stored when this runs.
    this.stored.observe(events);
    this.#countDeliveries(registrations);
    this.delivered.observe(this.#delivered);
  }

  #countDeliveries(registrations: SharedIndexInformer<KubeObject>["registrations"]): void {
    for (const { id, delivered } of registrations) {
      this.#delivered += delivered - (this.#counted.get(id) ?? 0);
      this.#counted.set(id, delivered);
    }
    if (this.#counted.size > registrations.length) {
      const present = new Set(registrations.map(({ id }) => id));
      for (const id of this.#counted.keys()) if (!present.has(id)) this.#counted.delete(id);
    }
  }
}
