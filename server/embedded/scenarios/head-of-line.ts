import type { Timer } from "#lib/clock/index.ts";
import { refOf } from "../api/local-client.ts";
import { textAt } from "../storage/api-object.ts";
import type { ScenarioContext } from "./context.ts";
import { setStage } from "./stage.ts";
import { storyLabel, tellStory } from "./stories/story.ts";

/** More than a scheduler gets through that takes seconds for each. */
const ahead = 40;
const sweepMs = 1000;

/** A pod that fits, and is never its turn: pods of a higher priority come faster than they are bound. */
export function startHeadOfLine(context: ScenarioContext): () => void {
  const { client, clock } = context;
  const importJob = { name: "import", namespace: "queued" };
  tellStory(context, {
    code: "queued",
    nodes: [
      { cpu: 64, memoryGi: 256 },
      { zone: "eu-1b", cpu: 64, memoryGi: 256 },
    ],
  });
  setStage(context, {
    nodes: [],
    priorityClasses: [["import", 1000]],
    workloads: [
      {
        ...importJob,
        kind: "Job",
        replicas: ahead,
        cpu: "100m",
        memory: "64Mi",
        runSeconds: 2,
        priorityClassName: "import",
        spec: {
          nodeSelector: { [storyLabel]: "queued" },
          tolerations: [{ key: storyLabel, operator: "Equal", value: "queued", effect: "NoSchedule" }],
        },
      },
    ],
  });
  // It has always more to import; what it has finished is swept away.
  client.patchIfPresent({ plural: "jobs", ...importJob }, { spec: { completions: Number.MAX_SAFE_INTEGER } });
  let timer: Timer;
  const sweepLater = (): void => {
    timer = clock.setTimer(sweepMs, () => {
      const done = [...client.list("pods")].filter((pod) => textAt(pod, "status", "phase") === "Succeeded");
      for (const pod of done) client.deleteIfPresent(refOf("pods", pod));
      sweepLater();
    });
  };
  sweepLater();
  return () => timer.cancel();
}
