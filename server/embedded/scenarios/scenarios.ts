import type { ScenarioContext } from "./context.ts";

export interface Scenario {
  /** Ends every timer and subscription. */
  stop(): void;
  /** Takes away what the scenario put there. */
  clear(): void;
}

export const scenarioNames = ["empty"] as const;

export type ScenarioName = (typeof scenarioNames)[number];

export function isScenarioName(name: string): name is ScenarioName {
  return (scenarioNames as readonly string[]).includes(name);
}

export function startScenario(_name: ScenarioName, _context: ScenarioContext): Scenario {
  return { stop: () => {}, clear: () => {} };
}
