import type { Clock } from "#lib/clock/index.ts";
import type { LocalClient } from "../api/local-client.ts";
import type { Dependents } from "./dependents.ts";

/** What controllers work with. */
export interface ControllerContext {
  readonly client: LocalClient;
  readonly clock: Clock;
  readonly random: () => number;
  readonly dependents: Dependents;
}
