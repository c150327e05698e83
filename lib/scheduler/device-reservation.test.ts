import { expect, test } from "vitest";
import { podUid, type Pod, type ResourceClaim, type ResourceSlice } from "#lib/kube/index.ts";
import { aNode, aPod } from "#lib/kube/testing/builders.ts";
import { TestCluster } from "./testing/test-cluster.ts";

const driver = "gpu.example.com";
const slice = (count: number, more: object = {}): ResourceSlice => ({
  metadata: { name: "slice" },
  spec: {
    driver,
    pool: { name: "pool", generation: 1, resourceSliceCount: 1 },
    nodeName: "a",
    devices: Array.from({ length: count }, (_, index) => ({ name: `d${index}`, ...more })),
  },
});
const claim = (name: string): ResourceClaim => ({
  metadata: { name, namespace: "default", uid: `claim-${name}` },
  spec: { devices: { requests: [{ name: "r", exactly: { deviceClassName: driver } }] } },
});
const using = (pod: string, name: string): Pod =>
  aPod(pod, { spec: { resourceClaims: [{ name: "c", resourceClaimName: name }] } });

function cluster(slices: readonly ResourceSlice[], pods: readonly Pod[], bindingTimeMs = 0): TestCluster {
  return new TestCluster(
    {
      nodes: [aNode("a")],
      deviceClasses: [{ metadata: { name: driver } }],
      resourceClaims: [claim("one"), claim("two")],
      resourceSlices: slices,
      pods,
    },
    { bindingTimeMs },
  );
}

/** Promises that are settled have their say. */
const settle = async (): Promise<void> => {
  for (let turn = 0; turn < 20; turn++) await Promise.resolve();
};
const reasons = (test: TestCluster, pod: Pod): unknown => {
  const result = test.loop.dryRun(pod);
  return result?.kind === "unschedulable" ? result.message : result?.kind;
};

test("L13 the claim is written with its device before the pod is bound", async () => {
  const first = using("p", "one");
  const it = cluster([slice(1)], [first]);
  it.loop.popNext();
  it.loop.finish(podUid(first), { as: "schedulable" });
  await settle();
  expect(it.writer.claims).toEqual([
    {
      ...claim("one"),
      status: {
        allocation: {
          devices: { results: [{ request: "r", driver, pool: "pool", device: "d0" }] },
          nodeSelector: {
            nodeSelectorTerms: [{ matchFields: [{ key: "metadata.name", operator: "In", values: ["a"] }] }],
          },
        },
        reservedFor: [{ resource: "pods", name: "p", uid: first.metadata.uid }],
      },
    },
  ]);
  expect(it.writer.bindings).toEqual(["default/p on a"]);
  expect(it.cache.resourceClaims.get("default/one")?.status?.allocation).toBeDefined();
});

test("L13 nobody else is given a device that is set aside, and the claim itself waits", () => {
  const first = using("p", "one");
  const it = cluster([slice(1)], [first], 1_000);
  it.loop.popNext();
  it.loop.release(podUid(first));
  expect(it.loop.flights().map(({ phase, node }) => [phase, node])).toEqual([["WaitOnPermit", "a"]]);
  expect(reasons(it, using("q", "two"))).toBe("0/1 nodes are available: 1 cannot allocate all claims.");
  expect(reasons(it, using("q", "one"))).toBe(
    "0/1 nodes are available: resource claim default/one is in the process of being allocated.",
  );
});

test("L13 a failure gives the device back", async () => {
  const first = using("p", "one");
  const it = cluster([slice(1)], [first]);
  it.writer.claimError = new Error("it has changed");
  it.loop.popNext();
  it.loop.finish(podUid(first), { as: "schedulable" });
  await settle();
  expect(it.writer.bindings).toEqual([]);
  expect(it.writer.patches.at(-1)?.condition?.message).toBe(
    'running PreBind plugin "DynamicResources": it has changed',
  );
  expect(reasons(it, using("q", "two"))).toBe("fits");
});

test("L12 what was set aside is set aside again when flights are put back", () => {
  const first = using("p", "one");
  const it = cluster([slice(1)], [first], 1_000);
  it.loop.popNext();
  it.loop.release(podUid(first));
  it.loop.restore(it.loop.save());
  expect(reasons(it, using("q", "two"))).toBe("0/1 nodes are available: 1 cannot allocate all claims.");
});

test("L13 of a device that is shared a share is written with what it takes", async () => {
  const first = using("p", "one");
  const it = cluster([slice(1, { allowMultipleAllocations: true, capacity: { memory: { value: "8Gi" } } })], [first]);
  it.loop.popNext();
  it.loop.finish(podUid(first), { as: "schedulable" });
  await settle();
  expect(it.writer.claims[0]?.status?.allocation?.devices?.results).toEqual([
    {
      request: "r",
      driver,
      pool: "pool",
      device: "d0",
      shareID: "claim-one-0",
      consumedCapacity: { memory: "8589934592" },
    },
  ]);
  expect(reasons(it, using("q", "two"))).toBe("0/1 nodes are available: 1 cannot allocate all claims.");
});
