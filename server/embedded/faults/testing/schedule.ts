import { faultKind, type FaultKind, type FaultRequest } from "#lib/protocol/index.ts";
import { InProcessCluster } from "../../testing/in-process-cluster.ts";
import { WatchedInformer } from "./watched-informer.ts";

export const faultKinds: readonly FaultKind[] = faultKind.options;
const resources = ["configmaps", "nodes"] as const;
const names = 8;
const mostSteps = 40;
const slowestMs = 4_000;
/** By when whoever waits has tried again, whatever it has been through. */
const recoveryMs = 10 * 60_000;

/**
 * Random writes and random faults, and two informers that live through them: one streams its lists, the other asks for
 * pages. At the end nothing is wrong any more.
 */
export class Schedule {
  readonly #cluster: InProcessCluster;
  readonly #informers: readonly WatchedInformer[];
  readonly #random: () => number;
  #written = 0;
  /** What was done, for whoever looks for the cause. */
  readonly steps: string[] = [];

  constructor(seed: number) {
    this.#cluster = new InProcessCluster({ seed, historyWindow: 5 + (seed % 40), bookmarkIntervalMs: 10_000 });
    this.#random = this.#cluster.random;
    // Now and then there is more than one page.
    const atFirst = seed % 50 === 0 ? 520 : this.#below(names);
    for (let count = 0; count < atFirst; count++) this.#create("configmaps", `first-${count}`);
    this.#informers = resources.map((plural, index) => {
      const traits = { isStreamingEnabled: (seed + index) % 2 === 0, resyncPeriodMs: seed % 3 === 0 ? 5_000 : 0 };
      return new WatchedInformer(this.#cluster, plural, traits);
    });
    for (const informer of this.#informers) informer.addHandler(0, 0);
  }

  /** How often each kind of fault has struck, as far as it is remembered. */
  get hits(): ReadonlyMap<FaultKind, number> {
    const { on, ended } = this.#cluster.faults.state;
    const hits = new Map<FaultKind, number>();
    for (const { kind, hits: hit } of [...Object.values(on), ...Object.values(ended)]) {
      hits.set(kind, (hits.get(kind) ?? 0) + hit.lists + hit.watches);
    }
    return hits;
  }

