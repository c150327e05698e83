import type { Clock } from "#lib/clock/index.ts";
import type { Registry } from "../api/registry.ts";
import type { FaultBoard } from "../faults/index.ts";
import type { Checkpoints } from "./checkpoints.ts";
import type { WatchResponse } from "./watch-response.ts";

/** What the handlers of a server share. */
export interface ResourceContext {
  readonly registry: Registry;
  readonly clock: Clock;
  readonly bookmarkIntervalMs: number;
  readonly random: () => number;
  /** Watches that are open, so that stopping the server can end them. */
  readonly watches: Set<WatchResponse>;
  readonly checkpoints: Checkpoints;
  readonly faults: FaultBoard;
}
