import { describe, expect, it } from "vitest";
import type { Forbidden } from "#lib/protocol/index.ts";
import { commandText, grantYaml, verbsText } from "./forbidden.model.ts";

const aForbidden = (more: Partial<Forbidden> = {}): Forbidden => ({
  verbs: ["list", "watch"],
  resource: "resourceclaims",
  group: "resource.k8s.io",
  user: "system:serviceaccount:inflight:viewer",
  commands: [],
  ...more,
});

describe("what is not allowed", () => {
  it("is named by its verbs", () => {
    expect(verbsText(["list"])).toBe("list");
    expect(verbsText(["get", "list", "watch"])).toBe("get, list and watch");
  });

  it("is granted by commands of which each stands on lines of its own", () => {
    const commands = [
      "kubectl --context edge create clusterrole r --verb=get,list,watch --resource=resourceclaims.resource.k8s.io",
      "kubectl --context edge create clusterrolebinding r --clusterrole=r --serviceaccount=inflight:viewer",
    ];
    expect(commandText(aForbidden({ commands })).split("\n")).toEqual([
      "kubectl --context edge create clusterrole r \\",
      "  --verb=get,list,watch --resource=resourceclaims.resource.k8s.io",
      "kubectl --context edge create clusterrolebinding r \\",
      "  --clusterrole=r --serviceaccount=inflight:viewer",
    ]);
  });

  it("is granted by YAML to a service account or a user, in all namespaces or in one", () => {
    const everywhere = grantYaml(aForbidden());
    expect(everywhere).toContain("kind: ClusterRole\n");
    expect(everywhere).toContain('resources: ["resourceclaims"]\n    verbs: [get, list, watch]');
    expect(everywhere).toContain("- kind: ServiceAccount\n    namespace: inflight\n    name: viewer");
    const inOne = grantYaml(aForbidden({ namespace: "shop", user: 'o"brien' }));
    expect(inOne).toContain(
      'kind: RoleBinding\nmetadata:\n  name: kube-inflight-resourceclaims.resource.k8s.io\n  namespace: "shop"',
    );
    expect(inOne).toContain('name: "o\\"brien"');
  });
});
