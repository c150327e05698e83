import type { ScenarioContext } from "./context.ts";
import { newHero, tellStage, type Story } from "./stories/story.ts";

const story: Story = { code: "permit-wait", nodes: [{}, { zone: "eu-1b" }] };
const group = {
  "pod-group.scheduling.sigs.k8s.io": "training",
  "pod-group.scheduling.sigs.k8s.io/min-available": "3",
} as const;

/** Three that only make sense together, and the nodes are tainted against the last of them. */
export function startPermitWait(context: ScenarioContext): () => void {
  tellStage(context, story);
  for (const [index, name] of ["worker-1", "worker-2", "worker-3"].entries()) {
    const { metadata, spec } = newHero({ ...story, labels: group });
    const tolerations = index < 2 ? spec.tolerations : [];
    context.client.create("pods", { metadata: { ...metadata, name }, spec: { ...spec, tolerations } });
  }
  return () => {};
}
