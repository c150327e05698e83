import type { Timer } from "#lib/clock/index.ts";
import type { VerdictCode } from "#lib/protocol/index.ts";
import { refOf } from "../api/local-client.ts";
import { textAt } from "../storage/api-object.ts";
import type { ScenarioContext } from "./context.ts";
import { setStage } from "./stage.ts";
import { storyLabel } from "./stories/story.ts";

/** More than a scheduler gets through that takes seconds for each. */
const ahead = 40;
const sweepMs = 1000;

interface ImportOptions {
  /** The story on whose nodes it runs. */
  readonly code: VerdictCode;
  readonly priority: number;
  /** After each sweep. */
  readonly onSweep: () => void;
}

/** A job that has always more to import, so that activeQ is never empty. What it has finished is swept away. */
export function keepImporting(context: ScenarioContext, { code, priority, onSweep }: ImportOptions): () => void {
  const { client, clock } = context;
  const importJob = { name: "import", namespace: code };
  setStage(context, {
    nodes: [],
    priorityClasses: [["import", priority]],
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
          nodeSelector: { [storyLabel]: code },
          tolerations: [{ key: storyLabel, operator: "Equal", value: code, effect: "NoSchedule" }],
        },
      },
    ],
  });
  client.patchIfPresent({ plural: "jobs", ...importJob }, { spec: { completions: Number.MAX_SAFE_INTEGER } });
  let timer: Timer;
  const sweepLater = (): void => {
    timer = clock.setTimer(sweepMs, () => {
      const done = [...client.list("pods")].filter((pod) => textAt(pod, "status", "phase") === "Succeeded");
      for (const pod of done) client.deleteIfPresent(refOf("pods", pod));
      onSweep();
      sweepLater();
    });
  };
  sweepLater();
  return () => timer.cancel();
}
