import type { Pod, ResourceClaim } from "#lib/kube/index.ts";
import type { SchedulerWriter, SchedulingEvent, StatusPatch } from "#lib/scheduler/index.ts";

/** Knows when nothing that was written is on its way any more. */
export class SettlingWriter implements SchedulerWriter {
  readonly #writer: SchedulerWriter;
  readonly #underWay = new Set<Promise<unknown>>();

  constructor(writer: SchedulerWriter) {
    this.#writer = writer;
  }

  bind(pod: Pod, node: string): Promise<void> {
    return this.#watch(this.#writer.bind(pod, node));
  }

  updateClaimStatus(claim: ResourceClaim): Promise<void> {
    return this.#watch(this.#writer.updateClaimStatus(claim));
  }

  patchStatus(pod: Pod, patch: StatusPatch): Promise<void> {
    return this.#watch(this.#writer.patchStatus(pod, patch));
  }

  recordEvent(pod: Pod, event: SchedulingEvent): Promise<void> {
    return this.#watch(this.#writer.recordEvent(pod, event));
  }

  /** What a write sets going, like the event about a binding, is waited for as well. */
  async settled(): Promise<void> {
    while (this.#underWay.size > 0) await Promise.allSettled(this.#underWay);
  }

  #watch(writing: Promise<void>): Promise<void> {
    const over = writing.then(
      () => void this.#underWay.delete(over),
      () => void this.#underWay.delete(over),
    );
    this.#underWay.add(over);
    return writing;
  }
}
