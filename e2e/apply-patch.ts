import { z } from "zod";
import type { Patch } from "#lib/protocol/index.ts";
import type { KubeApi } from "./kube-api.ts";

const plurals: Readonly<Record<string, string>> = { Pod: "pods", Node: "nodes" };

/** Does what the page gives to copy: a JSON patch, or the deletion of an object. */
export async function applyPatch(api: KubeApi, { op, target, value }: Patch): Promise<void> {
  const plural = z.string().parse(plurals[target.kind]);
  const scope = target.namespace === undefined ? "" : `/namespaces/${target.namespace}`;
  const subresource = target.subresource === undefined ? "" : `/${target.subresource}`;
  const path = `/api/v1${scope}/${plural}/${target.name}${subresource}`;
  if (op === "delete") await api.request("DELETE", path);
  else await api.request("PATCH", path, [{ op, path: target.path, value }], "application/json-patch+json");
}
