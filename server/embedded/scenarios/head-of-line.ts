import type { Timer } from "#lib/clock/index.ts";
import { refOf } from "../api/local-client.ts";
import { textAt } from "../storage/api-object.ts";
import type { ScenarioContext } from "./context.ts";
import { setStage } from "./stage.ts";
import { newHero, storyLabel, tellStory, type Story } from "./stories/story.ts";

/** More than a scheduler gets through that takes seconds for each. */
const ahead = 40;
const sweepMs = 1000;

const story: Story = {
  code: "queued",
  nodes: [
    { cpu: 64, memoryGi: 256 },
    { zone: "eu-1b", cpu: 64, memoryGi: 256 },
  ],
};

/** A pod that fits, and is never its turn: pods of a higher priority come faster than they are bound. */
export function startHeadOfLine(context: ScenarioContext): () => void {
  const { client, clock } = context;
  const importJob = { name: "import", namespace: "queued" };
  tellStory(context, story);
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
      waitAgain(context);
      sweepLater();
    });
  };
  sweepLater();
  return () => timer.cancel();
}

/** A scheduler that has just come finds nobody ahead, and places it: then another takes its place. */
function waitAgain({ client }: ScenarioContext): void {
  const ref = { plural: "pods", namespace: story.code, name: story.code };
  const pod = client.get(ref);
  if (pod !== undefined && textAt(pod, "spec", "nodeName") === "") return;
  client.deleteIfPresent(ref);
  client.create("pods", newHero(story));
}
