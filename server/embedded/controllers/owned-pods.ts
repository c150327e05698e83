import type { JsonObject } from "#lib/protocol/index.ts";
import { isJsonObject, listAt, objectAt, textAt, type ApiObject } from "../storage/api-object.ts";
import type { ControllerContext } from "./context.ts";

/** The pods that an object owns. */
export function podsOf({ client, dependents }: ControllerContext, owner: ApiObject): readonly ApiObject[] {
  const refs = dependents.of(owner.metadata.uid ?? "").filter(({ plural }) => plural === "pods");
  return refs.map((ref) => client.get(ref)).filter((pod) => pod !== undefined);
}

/** Neither done nor on its way out. Upstream: `controller.IsPodActive`. */
export function isActive(pod: ApiObject): boolean {
  return !isFinished(pod) && pod.metadata.deletionTimestamp === undefined;
}

export function isFinished(pod: ApiObject): boolean {
  return ["Succeeded", "Failed"].includes(textAt(pod, "status", "phase"));
}

export function isReady(pod: ApiObject): boolean {
  return listAt(pod, "status", "conditions").some(({ type, status }) => type === "Ready" && status === "True");
}

/** Which spec a status speaks of. */
export function observed({ metadata }: ApiObject): JsonObject {
  return { observedGeneration: metadata.generation ?? 0 };
}

/** An object made from a template, owned by who has the template. */
export function fromTemplate(owner: ApiObject, naming: JsonObject): JsonObject & { readonly metadata: JsonObject } {
  const template = objectAt(owner, "spec", "template");
  const metadata = isJsonObject(template["metadata"]) ? template["metadata"] : {};
  return {
    ...template,
    metadata: { ...metadata, ...naming, namespace: owner.metadata.namespace, ownerReferences: [ownerReference(owner)] },
  };
}

export function ownerReference({ apiVersion, kind, metadata }: ApiObject): JsonObject {
  const { name = "", uid = "" } = metadata;
  return { apiVersion, kind, name, uid, controller: true, blockOwnerDeletion: true };
}
