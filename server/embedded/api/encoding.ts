import type { JsonObject } from "#lib/protocol/index.ts";
import type { StorageEvent } from "../storage/history.ts";
import type { StoredObject } from "../storage/stored-object.ts";
import type { ListPage } from "./list.ts";
import { apiVersionOf, type Resource } from "./resource.ts";
import { partialMetadata, tableOf, tableRow, type IncludeObject } from "./table.ts";

/** How the client wants to see objects. */
export type Representation =
  { readonly as: "object" } | { readonly as: "metadata" } | { readonly as: "table"; readonly include: IncludeObject };

/** Turns what is stored into what one request reads. The texts of whole objects are made once for all requests. */
export class Encoder {
  readonly #resource: Resource;
  readonly #representation: Representation;
  readonly #now: () => number;
  #hasColumns = false;

  constructor(resource: Resource, representation: Representation, now: () => number) {
    this.#resource = resource;
    this.#representation = representation;
    this.#now = now;
  }

  object(stored: StoredObject): string {
    const { as } = this.#representation;
    if (as === "object") return this.#text(stored);
    if (as === "metadata") return JSON.stringify(partialMetadata(this.#shown(stored)));
    return JSON.stringify(this.#table([stored], { resourceVersion: stored.object.metadata.resourceVersion }));
  }

  list({ items, resourceVersion, continueToken, remainingItemCount }: ListPage): string {
    const metadata = { resourceVersion: String(resourceVersion), continue: continueToken, remainingItemCount };
    const { as } = this.#representation;
    if (as === "table") return JSON.stringify(this.#table(items, metadata));
    const isWhole = as === "object";
    const kind = isWhole ? `${this.#resource.kind}List` : "PartialObjectMetadataList";
    const apiVersion = isWhole ? apiVersionOf(this.#resource) : "meta.k8s.io/v1";
    const head = JSON.stringify({ kind, apiVersion, metadata }).slice(0, -1);
    return `${head},"items":[${items.map((stored) => this.object(stored)).join(",")}]}`;
  }

  /** A frame of a watch; shared with the other watchers if `shared` is given and whole objects are asked for. */
  event(type: string, stored: StoredObject, shared: StorageEvent | undefined): Uint8Array {
    const isShared = this.#representation.as === "object" && this.#resource.conversion === undefined;
    if (shared === undefined || !isShared || shared.type !== type) return frame(type, this.object(stored));
    return (shared.frame ??= frame(type, this.object(stored)));
  }

  bookmark(resourceVersion: number, isInitialEventsEnd: boolean): Uint8Array {
    const annotations = isInitialEventsEnd ? { "k8s.io/initial-events-end": "true" } : undefined;
    const metadata = { resourceVersion: String(resourceVersion), creationTimestamp: null, annotations };
    const object = { kind: this.#resource.kind, apiVersion: apiVersionOf(this.#resource), metadata };
    return frame("BOOKMARK", JSON.stringify(this.#bookmarkObject(object)));
  }

  #bookmarkObject(object: JsonObject & { readonly metadata: JsonObject }): JsonObject {
    const { as } = this.#representation;
    if (as === "object") return object;
    if (as === "metadata") return { ...object, kind: "PartialObjectMetadata", apiVersion: "meta.k8s.io/v1" };
    return tableOf([], object.metadata, []);
  }

  #text(stored: StoredObject): string {
    return this.#resource.conversion === undefined ? stored.json : JSON.stringify(this.#shown(stored));
  }

  #shown({ object }: StoredObject) {
    return this.#resource.conversion?.fromStorage(object) ?? object;
  }

  #table(items: readonly StoredObject[], metadata: JsonObject): JsonObject {
    const include = this.#representation.as === "table" ? this.#representation.include : "None";
    const { columns } = this.#resource;
    const rows = items.map(({ object }) => tableRow(columns, object, { now: this.#now(), include }));
    const table = tableOf(columns, metadata, rows);
    if (!this.#hasColumns) {
      this.#hasColumns = true;
      return table;
    }
    return { ...table, columnDefinitions: null };
  }
}

const encoder = new TextEncoder();

export function frame(type: string, object: string): Uint8Array {
  return encoder.encode(`{"type":"${type}","object":${object}}\n`);
}
