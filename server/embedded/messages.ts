import type { FaultCall, FaultNews } from "./faults/index.ts";
import type { ScenarioName } from "./scenarios/scenarios.ts";

/** What passes between the thread that starts an embedded cluster and the worker that is one. */
export interface WorkerOptions {
  readonly scenario: ScenarioName;
  readonly port: number;
  readonly seed: number;
  readonly intervalMs: number;
  readonly losesEvents: boolean;
}

export type ToWorker =
  { readonly type: "setScenario"; readonly scenario: ScenarioName } | { readonly type: "stop" } | FaultCall;

export type FromWorker =
  | { readonly type: "ready"; readonly server: string; readonly kubeconfig: string }
  /** The answer to each `setScenario` that went well. */
  | { readonly type: "playing" }
  /** The answer to one that did not, or to the start. */
  | { readonly type: "failed"; readonly message: string }
  | FaultNews;
