import type { Instant, Timer } from "#lib/clock/index.ts";
import { ApiStatusError, type InformerTarget, type SharedIndexInformer } from "#lib/informer/index.ts";
import type { KubeObject } from "#lib/kube/index.ts";
import type { Access } from "#lib/protocol/index.ts";
import { resourceOf } from "../informer-target.ts";
import { isAllowed, type Reviewer } from "./access-reviews.ts";

const recheckMs = 30_000;

export interface Watched {
  readonly key: string;
  readonly target: InformerTarget;
  readonly informer: SharedIndexInformer<KubeObject>;
}

export interface AccessWatchOptions extends Reviewer {
  readonly informers: () => readonly Watched[];
}

/**
 * While an informer is forbidden, asks every 30 s what we may read, for all of them: that says what still works. One
 * that may be read now is told to try at once, instead of waiting for its backoff; one about which the server does not
 * say tries too.
 */
export class AccessWatch {
  readonly #options: AccessWatchOptions;
  readonly #access = new Map<string, Access>();
  #timer: Timer | undefined;
  #nextAt: Instant | undefined;
  #isChecking = false;
  #isStopped = false;

  constructor(options: AccessWatchOptions) {
    this.#options = options;
  }

  /** What was found last; absent before the first check, and where the server did not say. */
  of(key: string): Access | undefined {
    return this.#access.get(key);
  }

  /** When it is asked again; absent while nothing is forbidden. */
  get nextAt(): Instant | undefined {
    return this.#nextAt;
  }

  /** Somebody was refused: asks now, unless a check is due anyway. */
  wasRefused(): void {
    if (this.#isStopped || this.#isChecking || this.#timer !== undefined) return;
    void this.#check(false);
  }

  stop(): void {
    this.#isStopped = true;
    this.#timer?.cancel();
  }

  async #check(isAgain: boolean): Promise<void> {
    this.#isChecking = true;
    this.#timer = undefined;
    const { clock, informers } = this.#options;
    const before = informers();
    await Promise.all(before.map((watched) => this.#ask(watched)));
    this.#isChecking = false;
    if (this.#isStopped) return;
    const running = informers();
    const keys = new Set(running.map(({ key }) => key));
    for (const key of this.#access.keys()) if (!keys.has(key)) this.#access.delete(key);
    const refused = running.filter(({ informer }) => isRefused(informer));
    for (const { key, informer } of refused) {
      const may = this.#access.get(key);
      const isWorthTrying = may === undefined ? isAgain : may.list && may.watch;
      if (isWorthTrying) informer.relist("access was checked");
    }
    if (refused.length === 0) {
      // What we may do matters only beside what we may not.
      this.#access.clear();
      this.#nextAt = undefined;
      return;
    }
    this.#nextAt = clock.now() + recheckMs;
    this.#timer = clock.setTimer(recheckMs, () => void this.#check(true));
  }

  async #ask({ key, target }: Watched): Promise<void> {
    const { clock } = this.#options;
    const { namespace } = target;
    const resource = resourceOf(target.resource);
    const ask = (verb: "get" | "list" | "watch") => isAllowed(this.#options, { verb, resource, namespace });
    const [get, list, watch] = await Promise.all([ask("get"), ask("list"), ask("watch")]);
    if (get === undefined || list === undefined || watch === undefined) this.#access.delete(key);
    else this.#access.set(key, { get, list, watch, checkedAt: clock.now() });
  }
}

/** The server refused it last. */
export function isRefused({ problem }: Pick<SharedIndexInformer<KubeObject>, "problem">): boolean {
  return problem?.error instanceof ApiStatusError && problem.error.code === 403;
}
