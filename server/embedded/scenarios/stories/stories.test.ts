import { afterEach, describe, expect, it } from "vitest";
import { LocalClient } from "../../api/local-client.ts";
import { listAt, lookup, objectAt, textAt, type ApiObject } from "../../storage/api-object.ts";
import { startTestCluster, type TestCluster } from "../../testing/test-cluster.ts";
import { stories } from "./stories.ts";
import { storyLabel } from "./story.ts";

let cluster: TestCluster;
let objects: LocalClient;

afterEach(() => cluster.stop());

async function play(): Promise<void> {
  cluster = await startTestCluster({ scenario: "stories" });
  objects = new LocalClient(cluster.registry);
}

const heroOf = (code: string): ApiObject => {
  const pod = objects.get({ plural: "pods", namespace: code, name: code });
  if (pod === undefined) throw new Error(`no pod tells of ${code}`);
  return pod;
};

describe("stories", () => {
  it("each teach another verdict, by a pod of that name in a namespace of that name", async () => {
    await play();
    const codes = stories.map(({ code }) => code);
    expect(new Set(codes).size).toBe(codes.length);
    for (const code of codes) {
      expect(heroOf(code).metadata.labels?.[storyLabel]).toBe(code);
      expect(textAt(heroOf(code), "status", "phase")).toBe("Pending");
    }
  });

  it("are two changes away from the nodes of any other", async () => {
    await play();
    for (const { code } of stories) {
      const pod = heroOf(code);
      expect(objectAt(pod, "spec", "nodeSelector")[storyLabel]).toBe(code);
      const tolerated = listAt(pod, "spec", "tolerations").filter(({ key }) => key === storyLabel);
      expect(tolerated).toMatchObject([{ operator: "Equal", value: code }]);
    }
    for (const node of objects.list("nodes")) {
      const code = node.metadata.labels?.[storyLabel];
      expect(listAt(node, "spec", "taints")).toContainEqual({ key: storyLabel, value: code, effect: "NoSchedule" });
    }
  });

  it("stand still: once their company runs, nothing moves but one Lease", async () => {
    await play();
    await cluster.clock.advance(5000);
    const versions = (): readonly (string | undefined)[] =>
      objects.plurals().flatMap((plural) => {
        if (plural === "leases") return [];
        return [...objects.list(plural)].map(({ metadata }) => metadata.resourceVersion);
      });
    const before = versions();
    const lease = { plural: "leases", namespace: "kube-system", name: "batch-scheduler" };
    const renewed = textAt(objects.get(lease) ?? {}, "spec", "renewTime");
    await cluster.clock.advance(60_000);
    expect(versions()).toEqual(before);
    expect(Date.parse(textAt(objects.get(lease) ?? {}, "spec", "renewTime"))).toBe(Date.parse(renewed) + 60_000);
  });

  it("let the company run, but for a pod whose node is silent and one that is leaving", async () => {
    await play();
    await cluster.clock.advance(5000);
    const company = [...objects.list("pods")].filter(({ metadata }) => metadata.labels?.[storyLabel] === undefined);
    expect(new Set(company.map((pod) => textAt(pod, "status", "phase")))).toEqual(new Set(["Running"]));
    const leaving = company.filter(({ metadata }) => metadata.deletionTimestamp !== undefined);
    expect(leaving.map(({ metadata }) => metadata.namespace)).toEqual(["preempting"]);
    expect(lookup(heroOf("not-started"), "spec", "nodeName")).toBe("not-started-1");
    expect(textAt(heroOf("not-started"), "status", "phase")).toBe("Pending");
  });

  it("leave nothing behind when another scenario begins", async () => {
    await play();
    cluster.setScenario("empty");
    for (const plural of ["pods", "nodes", "leases", "persistentvolumes", "csinodes", "storageclasses"]) {
      expect(objects.count(plural)).toBe(0);
    }
    cluster.setScenario("stories");
    expect(objects.count("pods")).toBeGreaterThan(stories.length);
  });
});
