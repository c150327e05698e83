import type { Checkpoints } from "../checkpoints.ts";

/** Checkpoints of a cluster in which nothing has changed in between. It remembers what it was asked. */
export class FakeCheckpoints implements Checkpoints {
  readonly asked: string[] = [];
  /** Thrown by every request, while it is set. */
  failure: Error | undefined;
  /** What happens to the cluster when it goes back. */
  onRestore: () => Promise<void> = async () => {};
  #last = 0;

  async take(): Promise<string> {
    if (this.failure !== undefined) throw this.failure;
    this.asked.push("take");
    return String(++this.#last);
  }

  async restore(checkpoint: string): Promise<string> {
    if (this.failure !== undefined) throw this.failure;
    this.asked.push(`restore ${checkpoint}`);
    await this.onRestore();
    return "0";
  }
}
