import { Abort, type Clock } from "#lib/clock/index.ts";
import { ApiStatusError } from "#lib/informer/index.ts";
import type { KubeObject } from "#lib/kube/index.ts";
import type { ResourceSelection } from "../transport/resource-path.ts";
import type { KubeTransport } from "../transport/index.ts";

const patienceMs = 3_000;

export type StatementsTransport = Pick<KubeTransport, "listerWatcher" | "discover">;

/** What a list answered: objects, that we may not read it, or that it is not there. Anything else that fails is silence. */
export type Answer<T> =
  | { readonly kind: "objects"; readonly objects: readonly T[] }
  | { readonly kind: "forbidden" }
  | { readonly kind: "silent" };

/** Small lists, asked while somebody looks, each for a short time. */
export class Questions {
  readonly #transport: StatementsTransport;
  readonly #clock: Clock;

  constructor(transport: StatementsTransport, clock: Clock) {
    this.#transport = transport;
    this.#clock = clock;
  }

  /** At most `limit` of them: who has more than that is not looked through. */
  async list<T extends KubeObject>(selection: ResourceSelection, limit: number): Promise<Answer<T>> {
    return this.#within(async (signal) => {
      const objects: T[] = [];
      const source = this.#transport.listerWatcher<T>(selection);
      for await (const part of await source.list({ resourceVersion: "", limit, continue: "" }, signal))
        if (part.kind === "items") objects.push(...part.items);
      return { kind: "objects", objects };
    });
  }

  /** The version in which a resource is served, best first; `undefined` where it is not, or nobody says. */
  async servedVersion(group: string, resource: string): Promise<string | undefined> {
    const answer = await this.#within(async (signal) => {
      const served = await this.#transport.discover(signal);
      return { kind: "objects", objects: served.filter((one) => one.group === group && one.resource === resource) };
    });
    return answer.kind === "objects" ? (answer.objects[0]?.version ?? "") : undefined;
  }

  async #within<T>(ask: (signal: Abort["signal"]) => Promise<Answer<T>>): Promise<Answer<T>> {
    const limit = new Abort();
    const timer = this.#clock.setTimer(patienceMs, () => limit.abort());
    try {
      return await ask(limit.signal);
    } catch (error) {
      return { kind: error instanceof ApiStatusError && error.code === 403 ? "forbidden" : "silent" };
    } finally {
      timer.cancel();
    }
  }
}
