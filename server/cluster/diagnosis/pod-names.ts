import type { Clock, Instant } from "#lib/clock/index.ts";
import { objectKey, podUid, type KubeObject } from "#lib/kube/index.ts";

const mostGone = 5_000;

interface Gone {
  readonly uid: string;
  /** When the last one went. */
  readonly at: Instant;
  /** How many had the name and went, of those that we saw go. */
  readonly count: number;
  /** When the first of them went. */
  readonly firstAt: Instant;
}

/** Which pods had the names that others have now: a pod that is recreated under its name is another pod. */
export class PodNames {
  readonly #clock: Clock;
  readonly #gone = new Map<string, Gone>();
  readonly #before = new Map<string, Gone>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** The pod that had the name before this one. */
  before(uid: string): Gone | undefined {
    return this.#before.get(uid);
  }

  came(pod: KubeObject): void {
    const gone = this.#gone.get(objectKey(pod));
    if (gone !== undefined) this.#before.set(podUid(pod), gone);
  }

  left(pod: KubeObject): void {
    this.#before.delete(podUid(pod));
    const key = objectKey(pod);
    const at = this.#clock.now();
    const { count = 0, firstAt = at } = this.#gone.get(key) ?? {};
    this.#gone.delete(key);
    this.#gone.set(key, { uid: podUid(pod), at, count: count + 1, firstAt });
    if (this.#gone.size <= mostGone) return;
    for (const oldest of this.#gone.keys()) {
      this.#gone.delete(oldest);
      return;
    }
  }
}
