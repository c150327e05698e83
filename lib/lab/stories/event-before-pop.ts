import { actionType } from "#lib/kube/index.ts";
import { event, fail, happens, object, plugin, pod, pop, scenario, type Story } from "./script.ts";

const nodeAdd = event("Node", actionType.Add);

export const eventBeforePop: Story = {
  id: "event-before-pop",
  title: "An event before the pop",
  lesson:
    "Only what happens behind a pod's own element is news to it: B was tried with the new node in sight and rejected all the same. Retrying it for that node would be work for nothing.",
  opensAt: 5,
  scenario: scenario(
    [plugin("Fit", [[nodeAdd, { kind: "new-label", key: "size", value: "big" }]])],
    [pod("shop/cart", 20), pod("shop/checkout", 10)],
    [
      pop("A takes off."),
      happens(nodeAdd, object("Node", "node-1", { size: "big" }), "Behind A: news to it."),
      pop("B takes off behind the event. Its attempt sees the new node."),
      fail("cart", ["Fit"], "A did not see the node when it was tried: e1 says Queue, so it backs off."),
      fail("checkout", ["Fit"], "B did see it. Nothing happened since, so it is parked, and rightly so."),
    ],
  ),
};
