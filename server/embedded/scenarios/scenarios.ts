import { scenarioName, type ScenarioName } from "#lib/protocol/index.ts";
import { startBackoff } from "./backoff.ts";
import { startBusy } from "./busy.ts";
import type { ScenarioContext } from "./context.ts";
import { startChurn } from "./churn.ts";
import { startHeadOfLine } from "./head-of-line.ts";
import { startHistoryStorm } from "./history-storm.ts";
import { startLarge } from "./large.ts";
import { startLostEvent } from "./lost-event.ts";
import { startSmall } from "./small.ts";
import { startStuckInFlight } from "./stuck-in-flight.ts";
import { startUnknown } from "./unknown.ts";
import { startFitsNow } from "./fits-now.ts";
import { startPermitWait } from "./permit-wait.ts";
import { noNodes, pluginError, troubled } from "./stories/lone-stories.ts";
import { startStories, startStory, stories } from "./stories/stories.ts";

export type { ScenarioName };

/** Sets its stage at once and returns what stops it. */
type Start = (context: ScenarioContext) => () => void;

/** Those that are more than one pod that waits. */
const plays: Partial<Record<ScenarioName, Start>> = {
  busy: startBusy,
  small: startSmall,
  empty: () => () => {},
  large: startLarge,
  churn: (context) => startChurn(context, { writesPerSecond: 200 }),
  stories: startStories,
  backoff: startBackoff,
  "head-of-line": startHeadOfLine,
  "fits-now": startFitsNow,
  "permit-wait": startPermitWait,
  "stuck-in-flight": startStuckInFlight,
  unknown: startUnknown,
  "historical-queue": startLostEvent,
  "410-storm": startHistoryStorm,
  // What these are about are handlers of the server that watches: here is something for them to hear of.
  "slow-handler": (context) => startChurn(context, { writesPerSecond: 40 }),
  "leaked-handler": (context) => startChurn(context, { writesPerSecond: 20 }),
  "shared-informer": (context) => startChurn(context, { writesPerSecond: 20 }),
};

export const scenarioNames: readonly ScenarioName[] = scenarioName.options;

export function isScenarioName(name: string): name is ScenarioName {
  return scenarioName.safeParse(name).success;
}

export function startScenario(name: ScenarioName, context: ScenarioContext): () => void {
  return startOf(name)(context);
}

function startOf(name: ScenarioName): Start {
  const play = plays[name];
  if (play !== undefined) return play;
  const story = [...stories, ...troubled, noNodes, pluginError].find(({ code }) => code === name);
  if (story === undefined) throw new Error(`nobody knows how to play ${name}`);
  return startStory(story);
}
