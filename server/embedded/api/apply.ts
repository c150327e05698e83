import type { JsonObject } from "#lib/protocol/index.ts";
import { afterApply } from "../ownership/ownership.ts";
import { isJsonObject, textAt } from "../storage/api-object.ts";
import type { StoredObject } from "../storage/stored-object.ts";
import { parseObject } from "./admission.ts";
import { keyOf, subjectOf, type Part, type Registry, type Target, type WriteOptions } from "./registry.ts";
import { badRequest, conflict, notFound } from "./status.ts";

export const applyMediaType = "application/apply-patch+yaml";

interface Application {
  readonly body: JsonObject;
  readonly manager: string;
  readonly isForced: boolean;
  readonly part: Part;
  readonly options: WriteOptions;
}

interface Outcome {
  readonly stored: StoredObject;
  readonly isCreated: boolean;
}

/** Server-side apply: creates what is not there. Upstream: `applyPatcher`. */
export function apply(
  registry: Registry,
  target: Target,
  { body, manager, isForced, part, options }: Application,
): Outcome {
  const { resource, namespace, name } = target;
  if (textAt(body, "kind") === "" || textAt(body, "apiVersion") === "") {
    throw badRequest("the object provided is unrecognized: apiVersion and kind must be set");
  }
  const parsed = parseObject(resource, namespace, body);
  if (parsed.metadata["managedFields"] !== undefined) throw badRequest("metadata.managedFields must be nil");
  const own = isJsonObject(body["metadata"]) ? body["metadata"] : {};
  const applied = { ...parsed, metadata: { ...parsed.metadata, name: parsed.metadata.name ?? name } };
  const subresource = part === "status" ? "status" : "";
  const writer = { manager, subresource, now: registry.now };
  const stored = registry.tableOf(resource).get(keyOf(target));
  if (stored === undefined) {
    if (part === "status") throw notFound(subjectOf(target));
    if (textAt(own, "uid") !== "") {
      throw conflict(
        subjectOf(target),
        `uid mismatch: the provided object specified uid ${textAt(own, "uid")}, and no existing object was found`,
      );
    }
    const { object, managedFields } = afterApply(resource, { stored: undefined, applied, isForced, writer });
    const created = registry.create({ resource, namespace }, object, { ...options, managedFields });
    return { stored: created, isCreated: true };
  }
  const shown = resource.conversion?.fromStorage(stored.object) ?? stored.object;
  const { object, managedFields } = afterApply(resource, { stored: shown, applied, isForced, writer });
  const metadata = {
    ...(isJsonObject(object["metadata"]) ? object["metadata"] : {}),
    resourceVersion: own["resourceVersion"],
  };
  const updated = registry.update(target, { ...object, metadata }, { ...options, part, managedFields });
  return { stored: updated, isCreated: false };
}
