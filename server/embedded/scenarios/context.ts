import type { Clock } from "#lib/clock/index.ts";
import type { FaultRequest } from "#lib/protocol/index.ts";
import type { LocalClient } from "../api/local-client.ts";

/** What a scenario plays on. */
export interface ScenarioContext {
  readonly client: LocalClient;
  readonly clock: Clock;
  readonly random: () => number;
  /** What was written is forgotten and every watch cut, so that whoever comes back is told 410. */
  readonly loseHistory: () => void;
  /** Something goes wrong until what is returned is called, or somebody switches it off. */
  readonly strike: (fault: FaultRequest) => () => void;
  /** Mean time between two things that happen by themselves. */
  readonly intervalMs: number;
}
