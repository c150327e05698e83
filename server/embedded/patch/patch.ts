import { applyPatch, type JsonObject, type JsonValue } from "#lib/protocol/index.ts";
import { badRequest, unprocessable, unsupportedMediaType } from "../api/status.ts";
import { isJsonObject, textAt } from "../storage/api-object.ts";
import { JsonPatchError, applyJsonPatch } from "./json-patch.ts";
import { applyStrategicMergePatch } from "./strategic-merge.ts";

export const patchMediaTypes = [
  "application/json-patch+json",
  "application/merge-patch+json",
  "application/strategic-merge-patch+json",
] as const;

/** Nobody knows the merge keys of a custom resource. */
export const customPatchMediaTypes = ["application/json-patch+json", "application/merge-patch+json"] as const;

export interface Patch {
  readonly mediaType: string;
  readonly body: JsonValue;
}

/** The object after the patch, as it was sent: nothing of it is checked yet. */
export function patched(object: JsonObject, patch: Patch): JsonObject {
  const { mediaType, body } = patch;
  if (mediaType === "application/json-patch+json") return jsonPatched(object, body);
  if (!isJsonObject(body)) throw badRequest("a merge patch is an object");
  if (mediaType === "application/merge-patch+json") return applyPatch(object, body);
  if (mediaType === "application/strategic-merge-patch+json") {
    return applyStrategicMergePatch(textAt(object, "kind"), object, body);
  }
  throw unsupportedMediaType(patchMediaTypes);
}

function jsonPatched(object: JsonObject, operations: JsonValue): JsonObject {
  let result: JsonValue;
  try {
    result = applyJsonPatch(object, operations);
  } catch (error) {
    if (!(error instanceof JsonPatchError)) throw error;
    throw unprocessable();
  }
  if (!isJsonObject(result)) throw badRequest("the patch leaves no object");
  return result;
}
