import type { Timer } from "#lib/clock/index.ts";
import type { ScenarioContext } from "./context.ts";
import { newHero, tellStory, type Story } from "./stories/story.ts";

const story: Story = { code: "stuck-in-flight", nodes: [{}] };
/** Its pods are none of the fault's business. */
const traffic: Story = { code: "queued", nodes: [{ zone: "eu-1b" }] };
const everyMs = 2_000;
const atOnce = 3;

/** One attempt hangs, and beside it pods come and go: each of them is an event that is kept for the one. */
export function startStuckInFlight(context: ScenarioContext): () => void {
  const { client, clock } = context;
  tellStory(context, traffic);
  tellStory(context, story);
  let timer: Timer;
  let count = 0;
  const come = (): void => {
    const { metadata, spec } = newHero(traffic);
    client.create("pods", { metadata: { ...metadata, name: `guest-${++count}` }, spec });
    client.deleteIfPresent({ plural: "pods", namespace: traffic.code, name: `guest-${count - atOnce}` });
    timer = clock.setTimer(everyMs, come);
  };
  come();
  return () => timer.cancel();
}
