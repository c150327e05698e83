import { expect, it } from "vitest";
import { eventCode } from "./event-code.model.ts";
import { injectableEvents } from "./injectable-events.model.ts";

it.each([
  ["AssignedPod", "Add", "P+"],
  ["AssignedPod", "Delete", "P−"],
  ["AssignedPod", "UpdatePodLabel", "P~"],
  ["UnschedulablePod", "UpdatePodToleration", "U~"],
  ["Node", "UpdateNodeTaint", "N~T"],
  ["Node", "UpdateNodeLabel", "N~L"],
  ["Node", "UpdateNodeAllocatable", "N~A"],
  ["Node", "UpdateNodeCondition", "N~C"],
  ["Node", "UpdateNodeAnnotation", "N~"],
  ["PersistentVolume", "Add", "V+"],
  ["PersistentVolumeClaim", "Update", "C~"],
  ["storage.k8s.io/CSINode", "Add", "S+"],
  ["resource.k8s.io/ResourceClaim", "Delete", "D−"],
  ["scheduling.k8s.io/PodGroup", "Update", "G~"],
  ["*", "All", "*"],
  ["widgets.v1.example.com", "Add", "W+"],
])("%s %s is told as %s", (resource, action, code) => {
  expect(eventCode(resource, action)).toBe(code);
});

it("every event that can be injected is named once", () => {
  const labels = injectableEvents.flatMap(({ events }) => events.map(({ label }) => label));
  expect(new Set(labels).size).toBe(labels.length);
  expect(labels).toContain("NodeUpdateNodeTaint");
});
