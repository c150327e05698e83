import { actionType } from "#lib/kube/index.ts";
import { event, flushUnschedulable, happens, object, plugin, pod, pop, scenario, type Story } from "./script.ts";

const nodeAdd = event("Node", actionType.Add);
const quotaUpdate = event("quotas.v1.example.com", actionType.Update);

export const gatedForever: Story = {
  id: "gated-forever",
  title: "Gated forever",
  lesson:
    "A gated pod hears only events that its gating plugin registered. If the reason goes away without such an event, no other event and not even the five minute flush lets it out.",
  opensAt: 6,
  scenario: scenario(
    [
      plugin("Quota", [[quotaUpdate, { kind: "queue" }]], { kind: "gated-by-switch", key: "quota used up" }),
      plugin("Fit", [[nodeAdd, { kind: "queue" }]]),
    ],
    [],
    [
      { op: "setSwitch", name: "quota used up", on: true, note: "From now on the plugin Quota refuses pods." },
      { op: "add", pod: pod("shop/cart", 10), note: "Refused by PreEnqueue: A goes to the pool, gated." },
      happens(nodeAdd, object("Node", "node-1"), "Quota did not register for nodes: A is not even asked about."),
      { op: "setSwitch", name: "quota used up", on: false, note: "The reason is gone, and no event says so." },
      happens(nodeAdd, object("Node", "node-2"), "Quota would let A pass now, but nobody asks it."),
      flushUnschedulable(300_500, "Five minutes later: the flush marks A, and leaves it where it is."),
      happens(
        quotaUpdate,
        object("Quota", "team-shop"),
        "The event that Quota waits for. Now it is asked again, and A goes to activeQ.",
      ),
      pop(),
    ],
  ),
};
