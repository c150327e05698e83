import type { Pod, ResourceClaim } from "#lib/kube/index.ts";
import type { SchedulerFault, SchedulerFaultKind } from "#lib/protocol/index.ts";
import type { SchedulerFaults, SchedulerWriter, SchedulingEvent, StatusPatch } from "#lib/scheduler/index.ts";

/** What goes wrong on purpose in our own scheduler, and for whose pods. */
export class SchedulerTrouble implements SchedulerFaults {
  #on: readonly SchedulerFault[] = [];
  #released: PromiseWithResolvers<void> = Promise.withResolvers();

  get on(): readonly SchedulerFault[] {
    return this.#on;
  }

  /** These from now on. Whoever was held by another goes on. */
  set(faults: readonly SchedulerFault[]): void {
    this.#on = faults;
    this.#released.resolve();
    this.#released = Promise.withResolvers();
  }

  get stopsFlush(): boolean {
    return this.#on.some(({ kind }) => kind === "no-flush");
  }

  hangs(pod: Pod): boolean {
    return this.#strikes("attempts-hang", pod);
  }

  loses(pod: Pod): boolean {
    return this.#strikes("pods-lost", pod);
  }

  /** Returns once nothing holds the binding of this pod any more. */
  async untilBindable(pod: Pod): Promise<void> {
    while (this.#strikes("bindings-hang", pod)) await this.#released.promise;
  }

  #strikes(kind: SchedulerFaultKind, { metadata }: Pod): boolean {
    return this.#on.some(
      (fault) => fault.kind === kind && (fault.namespace ?? metadata.namespace) === metadata.namespace,
    );
  }
}

/** Writes as the one below, but for bindings that are held. */
export class TroubledWriter implements SchedulerWriter {
  readonly #writer: SchedulerWriter;
  readonly #trouble: SchedulerTrouble;

  constructor(writer: SchedulerWriter, trouble: SchedulerTrouble) {
    this.#writer = writer;
    this.#trouble = trouble;
  }

  async bind(pod: Pod, node: string): Promise<void> {
    await this.#trouble.untilBindable(pod);
    await this.#writer.bind(pod, node);
  }

  updateClaimStatus(claim: ResourceClaim): Promise<void> {
    return this.#writer.updateClaimStatus(claim);
  }

  patchStatus(pod: Pod, patch: StatusPatch): Promise<void> {
    return this.#writer.patchStatus(pod, patch);
  }

  recordEvent(pod: Pod, event: SchedulingEvent): Promise<void> {
    return this.#writer.recordEvent(pod, event);
  }
}
