import type { KubeObject, ObjectMeta } from "#lib/kube/index.ts";
import { apiStatusError, DecodeError, type ApiStatusError } from "./api-errors.ts";

export interface ObjectEvent<T> {
  readonly type: "ADDED" | "MODIFIED" | "DELETED";
  readonly object: T;
}

/** One event of a watch, decoded. */
export type WatchEvent<T> =
  | ObjectEvent<T>
  | { readonly type: "BOOKMARK"; readonly metadata: ObjectMeta }
  | { readonly type: "ERROR"; readonly error: ApiStatusError };

const initialEventsEnd = "k8s.io/initial-events-end";

/** Whether a bookmark says that the initial events of a streaming list are complete. */
export function isInitialEventsEnd(metadata: ObjectMeta): boolean {
  return metadata.annotations?.[initialEventsEnd] === "true";
}

/**
 * One JSON value of a watch body as an event. Objects in a watch name their kind; one that does not cannot be decoded,
 * as upstream's typed decoder has it. Upstream: `rest/watch` `Decoder.Decode`, `watch.StreamWatcher`.
 *
 * @throws DecodeError for an unknown event type, or an object without `apiVersion`, `kind` or `metadata`
 */
export function decodeWatchEvent<T extends KubeObject>(value: unknown): WatchEvent<T> {
  if (!isRecord(value)) throw new DecodeError("a watch event is a JSON object");
  const { type, object } = value;
  switch (type) {
    case "ADDED":
    case "MODIFIED":
    case "DELETED":
      return { type, object: typedObject(object) as T };
    case "BOOKMARK":
      return { type, metadata: typedObject(object).metadata };
    case "ERROR":
      return { type, error: apiStatusError(object, 0) };
    default:
      throw new DecodeError(`unknown watch event type ${JSON.stringify(type) ?? "(none)"}`);
  }
}

function typedObject(object: unknown): KubeObject {
  if (!isRecord(object)) throw new DecodeError("the object of a watch event is missing");
  if (typeof object["apiVersion"] !== "string" || typeof object["kind"] !== "string") {
    throw new DecodeError("the object of a watch event names no apiVersion and kind");
  }
  if (!isRecord(object["metadata"])) throw new DecodeError("the object of a watch event has no metadata");
  return object as unknown as KubeObject;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
