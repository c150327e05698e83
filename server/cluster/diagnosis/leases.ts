import type { Clock, Instant } from "#lib/clock/index.ts";
import { lastState, type EventHandler, type Registration } from "#lib/informer/index.ts";
import type { KubeObject, Lease } from "#lib/kube/index.ts";
import { defaultSchedulerName, leaseSkewMs } from "#lib/scheduler/index.ts";
import type { DiagnosisBoard } from "./diagnosis-board.ts";

/** Each scheduler is one informer more. */
const mostSchedulers = 6;
/** kube-scheduler's own; others name theirs after themselves. */
const defaultLease = "kube-scheduler";

/** Leases of schedulers that pods name: each renewal says that it is alive. */
export class SchedulerLeases {
  readonly #board: DiagnosisBoard;
  readonly #clock: Clock;
  /** What was written, and when we saw it: clocks differ, and only ours is compared with ours. */
  readonly #renewed = new Map<string, { readonly written: Instant; readonly at: Instant }>();
  readonly #registrations = new Map<string, Registration>();

  constructor(board: DiagnosisBoard, clock: Clock) {
    this.#board = board;
    this.#clock = clock;
  }

  renewedAt(schedulerName: string): Instant | undefined {
    return this.#renewed.get(leaseOf(schedulerName))?.at;
  }

  /** From now on. */
  watch(schedulerName: string): void {
    const lease = leaseOf(schedulerName);
    if (this.#registrations.has(lease) || this.#registrations.size >= mostSchedulers) return;
    const handler: EventHandler<KubeObject> = {
      onAdd: (object) => this.#note(object),
      onUpdate: (_old, object) => this.#note(object),
      onDelete: (deleted) => void this.#renewed.delete(lastState(deleted).metadata.name ?? ""),
    };
    const target = { resource: "coordination.k8s.io/v1/leases", fieldSelector: `metadata.name=${lease}` };
    const registration = this.#board.addBuiltIn(target, { owner: "diagnosis", name: `diagnosis.lease`, handler });
    this.#registrations.set(lease, registration);
  }

  stop(): void {
    for (const registration of this.#registrations.values()) this.#board.removeBuiltIn(registration);
  }

  #note({ metadata, spec }: Lease): void {
    const { name = "" } = metadata;
    const written = Date.parse(spec?.renewTime ?? "");
    const known = this.#renewed.get(name);
    if (Number.isNaN(written) || known?.written === written) return;
    const now = this.#clock.now();
    // Seen for the first time it may be as old as it says, or a clock may be off: then we wait for the next renewal.
    const isCredible = known === undefined && Math.abs(now - written) > leaseSkewMs;
    this.#renewed.set(name, { written, at: isCredible ? written : now });
  }
}

function leaseOf(schedulerName: string): string {
  return schedulerName === defaultSchedulerName ? defaultLease : schedulerName;
}
