import type { ScenarioContext } from "./context.ts";
import { keepImporting } from "./imports.ts";
import { newHero, tellStory, type Story } from "./stories/story.ts";

const story: Story = {
  code: "backoff",
  requests: { cpu: "96" },
  spec: { priorityClassName: "patient" },
  nodes: [
    { cpu: 64, memoryGi: 256 },
    { zone: "eu-1b", cpu: 64, memoryGi: 256 },
  ],
  objects: [
    { plural: "priorityclasses", object: { metadata: { name: "patient" }, value: 10, preemptionPolicy: "Never" } },
  ],
};
/** About when the fourth attempt comes: from then on its cause is told, and no longer that it backs off. */
const heroMs = 9_000;

/**
 * Pods end all the time, and each end may have made room: so this one is tried again, has no more room than before, and waits
 * twice as long. There are always others to be tried, else nobody would have to wait. Before it was tried too often, another
 * takes its place.
 */
export function startBackoff(context: ScenarioContext): () => void {
  const { client, clock } = context;
  tellStory(context, story);
  const ref = { plural: "pods", namespace: story.code, name: story.code };
  let heroSince = clock.now();
  const onSweep = (): void => {
    if (clock.now() - heroSince < heroMs) return;
    heroSince = clock.now();
    client.removeForGood(ref);
    client.create("pods", newHero(story));
  };
  return keepImporting(context, { code: story.code, priority: 0, onSweep });
}
