import type { Timer } from "#lib/clock/index.ts";
import { playOne } from "./busy-churn.ts";
import { busyNodes } from "./busy-nodes.ts";
import { busyNamespaces, busyPriorityClasses, busyWorkloads } from "./busy-workloads.ts";
import type { ScenarioContext } from "./context.ts";
import { setStage } from "./stage.ts";

/** A cluster in the middle of a working day: 46 nodes, some 2,500 pods, and always something going on. */
export function startBusy(context: ScenarioContext): () => void {
  setStage(context, {
    nodes: busyNodes,
    namespaces: busyNamespaces,
    priorityClasses: busyPriorityClasses,
    workloads: busyWorkloads,
  });
  const { clock } = context;
  const undos = new Set<Timer>();
  let number = 1000;
  const churn = {
    ...context,
    nextNumber: () => number++,
    later: (seconds: number, undo: () => void) => {
      const timer = clock.setTimer(seconds * 1000, () => {
        undos.delete(timer);
        undo();
      });
      undos.add(timer);
    },
  };
  let next: Timer;
  const playLater = (): void => {
    // Exponential gaps: what happens by itself does not keep time.
    const gapMs = -Math.log(1 - context.random()) * context.intervalMs;
    next = clock.setTimer(gapMs, () => {
      playOne(churn);
      playLater();
    });
  };
  playLater();
  return () => {
    next.cancel();
    for (const undo of undos) undo.cancel();
  };
}
