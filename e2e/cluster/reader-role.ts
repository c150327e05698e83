import type { KubeApi } from "#e2e/kube-api.ts";
import { customGroup } from "./widgets.ts";

const role = "kube-inflight-reader";

/** Lets a user get, list and watch what kube-scheduler reads, but no Secrets and ConfigMaps: what the README says is enough. */
export async function grantReading(api: KubeApi, user: string): Promise<void> {
  const verbs = ["get", "list", "watch"];
  const core = ["pods", "nodes", "namespaces", "persistentvolumes", "persistentvolumeclaims", "services"];
  await api.request("POST", "/apis/rbac.authorization.k8s.io/v1/clusterroles", {
    metadata: { name: role },
    rules: [
      { apiGroups: [""], resources: [...core, "replicationcontrollers", "events"], verbs },
      { apiGroups: ["apps", "storage.k8s.io", "resource.k8s.io", "policy", "events.k8s.io"], resources: ["*"], verbs },
      { apiGroups: ["scheduling.k8s.io", "coordination.k8s.io", customGroup], resources: ["*"], verbs },
    ],
  });
  await api.request("POST", "/apis/rbac.authorization.k8s.io/v1/clusterrolebindings", {
    metadata: { name: `${role}-${user.replaceAll(":", "-")}` },
    roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: role },
    subjects: [{ kind: "User", name: user, apiGroup: "rbac.authorization.k8s.io" }],
  });
}
