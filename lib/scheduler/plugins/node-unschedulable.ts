import { actionType, toleratesAny, unschedulableTaint, type Node, type Pod } from "#lib/kube/index.ts";
import { unresolvable, type PlainFilterPlugin } from "../framework.ts";
import { on } from "../hint.ts";
import { isSelf } from "../self.ts";

const rejection = unresolvable("node(s) were unschedulable");

/** Keeps pods off cordoned nodes. Upstream: `plugins/nodeunschedulable`. */
export const nodeUnschedulable: PlainFilterPlugin = {
  name: "NodeUnschedulable",
  filter: (pod, { node }) => (isCordoned(node) && !toleratesCordon(pod) ? rejection : undefined),
  eventsToRegister: () => [
    // One registration for both, as upstream: an added node has no old version.
    on<Node>("Node", actionType.Add | actionType.UpdateNodeTaint, (_pod, old, updated) =>
      old === undefined ? !isCordoned(updated) : isCordoned(old) && !isCordoned(updated),
    ),
    on<Pod>(
      "Pod",
      actionType.UpdatePodToleration,
      (pod, old, updated) => isSelf(pod, old, updated) && updated !== undefined && toleratesCordon(updated),
    ),
  ],
};

function isCordoned(node: Node | undefined): boolean {
  return node?.spec?.unschedulable === true;
}

function toleratesCordon({ spec }: Pod): boolean {
  return toleratesAny(spec?.tolerations, unschedulableTaint);
}
