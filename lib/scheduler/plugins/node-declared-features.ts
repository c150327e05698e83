import { actionType, semanticallyEqual, type Container, type Node, type Pod } from "#lib/kube/index.ts";
import { ready, skip, unresolvable, type PreFilterPlugin } from "../framework.ts";
import { on } from "../hint.ts";
import { isSelf } from "../self.ts";

const rejection = unresolvable("node(s) didn't match Pod's required features");

/**
 * Holds pods to nodes that declare the features they need. Its registration makes every update of a pod an event that
 * the queue keeps for pods in flight. Upstream: `plugins/nodedeclaredfeatures`.
 */
export const nodeDeclaredFeatures: PreFilterPlugin = {
  name: "NodeDeclaredFeatures",
  preFilter: (pod) => {
    const needed = neededFeatures(pod);
    if (needed.length === 0) return skip;
    return ready({
      filter: ({ node }) => {
        const declared = node?.status?.declaredFeatures ?? [];
        return needed.every((feature) => declared.includes(feature)) ? undefined : rejection;
      },
    });
  },
  eventsToRegister: () => [
    on<Node>(
      "Node",
      actionType.Add | actionType.UpdateNodeDeclaredFeature,
      (_pod, old, updated) =>
        old === undefined || !semanticallyEqual(old.status?.declaredFeatures, updated?.status?.declaredFeatures),
    ),
    on<Pod>(
      "Pod",
      actionType.Update,
      (pod, old, updated) =>
        old !== undefined &&
        updated !== undefined &&
        isSelf(pod, old, updated) &&
        !semanticallyEqual(neededFeatures(old), neededFeatures(updated)),
    ),
  ],
};

export function neededFeatures({ spec }: Pod): readonly string[] {
  const features: string[] = [];
  if (spec?.hostNetwork === true && spec.hostUsers === false) features.push("UserNamespacesHostNetworkSupport");
  const containers = [...(spec?.containers ?? []), ...(spec?.initContainers ?? [])];
  if (containers.some(restartsAll)) features.push("RestartAllContainersOnContainerExits");
  return features;
}

function restartsAll({ restartPolicyRules = [] }: Container): boolean {
  return restartPolicyRules.some(({ action }) => action === "RestartAllContainers");
}
