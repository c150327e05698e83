import type { Instant } from "#lib/clock/index.ts";
import type { PodUid } from "#lib/kube/index.ts";

interface Failure {
  readonly at: Instant;
  /** Without what PostFilter adds behind it. */
  readonly message: string;
  /** With other words than the pod's condition has: the scheduler will write them. */
  readonly isToBeHeardOf: boolean;
}

/** How long the scheduler's word about an attempt may be on its way. */
export const wordsTakeMs = 5_000;
const mostRemembered = 8;

/**
 * Attempts that failed by our own judgement, as long as the scheduler's word about them may still come: that is then no
 * news of another attempt. Of a failure with the same words as before nothing will ever be heard.
 */
export class UnconfirmedFailures {
  readonly #byPod = new Map<PodUid, Failure[]>();

  note(uid: PodUid, failure: Failure): void {
    const failures = this.#recent(uid, failure.at);
    this.#byPod.set(uid, [...failures, failure].slice(-mostRemembered));
  }

  /**
   * Whether the scheduler's word that comes now is about one of them, which is confirmed by it and every earlier one
   * with it. Other words than ours are taken for ours only where there is no later attempt (`isLast`) that they may be about.
   */
  confirm(uid: PodUid, said: { readonly at: Instant; readonly message: string; readonly isLast: boolean }): boolean {
    const failures = this.#recent(uid, said.at);
    const index = failures.findIndex(({ message, isToBeHeardOf }) => isToBeHeardOf && said.message.startsWith(message));
    const confirmed = index === -1 && said.isLast ? failures.length - 1 : index;
    if (confirmed === -1) return false;
    this.#byPod.set(uid, failures.slice(confirmed + 1));
    return true;
  }

  forget(uid: PodUid): void {
    this.#byPod.delete(uid);
  }

  #recent(uid: PodUid, now: Instant): readonly Failure[] {
    return (this.#byPod.get(uid) ?? []).filter(({ at }) => now - at <= wordsTakeMs);
  }
}
