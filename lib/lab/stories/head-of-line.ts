import { actionType } from "#lib/kube/index.ts";
import type { Operation } from "../scenario.ts";
import { done, event, happens, object, plugin, pod, pop, scenario, type Story } from "./script.ts";

const groupUpdate = event("scheduling.k8s.io/PodGroup", actionType.Update);
const changed = (note: string): Operation => happens(groupUpdate, object("PodGroup", "training"), note);
const waiting = (note: string): Operation => ({ op: "fail", uid: "worker", plugins: [], pending: ["Gang"], note });

export const headOfLine: Story = {
  id: "head-of-line",
  title: "Head-of-line blocking",
  lesson:
    "activeQ gives the pod with the highest priority first, whether it fits or not. One that comes straight back, because an event concerns its pending plugin, stands before the small pod every time.",
  opensAt: 6,
  scenario: scenario(
    [plugin("Gang", [[groupUpdate, { kind: "queue" }]])],
    [pod("ml/worker", 1_000), pod("shop/cart", 0)],
    [
      pop("A goes first: its priority is 1,000. B would fit anywhere."),
      changed("The group of A changes while A is tried."),
      waiting("Gang is pending, not refusing: Queue means at once, without backoff. A stands before B again."),
      pop("A."),
      changed("The group changes once more."),
      waiting("And back to the head."),
      pop("A, for the third time."),
      waiting("No event this time: A is parked."),
      pop("B, which could have run after the first."),
      done("cart"),
    ],
  ),
};
