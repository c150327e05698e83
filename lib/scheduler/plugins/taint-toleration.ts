import { actionType, untoleratedTaint, type Node, type Pod } from "#lib/kube/index.ts";
import { unresolvable, type PlainFilterPlugin } from "../framework.ts";
import { on } from "../hint.ts";
import { isSelf } from "../self.ts";

const rejection = unresolvable("node(s) had untolerated taint(s)");

/** Keeps pods off nodes with taints that they do not tolerate. Upstream: `plugins/tainttoleration`. */
export const taintToleration: PlainFilterPlugin = {
  name: "TaintToleration",
  filter: (pod, { node }) => (isRepelled(pod, node) ? rejection : undefined),
  eventsToRegister: () => [
    on<Node>(
      "Node",
      actionType.Add | actionType.UpdateNodeTaint,
      (pod, old, updated) => (old === undefined || isRepelled(pod, old)) && !isRepelled(pod, updated),
    ),
    on<Pod>("Pod", actionType.UpdatePodToleration, isSelf),
  ],
};

function isRepelled({ spec }: Pod, node: Node | undefined): boolean {
  return node !== undefined && untoleratedTaint(node, spec?.tolerations) !== undefined;
}
