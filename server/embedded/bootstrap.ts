import type { JsonObject } from "#lib/protocol/index.ts";
import type { Registry } from "./api/registry.ts";
import { findResource } from "./api/resources.ts";

/** What a control plane finds or makes when it starts. */
export function bootstrap(registry: Registry): void {
  const create = (group: string, plural: string, namespace: string, object: JsonObject): void => {
    const resource = findResource(group, "v1", plural);
    if (resource === undefined) throw new Error(`no such resource: ${plural}`);
    registry.create({ resource, namespace }, object);
  };
  for (const name of ["default", "kube-system", "kube-public", "kube-node-lease"]) {
    create("", "namespaces", "", { metadata: { name } });
  }
  for (const [name, value] of [
    ["system-cluster-critical", 2_000_000_000],
    ["system-node-critical", 2_000_001_000],
  ] as const) {
    create("scheduling.k8s.io", "priorityclasses", "", { metadata: { name }, value });
  }
  // kube-scheduler reads its front proxy's authority here and does not start without.
  const metadata = { name: "extension-apiserver-authentication" };
  create("", "configmaps", "kube-system", { metadata, data: {} });
}
