import type { ApiObject } from "./api-object.ts";

/** One object at one version. Its text is made once, when somebody first reads it, and shared by all who do. */
export class StoredObject {
  readonly key: string;
  readonly object: ApiObject;
  readonly resourceVersion: number;
  #json: string | undefined;

  constructor(key: string, object: ApiObject, resourceVersion: number) {
    this.key = key;
    this.object = object;
    this.resourceVersion = resourceVersion;
  }

  get json(): string {
    return (this.#json ??= JSON.stringify(this.object));
  }

  /** Gives the text back: what is no longer current is seldom read again, and then its text is made anew. */
  releaseText(): void {
    this.#json = undefined;
  }

  /** The same content under another version: what a deletion reports. */
  at(resourceVersion: number): StoredObject {
    const metadata = { ...this.object.metadata, resourceVersion: String(resourceVersion) };
    return new StoredObject(this.key, { ...this.object, metadata }, resourceVersion);
  }
}
