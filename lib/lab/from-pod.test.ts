import { expect, it } from "vitest";
import { actionType } from "#lib/kube/index.ts";
import type { PodUid } from "#lib/kube/index.ts";
import { Experiment } from "./experiment.ts";
import { scenarioFromPod, type WitnessedPod } from "./from-pod.ts";

const pod: WitnessedPod = {
  namespace: "ml",
  name: "train-0",
  uid: "u1",
  rejectors: ["NodeResourcesFit", "NodeAffinity"],
  events: [
    {
      resource: "Node",
      mask: actionType.Add,
      object: "small",
      answers: { NodeResourcesFit: "Skip", NodeAffinity: "Skip" },
    },
    { resource: "AssignedPod", mask: actionType.Delete, object: "etl-1", answers: { NodeResourcesFit: "Queue" } },
    {
      resource: "Node",
      mask: actionType.Add,
      object: "big",
      answers: { NodeResourcesFit: "Queue", NodeAffinity: "Skip" },
    },
  ],
};

it("a missed event becomes an experiment in which the old list loses it and the current one does not", () => {
  const scenario = scenarioFromPod(pod);
  const experiment = new Experiment(scenario);
  const back = experiment.handBackIn(scenario.operations.length, "u1" as PodUid);
  expect(back?.current.seen).toEqual([
    { name: "e2", answer: "Skip", decides: false },
    { name: "e3", answer: "Queue", decides: true },
    { name: "e4", answer: "Queue", decides: false },
  ]);
  expect(back?.current.decision).toMatchObject({ to: "backoff", decidedBy: "e3", plugin: "NodeResourcesFit" });
  expect(back?.historical.seen).toEqual([]);
  expect(back?.historical.decision.to).toBe("unschedulable");
});
