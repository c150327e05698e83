import type { Clock } from "#lib/clock/index.ts";
import type { Registry } from "../api/registry.ts";

/** What a scenario plays on. */
export interface ScenarioContext {
  readonly registry: Registry;
  readonly clock: Clock;
  readonly random: () => number;
}
