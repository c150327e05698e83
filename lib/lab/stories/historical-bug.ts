import { actionType } from "#lib/kube/index.ts";
import type { Operation } from "../scenario.ts";
import {
  done,
  event,
  fail,
  flushBackoff,
  flushUnschedulable,
  goes,
  happens,
  object,
  plugin,
  pod,
  pop,
  scenario,
  type Story,
} from "./script.ts";

const claim = "resource.k8s.io/ResourceClaim";
const claimAdd = event(claim, actionType.Add);
const nodeAdd = event("Node", actionType.Add);

/** Fit waits for big nodes and for pods that go, Claims for any claim. */
const plugins = [
  plugin("Fit", [
    [nodeAdd, { kind: "new-label", key: "size", value: "big" }],
    [event("Pod", actionType.Delete), { kind: "queue" }],
  ]),
  plugin("Claims", [[event(claim, actionType.Add | actionType.Update), { kind: "queue" }]]),
];

const a = pod("a", 30);
const b = pod("b", 20);
const c = pod("c", 10);

const claimed = (name: string, note?: string): Operation => happens(claimAdd, object("ResourceClaim", name), note);
const joined = (size: string, note?: string): Operation => happens(nodeAdd, object("Node", size, { size }), note);

/** The shortest list of operations on which the list of 1.28.0 loses an event. */
export const markerRemoved: Story = {
  id: "marker-removed",
  title: "The historical bug",
  lesson:
    "The old list marks the start of B's window with the newest event, which belongs to A. When A is done that event leaves, a removed element has no next, and B misses everything.",
  opensAt: 6,
  scenario: scenario(
    plugins,
    [a, b],
    [
      pop("A takes off; both lists know all there is to know."),
      claimed("claim1", "Kept, because A is in flight."),
      pop("B takes off. Old: its marker is e1, the newest event. Fixed: B is an element of the list itself."),
      done("a", "Nobody needs e1 any more, both lists drop it. On the left it was the marker of B."),
      joined("big", "The event that would make B schedulable."),
      fail(
        "b",
        ["Fit"],
        "Old: the removed marker has no next, B sees nothing and is parked for up to five minutes. Fixed: e2 says Queue.",
      ),
    ],
  ),
};

export const markerKept: Story = {
  id: "marker-kept-by-third-pod",
  title: "A marker that another pod keeps",
  lesson:
    "The old scheme loses nothing as long as an older pod still needs the event that is the marker. That is why it took a busy scheduler to meet the bug.",
  opensAt: 7,
  scenario: scenario(
    plugins,
    [a, b, c],
    [
      pop(),
      pop(),
      claimed("claim1", "Needed by A and B."),
      pop("C takes off behind e1."),
      done("a", "B still needs e1, so the marker of C stays in the list."),
      joined("big"),
      fail("c", ["Fit"], "Both lists show C the node."),
      fail("b", ["Fit"], "And B."),
    ],
  ),
};

export const markerLostLater: Story = {
  id: "marker-lost-later",
  title: "A marker that is lost later",
  lesson:
    "The same three pods, but both older ones finish before C comes back. The last of them takes the marker with it, and C loses two events.",
  opensAt: 9,
  scenario: scenario(
    plugins,
    [a, b, c],
    [
      pop(),
      pop(),
      claimed("claim1"),
      pop(),
      done("a"),
      done("b", "The last pod that needed e1: on the left it is gone, and with it the start of what C reads."),
      joined("small"),
      joined("big"),
      fail("c", ["Fit"], "Two events lost: one that says Skip, one that says Queue."),
    ],
  ),
};

export const seenEventsLost: Story = {
  id: "loss-of-events-already-seen",
  title: "Events that were visible already",
  lesson:
    "An event that B was shown a moment ago disappears from its view when its marker goes. The node is still in the old list; B just cannot get there.",
  opensAt: 7,
  scenario: scenario(
    plugins,
    [a, b],
    [
      pop(),
      claimed("claim1"),
      pop(),
      joined("big", "Shown to B on both sides."),
      done("a", "From here on B sees nothing on the left, although the node is still in the list."),
      claimed("claim2"),
      fail("b", ["Fit"]),
    ],
  ),
};

export const firstIsSafe: Story = {
  id: "first-in-list-is-safe",
  title: "Popped while the list was empty",
  lesson:
    "A pod that takes off while no event is on the list has no marker and reads from the front. So a quiet scheduler never lost anything.",
  opensAt: 6,
  scenario: scenario(
    plugins,
    [a, b],
    [
      pop(),
      pop("The list is empty: no marker, B reads from the front."),
      claimed("claim1"),
      done("a"),
      joined("big"),
      fail("b", ["Fit"]),
    ],
  ),
};

const fitAndOthers = [
  plugin("NodeResourcesFit", [
    [event("Node", actionType.Add), { kind: "queue" }],
    [event("Node", actionType.UpdateNodeAllocatable), { kind: "queue" }],
    [event("Pod", actionType.Delete), { kind: "queue" }],
  ]),
  plugin("TaintToleration", [[event("Node", actionType.UpdateNodeTaint), { kind: "queue" }]]),
  plugin("NodeAffinity", [[event("Node", actionType.UpdateNodeLabel), { kind: "queue" }]]),
];

const nodeLabel = event("Node", actionType.UpdateNodeLabel);
const podDelete = event("AssignedPod", actionType.Delete);

const deleted = (name: string, node: string, note: string): Operation => goes(podDelete, pod(name, 0, { node }), note);

export const busyScheduler: Story = {
  id: "busy-scheduler",
  title: "The bug on a busy scheduler",
  lesson:
    "Three pods in flight, five events, attempts that end in another order than they began. C notices that room was freed, B does not.",
  opensAt: 10,
  scenario: scenario(
    fitAndOthers,
    [pod("shop/cart", 30), pod("shop/checkout", 20), pod("ci/runner", 10)],
    [
      pop("A takes off while the list is empty."),
      happens(nodeLabel, object("Node", "node-3"), "Kept for A."),
      pop("B takes off. On the left its marker is e1, which only A needs."),
      deleted("batch/etl-11", "node-2", "Room on node-2, for A and for B."),
      pop("C takes off behind e2."),
      happens(
        event("Node", actionType.UpdateNodeTaint),
        object("Node", "node-7"),
        "NodeResourcesFit did not ask for it.",
      ),
      done("cart", "A is bound. On the left e1 is used up and leaves, with the start of what B reads."),
      deleted("batch/etl-12", "node-5", "Room on node-5."),
      fail("runner", ["NodeResourcesFit"], "The marker of C is e2, which B still needs: C sees e4 on both sides."),
      fail(
        "checkout",
        ["NodeResourcesFit"],
        "Old: nothing behind the removed e1, so B is parked. Fixed: e2 freed room, so B backs off and is retried.",
      ),
      happens(nodeLabel, object("Node", "node-3"), "Nothing that NodeResourcesFit waits for: B stays where it is."),
      flushUnschedulable(
        300_500,
        "Five minutes later the flush of the pool finds B on the left, where it should never have been.",
      ),
      flushBackoff("Both queues agree again."),
    ],
  ),
};
