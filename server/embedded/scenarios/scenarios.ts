import { startBusy } from "./busy.ts";
import type { ScenarioContext } from "./context.ts";
import { startChurn } from "./churn.ts";
import { startHeadOfLine } from "./head-of-line.ts";
import { startHistoryStorm } from "./history-storm.ts";
import { startSmall } from "./small.ts";
import { startStories } from "./stories/stories.ts";

/** Each sets its stage at once and returns what stops it. */
const scenarios = {
  busy: startBusy,
  small: startSmall,
  empty: () => () => {},
  stories: startStories,
  "head-of-line": startHeadOfLine,
  churn: (context) => startChurn(context, { writesPerSecond: 200 }),
  "410-storm": startHistoryStorm,
} satisfies Record<string, (context: ScenarioContext) => () => void>;

export type ScenarioName = keyof typeof scenarios;

export const scenarioNames = Object.keys(scenarios) as readonly ScenarioName[];

export function isScenarioName(name: string): name is ScenarioName {
  return Object.hasOwn(scenarios, name);
}

export function startScenario(name: ScenarioName, context: ScenarioContext): () => void {
  return scenarios[name](context);
}
