import { actionType } from "#lib/kube/index.ts";
import { done, event, fail, happens, object, plugin, pod, pop, scenario, type Story } from "./script.ts";

const nodeAdd = event("Node", actionType.Add);
const joined = (name: string, size: string, note?: string) => happens(nodeAdd, object("Node", name, { size }), note);

export const leakedMarker: Story = {
  id: "leaked-marker",
  title: "A leaked marker",
  lesson:
    "An attempt that never ends pins the list: every event behind it is kept, whatever other pods do. Both schemes grow alike, and the one missing done empties them.",
  opensAt: 9,
  scenario: scenario(
    [plugin("Fit", [[nodeAdd, { kind: "new-label", key: "size", value: "big" }]])],
    [pod("batch/stuck", 30), pod("shop/cart", 20), pod("shop/checkout", 10)],
    [
      pop("A takes off, and whoever tries it never says that the attempt is over."),
      joined("node-1", "small"),
      pop("B comes …"),
      joined("node-2", "big", "Kept for A and B."),
      fail("cart", ["Fit"], "… and goes. Its element leaves, the events stay: A is older."),
      pop(),
      joined("node-3", "small"),
      done("checkout"),
      joined("node-4", "small", "Four events, and only A, which nobody tries any more, could ever want them."),
      done("stuck", "The one call that was missing empties both lists."),
    ],
  ),
};
