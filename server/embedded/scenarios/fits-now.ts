import type { Timer } from "#lib/clock/index.ts";
import { listAt } from "../storage/api-object.ts";
import type { ScenarioContext } from "./context.ts";
import { tellStory, type Story } from "./stories/story.ts";

const hostname = "kubernetes.io/hostname";
const awayFrom = (app: string) => ({ labelSelector: { matchLabels: { app } }, topologyKey: hostname });
const story: Story = {
  code: "fits-now",
  // The hint asks for one pod that both terms mean, and there is none.
  spec: {
    affinity: {
      podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [awayFrom("batch"), awayFrom("import")] },
    },
  },
  nodes: [{}],
  company: [{ node: 0, labels: { app: "batch" } }],
};
const hero = { plural: "pods", namespace: story.code, name: story.code } as const;
const neighbour = { ...hero, name: "company-1" } as const;
const lookEveryMs = 500;

/** What is in its way leaves once it was tried, and it is not woken. */
export function startFitsNow(context: ScenarioContext): () => void {
  const { client, clock } = context;
  tellStory(context, story);
  let timer: Timer;
  const look = (): void => {
    const pod = client.get(hero);
    if (pod !== undefined && listAt(pod, "status", "conditions").some(({ reason }) => reason === "Unschedulable"))
      client.deleteIfPresent(neighbour);
    timer = clock.setTimer(lookEveryMs, look);
  };
  timer = clock.setTimer(lookEveryMs, look);
  return () => timer.cancel();
}
