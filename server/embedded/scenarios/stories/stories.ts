import type { Timer } from "#lib/clock/index.ts";
import type { ScenarioContext } from "../context.ts";
import { aliveScheduler, attentionStories, goneScheduler } from "./attention-stories.ts";
import { companyStories } from "./company-stories.ts";
import { placeStories } from "./place-stories.ts";
import { openLater, tellStory, type Story } from "./story.ts";
import { volumeStories } from "./volume-stories.ts";

/** One for each verdict that plain objects can bring about, and that lasts beside the others. */
export const stories: readonly Story[] = [...attentionStories, ...placeStories, ...companyStories, ...volumeStories];

const renewalMs = 10_000;
const goneForMs = 600_000;

/** Every pod waits, each for another reason, and nothing moves but the Lease of a scheduler that is alive. */
export function startStories(context: ScenarioContext): () => void {
  for (const story of stories) tellStory(context, story);
  const stops = [...stories.map((story) => openLater(context, story)), keepLeases(context)];
  return () => stops.forEach((stop) => stop());
}

/** One of them, alone. */
export function startStory(story: Story): (context: ScenarioContext) => () => void {
  return (context) => {
    tellStory(context, story);
    return story.namesScheduler === true ? keepLeases(context) : openLater(context, story);
  };
}

/** Of the one scheduler that has gone, and of the other that has not. */
function keepLeases({ client, clock }: ScenarioContext): () => void {
  const lease = (name: string, renewedMs: number) => ({
    metadata: { name, namespace: "kube-system" },
    spec: { holderIdentity: `${name}-0`, leaseDurationSeconds: 15, renewTime: microTime(renewedMs) },
  });
  client.create("leases", lease(goneScheduler, clock.now() - goneForMs));
  client.create("leases", lease(aliveScheduler, clock.now()));
  const ref = { plural: "leases", namespace: "kube-system", name: aliveScheduler };
  let timer: Timer;
  const renewLater = (): void => {
    timer = clock.setTimer(renewalMs, () => {
      client.patchIfPresent(ref, { spec: { renewTime: microTime(clock.now()) } });
      renewLater();
    });
  };
  renewLater();
  return () => timer.cancel();
}

/** As `metav1.MicroTime` is written. */
function microTime(ms: number): string {
  return new Date(ms).toISOString().replace("Z", "000Z");
}
