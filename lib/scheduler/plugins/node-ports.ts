import { actionType, type Pod } from "#lib/kube/index.ts";
import { ready, skip, unschedulable, type PreFilterPlugin } from "../framework.ts";
import { on } from "../hint.ts";
import { anyPortsConflict, hostPortsOf } from "../host-ports.ts";
import { isAssignedOrNominated } from "../pod-info.ts";

const rejection = unschedulable("node(s) didn't have free ports for the requested pod ports");

/** Keeps two pods from the same port of one node. Upstream: `plugins/nodeports`. */
export const nodePorts: PreFilterPlugin = {
  name: "NodePorts",
  preFilter: (pod) => {
    const wanted = hostPortsOf(pod);
    if (wanted.length === 0) return skip;
    return ready({
      filter: (node) => {
        for (const { hostPorts } of node.pods()) if (anyPortsConflict(wanted, hostPorts)) return rejection;
        return undefined;
      },
    });
  },
  eventsToRegister: () => [
    on<Pod>(
      "Pod",
      actionType.Delete,
      (pod, old) =>
        old !== undefined && isAssignedOrNominated(old) && anyPortsConflict(hostPortsOf(pod), hostPortsOf(old)),
    ),
    on("Node", actionType.Add),
  ],
};
