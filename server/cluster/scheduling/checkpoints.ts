import type { KubeObject } from "#lib/kube/index.ts";
import type { KubeWriter } from "../transport/index.ts";

/** Moments of an embedded cluster that one can go back to. */
export interface Checkpoints {
  /** @returns what {@link restore} takes */
  take(): Promise<string>;
  /** @returns the resourceVersion at which the cluster is as it was */
  restore(checkpoint: string): Promise<string>;
  /** Nobody will go back to it. Releasing twice is harmless. */
  release(checkpoint: string): Promise<void>;
}

const resource = { group: "embedded.kube-inflight.dev", version: "v1", resource: "checkpoints" } as const;
const nothing: KubeObject = { metadata: {} };

/** Asks the embedded API server for them. */
export class ApiCheckpoints implements Checkpoints {
  readonly #writer: KubeWriter;

  constructor(writer: KubeWriter) {
    this.#writer = writer;
  }

  async take(): Promise<string> {
    return answered(await this.#writer.create(resource, nothing), "name");
  }

  async restore(name: string): Promise<string> {
    const target = { ...resource, name, subresource: "restore" };
    return answered(await this.#writer.createSubresource(target, nothing), "resourceVersion");
  }

  async release(name: string): Promise<void> {
    await this.#writer.delete({ ...resource, name });
  }
}

function answered(answer: unknown, member: string): string {
  const value = (answer as Readonly<Record<string, unknown>> | undefined)?.[member];
  if (typeof value !== "string") throw new Error(`the embedded cluster answered without ${member}`);
  return value;
}
