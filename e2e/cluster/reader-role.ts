import { readFileSync } from "node:fs";
import { loadAllYaml } from "@kubernetes/client-node";
import { z } from "zod";
import type { KubeApi } from "#e2e/kube-api.ts";
import { customGroup } from "./widgets.ts";

const rbac = "/apis/rbac.authorization.k8s.io/v1";
const clusterRole = z.looseObject({
  kind: z.literal("ClusterRole"),
  metadata: z.object({ name: z.string() }),
  rules: z.array(z.unknown()),
});

/** Lets a user do what `deploy/reader.yaml` lets him, and read the widgets of the tests: nothing else is needed. */
export async function grantReading(api: KubeApi, user: string): Promise<void> {
  const [document] = loadAllYaml(readFileSync(new URL("../../deploy/reader.yaml", import.meta.url), "utf8"));
  const role = clusterRole.parse(document);
  const widgets = { apiGroups: [customGroup], resources: ["*"], verbs: ["get", "list", "watch"] };
  await api.request("POST", `${rbac}/clusterroles`, { ...role, rules: [...role.rules, widgets] });
  await api.request("POST", `${rbac}/clusterrolebindings`, {
    metadata: { name: `${role.metadata.name}-${user.replaceAll(":", "-")}` },
    roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: role.metadata.name },
    subjects: [{ kind: "User", name: user, apiGroup: "rbac.authorization.k8s.io" }],
  });
}
