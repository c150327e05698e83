import type { Clock } from "#lib/clock/index.ts";
import type { Pod } from "#lib/kube/index.ts";
import type { PodSigner } from "./queue-options.ts";
import { QueuedPodInfo, schedulerNameOf } from "./queued-pod-info.ts";

/** Makes records and signs them. Upstream: `newQueuedPodInfo`. */
export class Records {
  readonly #clock: Clock;
  readonly #signers: ReadonlyMap<string, PodSigner> | undefined;

  /** @param signers by profile; `undefined` while signing is off. */
  constructor(clock: Clock, signers: ReadonlyMap<string, PodSigner> | undefined) {
    this.#clock = clock;
    this.#signers = signers;
  }

  make(pod: Pod): QueuedPodInfo {
    const info = new QueuedPodInfo(pod, this.#clock.now());
    this.sign(info);
    return info;
  }

  /** None if the profile has no signer, or the signer declines. */
  sign(info: QueuedPodInfo): void {
    if (this.#signers === undefined || this.#signers.size === 0) return;
    info.podSignature = this.#signers.get(schedulerNameOf(info.pod))?.(info.pod);
  }
}
