import { expect, it } from "vitest";
import { grantCommands } from "./forbidden.model.ts";

it("names the resource with its group, and quotes what a shell would take apart", () => {
  const commands = grantCommands("it's prod", "resourceclaims", "resource.k8s.io/v1");
  expect(commands).toContain("--verb=get,list,watch --resource=resourceclaims.resource.k8s.io\n");
  expect(commands).toContain("kubectl --context 'it'\\''s prod' create clusterrole kube-inflight-resourceclaims");
  expect(grantCommands("prod", "pods", "v1")).toContain("--resource=pods\nkubectl --context prod create");
});
