import { actionType } from "#lib/kube/index.ts";
import type { Operation } from "../scenario.ts";
import {
  done,
  event,
  fail,
  flushUnschedulable,
  happens,
  object,
  plugin,
  pod,
  pop,
  scenario,
  type Story,
} from "./script.ts";

const nodeAdd = event("Node", actionType.Add);
const allocatable = event("Node", actionType.UpdateNodeAllocatable);
const grown = (note: string): Operation => happens(allocatable, object("Node", "node-1", { size: "big" }), note);

export const wrongSkip: Story = {
  id: "wrong-skip",
  title: "A Skip that should have been a Queue",
  lesson:
    "The queue believes the hint of the plugin that rejected the pod. A hint that says Skip by mistake has the same effect as a lost event, in both schemes: the pod waits for the flush.",
  opensAt: 3,
  scenario: scenario(
    [
      plugin("Fit", [
        [nodeAdd, { kind: "new-label", key: "size", value: "big" }],
        [allocatable, { kind: "skip" }],
      ]),
    ],
    [pod("ml/worker", 10)],
    [
      pop(),
      grown("node-1 now has room for A. The event is kept and A will be shown it."),
      fail("worker", ["Fit"], "The hint of Fit looks at new nodes only and says Skip: A is parked."),
      grown("Once more, while A is parked: Skip again."),
      flushUnschedulable(300_500, "Five minutes later the flush asks no hint."),
      pop("Tried at last …"),
      done("worker", "… and bound: it would have fitted all the time."),
    ],
  ),
};
