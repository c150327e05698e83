import type { KubeObject } from "#lib/kube/index.ts";
import type { SchedulerConfiguration } from "#lib/scheduler/index.ts";
import { FakeFinder } from "../scheduling/testing/fake-scheduler.ts";
import { ShadowScheduling } from "../scheduling/shadow-scheduling.ts";
import { Diagnosis, type JudgedPod } from "../diagnosis/index.ts";
import { FakeCluster } from "./fake-cluster.ts";

/** Longer than a sweep waits for the next. */
const aLookMs = 1_500;

export interface DiagnosedClusterOptions {
  readonly configuration?: SchedulerConfiguration;
  /** Whoever reads this key is refused. */
  readonly forbidden?: string;
}

/** Somebody else's cluster without a network, watched and judged as in production; time moves only when it is told to. */
export class DiagnosedCluster {
  readonly #cluster = new FakeCluster();
  readonly scheduling: ShadowScheduling;
  readonly diagnosis: Diagnosis;
  readonly errors: unknown[] = [];

  constructor({ configuration, forbidden }: DiagnosedClusterOptions = {}) {
    if (forbidden !== undefined) this.#cluster.forbid(forbidden);
    const { clock, board, transport } = this.#cluster;
    const reportError = (error: unknown): void => void this.errors.push(error);
    this.scheduling = new ShadowScheduling({
      clock,
      board,
      finder: new FakeFinder(),
      ...(configuration && { configuration: { source: "file", from: "f", configuration } as const }),
      reportError,
    });
    this.diagnosis = new Diagnosis({
      clock,
      board,
      transport,
      scheduling: this.scheduling,
      mode: "simulated",
      version: () => "v1.36.3",
      reportError,
    });
    this.diagnosis.watch().catch(reportError);
  }

  get now(): number {
    return this.#cluster.clock.now();
  }

  /** They come, in this order, and then everything is looked at. */
  async with(objects: readonly (readonly [key: string, object: KubeObject])[]): Promise<this> {
    await this.#cluster.clock.settle();
    for (const [key, object] of objects) await this.#cluster.tell(key, "ADDED", object);
    await this.look();
    return this;
  }

  async tell(key: string, type: "ADDED" | "MODIFIED" | "DELETED", object: KubeObject): Promise<void> {
    await this.#cluster.tell(key, type, object);
  }

  async look(afterMs = aLookMs): Promise<void> {
    await this.#cluster.clock.advance(afterMs);
  }

  /** Time passes, and nothing of ours has its turn: the process was stopped. */
  standStill(forMs: number): void {
    this.#cluster.clock.set(this.now + forMs);
  }

  judged(name: string): JudgedPod {
    for (const judged of this.diagnosis.judged.values()) if (judged.pod.metadata.name === name) return judged;
    throw new Error(`pod ${name} was not judged`);
  }

  code(name: string): string {
    return this.judged(name).verdict.code;
  }

  /** The row, with what changes with time left open. */
  row(name: string): string {
    return this.judged(name)
      .verdict.row.map((part) => (typeof part === "string" ? part : "…"))
      .join("");
  }

  stop(): void {
    this.diagnosis.stop();
    this.scheduling.stop();
  }
}
