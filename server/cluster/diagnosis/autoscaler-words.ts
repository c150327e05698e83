import type { EventHandler, Registration } from "#lib/informer/index.ts";
import type { Clock, Instant } from "#lib/clock/index.ts";
import type { Event, KubeObject } from "#lib/kube/index.ts";
import type { DiagnosisBoard } from "./diagnosis-board.ts";

/** What cluster-autoscaler says of pods that fit nowhere. */
const reasons = ["NotTriggerScaleUp", "TriggeredScaleUp"] as const;
const mostKept = 20_000;

interface Words {
  readonly reason: string;
  readonly text: string;
  readonly at: Instant;
}

/** The cluster autoscaler's last statement about each pod, from its events. */
export class AutoscalerWords {
  readonly #clock: Clock;
  readonly #board: DiagnosisBoard;
  readonly #words = new Map<string, Words>();
  readonly #registrations: readonly Registration[];

  constructor(board: DiagnosisBoard, clock: Clock) {
    this.#clock = clock;
    this.#board = board;
    const handler: EventHandler<KubeObject> = {
      onAdd: (event) => this.#hear(event),
      onUpdate: (_old, event) => this.#hear(event),
    };
    this.#registrations = reasons.map((reason) =>
      board.addBuiltIn(
        { resource: "events.k8s.io/v1/events", fieldSelector: `reason=${reason}` },
        { owner: "diagnosis", name: "diagnosis.autoscaler", handler },
      ),
    );
  }

  of(uid: string): Words | undefined {
    return this.#words.get(uid);
  }

  stop(): void {
    for (const registration of this.#registrations) this.#board.removeBuiltIn(registration);
  }

  #hear(event: Event): void {
    const uid = event.regarding?.uid ?? event.involvedObject?.uid;
    if (uid === undefined) return;
    const written = Date.parse(
      event.series?.lastObservedTime ?? event.deprecatedLastTimestamp ?? event.eventTime ?? "",
    );
    const at = Number.isNaN(written) ? this.#clock.now() : written;
    if (at < (this.#words.get(uid)?.at ?? 0)) return;
    this.#words.delete(uid);
    this.#words.set(uid, { reason: event.reason ?? "", text: event.note ?? event.message ?? "", at });
    if (this.#words.size <= mostKept) return;
    for (const oldest of this.#words.keys()) {
      this.#words.delete(oldest);
      return;
    }
  }
}
