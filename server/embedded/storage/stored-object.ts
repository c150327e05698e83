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

  /** The same content under another version: what a deletion reports. */
  at(resourceVersion: number): StoredObject {
    const metadata = { ...this.object.metadata, resourceVersion: String(resourceVersion) };
    return new StoredObject(this.key, { ...this.object, metadata }, resourceVersion);
  }
}