  /** What is wrong at the end; empty when nothing is. */
  async run(): Promise<readonly string[]> {
    try {
      return await this.#live();
    } finally {
      // Also those that would ask for ever.
      for (const informer of this.#informers) informer.abort();
      await this.#cluster.stop();
    }
  }

  async #live(): Promise<readonly string[]> {
    const { clock, faults } = this.#cluster;
    for (let left = 10 + this.#below(mostSteps - 10); left > 0; left--) await this.#step();
    this.steps.push("all faults off");
    faults.clear();
    const wrong = await this.#recovery();
    // Whoever has recovered hears what is written from now on. One flush may be late from a slow fault, and a slow
    // handler may be busy with its cache.
    for (const plural of resources) this.#create(plural, "last");
    await clock.advance(slowestMs + 10_000);
    const missed = this.#informers.flatMap((informer) => [...informer.differences(), ...informer.troubles()]);
    for (const informer of this.#informers) await informer.stop();
    return [...wrong, ...missed];
  }

  /** Until nothing differs any more. What was held back may still come, and whoever failed may still wait. */
  async #recovery(): Promise<readonly string[]> {
    const { clock } = this.#cluster;
    const until = clock.now() + recoveryMs;
    await clock.settle();
    for (;;) {
      const wrong = this.#informers.flatMap((informer) => informer.differences());
      const { nextTimerAt = until } = clock;
      const isBroken = this.#informers.some(({ broken }) => broken.length > 0);
      if (isBroken || nextTimerAt >= until || (wrong.length === 0 && this.#areSettled)) return wrong;
      await clock.advanceTo(nextTimerAt);
    }
  }

  get #areSettled(): boolean {
    return this.#informers.every(({ isSettled }) => isSettled);
  }

  async #step(): Promise<void> {
    const { clock, faults } = this.#cluster;
    const chance = this.#random();
    if (chance < 0.4) this.#write();
    else if (chance < 0.58) this.#fail();
    else if (chance < 0.64) this.#mend();
    else if (chance < 0.9) {
      const ms = Math.floor(10 ** (1 + 3 * this.#random()));
      this.steps.push(`${ms} ms pass, with ${Object.keys(faults.state.on).length} faults on`);
      await clock.advance(ms);
    } else if (chance < 0.93) {
      // In the middle of what is under way.
      this.steps.push("a turn passes");
      await new Promise((resolve) => void setImmediate(resolve));
    } else this.#steer();
  }

  #write(): void {
    const plural = this.#oneOf(resources);
    const name = `object-${this.#below(names)}`;
    const { objects } = this.#cluster;
    const ref = { plural, namespace: plural === "nodes" ? "" : "default", name };
    const chance = this.#random();
    if (objects.get(ref) === undefined) this.#create(plural, name);
    else if (chance < 0.6) {
      this.steps.push(`update ${plural} ${name}`);
      objects.patchIfPresent(ref, { metadata: { labels: { revision: String(++this.#written) } } });
    } else {
      this.steps.push(`delete ${plural} ${name}`);
      objects.removeForGood(ref);
      // Under its name comes another one, and nobody may have seen the first go.
      if (chance > 0.85) this.#create(plural, name);
    }
  }

  #create(plural: string, name: string): void {
    this.steps.push(`create ${plural} ${name}`);
    this.#cluster.objects.create(plural, {
      metadata: { name, ...(plural === "nodes" ? {} : { namespace: "default" }) },
    });
  }

  #fail(): void {
    const kind = this.#oneOf(faultKinds);
    const hasScope = kind !== "refuse";
    const hasVerbs = hasScope && kind !== "compact";
    const isCounted = hasScope && this.#random() < 0.4;
    const request: FaultRequest = {
      kind,
      ...(hasScope && this.#random() < 0.5 ? { resource: `v1/${this.#oneOf(resources)}` } : {}),
      ...(hasVerbs && this.#random() < 0.4 ? { verbs: [this.#oneOf(["list", "watch"] as const)] } : {}),
      ...(isCounted ? { count: 1 + this.#below(4) } : {}),
      ...(!isCounted && this.#random() < 0.8 ? { durationMs: 1 + this.#below(20_000) } : {}),
      ...(kind === "throttle" ? { retryAfterSeconds: this.#below(4) } : {}),
      ...(kind === "slow" ? { delayMs: 1 + this.#below(slowestMs) } : {}),
    };
    this.steps.push(`fault ${JSON.stringify(request)}`);
    this.#cluster.faults.add(request);
  }

  #mend(): void {
    const { faults } = this.#cluster;
    const [id] = Object.keys(faults.state.on);
    if (id !== undefined) this.steps.push(`${id} off`);
    if (id !== undefined) faults.remove(id);
  }

  /** Handlers come and go, and somebody asks for a list or a replay. */
  #steer(): void {
    const one = this.#oneOf(this.#informers);
    const chance = this.#random();
    if (chance < 0.4 && one.handlers < 4) {
      const delayMs = this.#oneOf([0, 0, 20, 300]);
      this.steps.push(`add a handler to ${one.plural} that takes ${delayMs} ms`);
      one.addHandler(delayMs, this.#oneOf([0, 7_000]));
    } else if (chance < 0.6 && one.handlers > 1) {
      this.steps.push(`remove a handler from ${one.plural}`);
      one.removeHandler(this.#below(one.handlers));
    } else if (chance < 0.8) {
      this.steps.push(`relist ${one.plural}`);
      one.informer.relist();
    } else {
      this.steps.push(`replay ${one.plural}`);
      one.informer.replay();
    }
  }

  #below(limit: number): number {
    return Math.floor(this.#random() * limit);
  }

  #oneOf<T>(choices: readonly [T, ...T[]] | readonly T[]): T {
    const chosen = choices[this.#below(choices.length)];
    if (chosen === undefined) throw new Error("nothing to choose from");
    return chosen;
  }
}
