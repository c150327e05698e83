import type { Checkpoints } from "../checkpoints.ts";

/** Checkpoints of a cluster in which nothing has changed in between. It remembers what it was asked. */
export class FakeCheckpoints implements Checkpoints {
  readonly asked: string[] = [];
  /** Those that can be gone back to. */
  readonly kept = new Set<string>();
  /** Thrown by every request, while it is set. */
  failure: Error | undefined;
  /** What happens to the cluster when it goes back. */
  onRestore: () => Promise<void> = async () => {};
  #last = 0;

  async take(): Promise<string> {
    if (this.failure !== undefined) throw this.failure;
    this.asked.push("take");
    const checkpoint = String(++this.#last);
    this.kept.add(checkpoint);
    return checkpoint;
  }

  async restore(checkpoint: string): Promise<string> {
    if (this.failure !== undefined) throw this.failure;
    if (!this.kept.has(checkpoint)) throw new Error(`there is no checkpoint ${checkpoint}`);
    this.asked.push(`restore ${checkpoint}`);
    await this.onRestore();
    return "0";
  }

  async release(checkpoint: string): Promise<void> {
    this.kept.delete(checkpoint);
  }
}
