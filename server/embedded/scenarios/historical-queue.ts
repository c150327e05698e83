import type { Timer } from "#lib/clock/index.ts";
import type { ObjectRef } from "../api/local-client.ts";
import { textAt } from "../storage/api-object.ts";
import type { ScenarioContext } from "./context.ts";
import { setStage } from "./stage.ts";

const namespace = "historical-queue";
const node = "historical-1";
/** How long a binding has to take while this plays: a pod that fits nowhere is kept in flight for some 1.2 s then. */
export const historicalBindingMs = 8_000;

const turnMs = 100;
const visitMs = 2_000;
/** Late enough that its attempt ends after the early pod is bound, early enough that it begins before. */
const lateMs = historicalBindingMs - 600;
const encoreMs = 5_000;

type Act =
  /** Whoever schedules is there once the scout has a node. */
  | { readonly kind: "scouting" }
  | { readonly kind: "flying"; readonly since: number; readonly isVisited: boolean }
  | { readonly kind: "over"; readonly since: number };

const requests = { scout: "100m", early: "100m", late: "2", resident: "3", visitor: "100m" } as const;
type Role = keyof typeof requests;

/**
 * How 1.28.0 lost events. `early` is in flight, and a visitor comes and goes, so there are events behind it. `late` is
 * popped: the newest of those is what it remembers. `early` is bound, and its events go with it. Then `resident` leaves, which
 * is all that `late` waits for; but what it remembers is in no list any more, and nothing is shown to it. It is tried again
 * when the unschedulable are flushed, and then all of this happens again.
 */
export function startHistoricalQueue(context: ScenarioContext): () => void {
  const { client, clock } = context;
  setStage(context, {
    nodes: [{ name: node, zone: "eu-1a", pool: "general", cpu: 4, memoryGi: 16 }],
    namespaces: [namespace],
    workloads: [],
  });
  const isBound = (role: Role): boolean => textAt(client.get(refTo(role)) ?? {}, "spec", "nodeName") !== "";
  const enter = (role: Role, nodeName?: string): void => {
    if (client.get(refTo(role)) !== undefined) return;
    client.create("pods", newPod(role, nodeName));
  };
  const leave = (...roles: readonly Role[]): void => {
    for (const role of roles) client.removeForGood(refTo(role));
  };

  const next = (act: Act): Act => {
    const now = clock.now();
    switch (act.kind) {
      case "scouting":
        if (!isBound("scout")) return act;
        leave("scout", "early", "late");
        enter("resident", node);
        enter("early");
        return { kind: "flying", since: now, isVisited: false };
      case "flying":
        if (isBound("early")) {
          leave("resident");
          return { kind: "over", since: now };
        }
        if (now - act.since >= lateMs) enter("late");
        if (act.isVisited || now - act.since < visitMs) return act;
        enter("visitor", node);
        leave("visitor");
        return { ...act, isVisited: true };
      case "over":
        if (!isBound("late")) return { kind: "over", since: now };
        if (now - act.since < encoreMs) return act;
        enter("scout");
        return { kind: "scouting" };
      default:
        return act satisfies never;
    }
  };

  enter("resident", node);
  enter("scout");
  let act: Act = { kind: "scouting" };
  let timer: Timer;
  const playOn = (): void => {
    timer = clock.setTimer(turnMs, () => {
      act = next(act);
      playOn();
    });
  };
  playOn();
  return () => timer.cancel();
}

function refTo(role: Role): ObjectRef {
  return { plural: "pods", namespace, name: role };
}

function newPod(role: Role, nodeName: string | undefined) {
  const resources = { requests: { cpu: requests[role], memory: "64Mi" } };
  const containers = [{ name: "main", image: "registry.example/story:1", resources }];
  return {
    metadata: { namespace, name: role, labels: { app: role } },
    spec: { containers, ...(nodeName === undefined ? {} : { nodeName }) },
  };
}
