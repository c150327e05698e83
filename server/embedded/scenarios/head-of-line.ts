import { textAt } from "../storage/api-object.ts";
import type { ScenarioContext } from "./context.ts";
import { keepImporting } from "./imports.ts";
import { newHero, tellStory, type Story } from "./stories/story.ts";

const story: Story = {
  code: "queued",
  nodes: [
    { cpu: 64, memoryGi: 256 },
    { zone: "eu-1b", cpu: 64, memoryGi: 256 },
  ],
};

/** A pod that fits, and is never its turn: pods of a higher priority come faster than they are bound. */
export function startHeadOfLine(context: ScenarioContext): () => void {
  tellStory(context, story);
  return keepImporting(context, { code: story.code, priority: 1000, onSweep: () => waitAgain(context) });
}

/** A scheduler that has just come finds nobody ahead, and places it: then another takes its place. */
function waitAgain({ client }: ScenarioContext): void {
  const ref = { plural: "pods", namespace: story.code, name: story.code };
  const pod = client.get(ref);
  if (pod !== undefined && textAt(pod, "spec", "nodeName") === "") return;
  client.deleteIfPresent(ref);
  client.create("pods", newHero(story));
}
