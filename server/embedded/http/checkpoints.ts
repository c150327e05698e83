import type { JsonObject } from "#lib/protocol/index.ts";
import { expired, StatusError } from "../api/status.ts";
import type { SavedStorage, Storage } from "../storage/storage.ts";
import type { WatchResponse } from "./watch-response.ts";

/** Objects are shared between them, so each costs little more than its keys. */
const mostCheckpoints = 200;

/** Moments of the cluster that one can go back to, the newest two hundred. Not of Kubernetes. */
export class Checkpoints {
  readonly #storage: Storage;
  readonly #watches: ReadonlySet<WatchResponse>;
  readonly #saved = new Map<string, SavedStorage>();
  #last = 0;

  constructor(storage: Storage, watches: ReadonlySet<WatchResponse>) {
    this.#storage = storage;
    this.#watches = watches;
  }

  take(): JsonObject {
    const name = String(++this.#last);
    this.#saved.set(name, this.#storage.save());
    for (const oldest of this.#saved.keys()) {
      if (this.#saved.size <= mostCheckpoints) break;
      this.#saved.delete(oldest);
    }
    return { name, resourceVersion: String(this.#storage.resourceVersion) };
  }

  /** Nobody will go back to it. One that is gone already is left alone. */
  release(name: string): void {
    this.#saved.delete(name);
  }

  /** The cluster as it was, at a new version. Nobody can be told how it came to that: every watch ends with 410. */
  restore(name: string): JsonObject {
    const saved = this.#saved.get(name);
    if (saved === undefined) {
      throw new StatusError({ code: 404, reason: "NotFound", message: `there is no checkpoint ${name} any more` });
    }
    this.#storage.restore(saved);
    const { resourceVersion } = this.#storage;
    const gone = expired(`the cluster was put back to an earlier state at ${resourceVersion}: list again`);
    for (const watch of this.#watches) watch.refuse(gone);
    return { name, resourceVersion: String(resourceVersion) };
  }
}
