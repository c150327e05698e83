import { actionType } from "#lib/kube/index.ts";
import { unresolvable, type PlainFilterPlugin } from "../framework.ts";
import { on } from "../hint.ts";

const rejection = unresolvable("node(s) didn't match the requested node name");

/** Holds a pod that names its node to that node. Upstream: `plugins/nodename`. */
export const nodeName: PlainFilterPlugin = {
  name: "NodeName",
  filter: ({ spec }, { name }) => {
    const wanted = spec?.nodeName ?? "";
    return wanted === "" || wanted === name ? undefined : rejection;
  },
  eventsToRegister: () => [on("Node", actionType.Add)],
};
