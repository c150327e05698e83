import { startBusy } from "./busy.ts";
import type { ScenarioContext } from "./context.ts";
import { startSmall } from "./small.ts";

/** Each sets its stage at once and returns what stops it. */
const scenarios = {
  busy: startBusy,
  small: startSmall,
  empty: () => () => {},
} satisfies Record<string, (context: ScenarioContext) => () => void>;

export type ScenarioName = keyof typeof scenarios;

export const scenarioNames = Object.keys(scenarios) as readonly ScenarioName[];

export function isScenarioName(name: string): name is ScenarioName {
  return Object.hasOwn(scenarios, name);
}

export function startScenario(name: ScenarioName, context: ScenarioContext): () => void {
  return scenarios[name](context);
}
