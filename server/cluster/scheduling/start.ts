import process from "node:process";
import type { Clock } from "#lib/clock/index.ts";
import { ApiStatusError } from "#lib/informer/index.ts";
import type { ClusterConnection } from "../connection.ts";
import type { InformerBoard } from "../informer-board.ts";
import type { WorkerConfig } from "../messages.ts";
import { ApiSchedulerWriter } from "./api-scheduler-writer.ts";
import { ApiCheckpoints } from "./checkpoints.ts";
import { EmbeddedScheduling } from "./embedded-scheduling.ts";
import { namedEndpoint, proxiedEndpoints, type EndpointFinder } from "./scheduler-endpoints.ts";
import type { Scheduling } from "./scheduling.ts";
import { ShadowScheduling } from "./shadow-scheduling.ts";

export interface StartOptions {
  readonly config: WorkerConfig;
  readonly clock: Clock;
  readonly connection: ClusterConnection;
  readonly board: InformerBoard;
  readonly reportError: (error: unknown) => void;
}

/** Our own scheduler where we may write, the shadow of somebody else's where we only read. */
export function startScheduling({ config, clock, connection, board, reportError }: StartOptions): Scheduling {
  if (connection.writer === undefined) {
    const { schedulerConfiguration: configuration } = config;
    return new ShadowScheduling({
      clock,
      board,
      finder: finderFor(config, connection, clock),
      ...(configuration === undefined ? {} : { configuration }),
      reportError,
    });
  }
  return new EmbeddedScheduling({
    clock,
    board,
    writer: new ApiSchedulerWriter(connection.writer, clock),
    checkpoints: new ApiCheckpoints(connection.writer),
    scheme: config.queue === "historical" ? "historical" : "current",
    reportError: (error) => {
      if (!isOvertaken(error)) reportError(error);
    },
  });
}

function finderFor(config: WorkerConfig, { transport }: ClusterConnection, clock: Clock): EndpointFinder {
  if (config.schedulerMetrics === undefined) return proxiedEndpoints(transport);
  return namedEndpoint(config.schedulerMetrics, {
    clock,
    environment: process.env,
    userAgent: `kube-inflight/${config.version}`,
    isExecApproved: () => false,
  });
}

/** The pod went, or changed, while we wrote about it: that happens, and the next attempt sees it. */
function isOvertaken(error: unknown): boolean {
  return error instanceof ApiStatusError && (error.code === 404 || error.code === 409);
}
