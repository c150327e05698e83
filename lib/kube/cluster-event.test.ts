import { describe, expect, it } from "vitest";
import {
  actionType,
  eventLabel,
  forceActivate,
  isWildcard,
  matchClusterEvents,
  unschedulableTimeout,
  type ClusterEvent,
} from "./cluster-event.ts";

const event = (resource: string, mask: number): ClusterEvent => ({ resource, actionType: mask });
const { Add, All, Update, UpdateNodeLabel, UpdateNodeTaint } = actionType;

describe("a registration matches an incoming event", () => {
  const cases: readonly [registered: ClusterEvent, incoming: ClusterEvent, matches: boolean][] = [
    [event("Node", Update), event("Node", UpdateNodeLabel), true],
    [event("Node", UpdateNodeLabel), event("Node", Update), false],
    [event("Node", Add | UpdateNodeTaint), event("Node", UpdateNodeTaint), true],
    [event("Node", Add), event("Node", UpdateNodeTaint), false],
    [event("Node", Add), event("PersistentVolume", Add), false],
    [event("Pod", Add), event("AssignedPod", Add), true],
    [event("Pod", Add), event("UnschedulablePod", Add), true],
    [event("AssignedPod", Add), event("UnschedulablePod", Add), false],
    [event("*", Add), event("storage.k8s.io/CSINode", Add), true],
    [event("*", All), event("gadgets.v1.example.com", Add), true],
    [event("*", All), unschedulableTimeout, true],
    [event("Node", All), unschedulableTimeout, false],
  ];
  for (const [registered, incoming, matches] of cases) {
    it(`${eventLabel(registered)}/${registered.actionType} ${matches ? "hears" : "does not hear"} ${eventLabel(incoming)}`, () => {
      expect(matchClusterEvents(registered, incoming)).toBe(matches);
    });
  }
});

describe("the label of an event", () => {
  it("is its resource and the name of its action", () => {
    expect(eventLabel(event("Node", UpdateNodeTaint))).toBe("NodeUpdateNodeTaint");
    expect(eventLabel(event("Node", Update))).toBe("NodeUpdate");
    expect(eventLabel(event("*", All))).toBe("*All");
  });

  it("has no action where the mask has no name of its own", () => {
    expect(eventLabel(event("Node", Add | UpdateNodeTaint))).toBe("Node");
  });

  it("is the custom one where there is one", () => {
    expect(eventLabel(unschedulableTimeout)).toBe("UnschedulableTimeout");
    expect(eventLabel({ ...event("Node", Add), customLabel: "Mine" })).toBe("Mine");
  });
});

it("only every action on every resource is a wildcard", () => {
  expect(isWildcard(forceActivate)).toBe(true);
  expect(isWildcard(event("*", Update))).toBe(false);
  expect(isWildcard(event("Node", All))).toBe(false);
});
