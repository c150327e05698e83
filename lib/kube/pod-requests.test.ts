import { expect, test } from "vitest";
import type { Pod } from "./objects.ts";
import { isScalarResource, podRequests } from "./pod-requests.ts";
import { milliUnits } from "./quantity.ts";
import { aPod } from "./testing/builders.ts";

const cpu = (pod: Pod, useStatus = false): number => milliUnits(podRequests(pod, { useStatus }).get("cpu") ?? 0n);
const container = (name: string, amount: string, restartPolicy?: string) => ({
  name,
  resources: { requests: { cpu: amount } },
  ...(restartPolicy !== undefined && { restartPolicy }),
});

test("init containers count by their peak, on top of the sidecars started before them", () => {
  const spec = {
    containers: [container("main", "1")],
    initContainers: [container("early", "2"), container("side", "500m", "Always")],
  };
  expect(cpu(aPod("p", { spec }))).toBe(2000);
  const late = { ...spec, initContainers: [...spec.initContainers, container("late", "1700m")] };
  expect(cpu(aPod("p", { spec: late }))).toBe(2200);
});

test("requests of the pod replace those of its containers, and overhead comes on top", () => {
  const spec = {
    containers: [container("main", "1")],
    resources: { requests: { cpu: "250m" } },
    overhead: { cpu: "10m" },
  };
  expect(cpu(aPod("p", { spec }))).toBe(260);
  const limitsOnly = { ...spec, resources: { limits: { cpu: "250m" } } };
  expect(cpu(aPod("p", { spec: limitsOnly }))).toBe(1010);
});

test("while a resize is under way the most of spec, running and allocated counts, for pods with a node only", () => {
  const status = {
    containerStatuses: [{ name: "main", resources: { requests: { cpu: "3" } }, allocatedResources: { cpu: "2" } }],
  };
  const pod = aPod("p", { on: "a", spec: { containers: [container("main", "1")] }, status });
  expect(cpu(pod, true)).toBe(3000);
  expect(cpu(pod, false)).toBe(1000);
});

test("a resize that cannot be done leaves the wish out", () => {
  const status = {
    conditions: [{ type: "PodResizePending", status: "True", reason: "Infeasible" }],
    containerStatuses: [{ name: "main", resources: { requests: { cpu: "1" } } }],
  };
  expect(cpu(aPod("p", { on: "a", spec: { containers: [container("main", "8")] }, status }), true)).toBe(1000);
});

test.each([
  ["example.com/gpu", true],
  ["hugepages-2Mi", true],
  ["attachable-volumes-csi-x", true],
  ["kubernetes.io/something", true],
  ["requests.example.com/gpu", false],
  ["foo", false],
  ["storage", false],
  ["a/b/c", false],
])("%s counts as a scalar resource: %s", (name, counts) => {
  expect(isScalarResource(name)).toBe(counts);
});
