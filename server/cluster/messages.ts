/** What passes between the main thread and the worker of one cluster. Both ends are this program, so types are enough. */
import type { MetricFamily } from "#lib/queue/index.ts";
import type {
  AddHandlerResponse,
  ApiResource,
  Cluster,
  ClusterMode,
  LineObjectResponse,
  PreviewResponse,
  Problem,
  RelistResponse,
  ReleaseResponse,
  RemoveHandlerResponse,
  ReplayResponse,
  SchedulerRequest,
  SchedulerStep,
  SchedulerStepResponse,
  TopicName,
  UndoResponse,
  VerifyResponse,
  YamlResponse,
} from "#lib/protocol/index.ts";
import type { HandlerToAdd, HandlerToPreview, RefusalStatus } from "#server/hub/clusters.ts";
import type { ConnectionChange } from "./connection.ts";
import type { ClusterAccess } from "./kubeconfig/index.ts";
import type { ViewMessage } from "./live-views.ts";
import type { MetricsAddress } from "./scheduling/scheduler-endpoints.ts";
import type { KnownConfiguration } from "./scheduling/scheduler-configuration.ts";

export interface WorkerConfig {
  readonly id: string;
  readonly name: string;
  /** Of this program. */
  readonly version: string;
  readonly mode: ClusterMode;
  /** Kubeconfigs are read on the main thread only: what reads them is large, and a worker needs one context of them. */
  readonly access: ClusterAccess;
  /** Embedded only: `historical` runs the 1.28.0 event list. */
  readonly queue: "concurrent" | "historical";
  /** Hashes of the sign-in command lines that were approved. */
  readonly approvedExec: readonly string[];
  readonly isExecAllowed: boolean;
  readonly schedulerMetrics?: MetricsAddress;
  /** From a file. */
  readonly schedulerConfiguration?: KnownConfiguration;
}

/** What can be asked of a worker, with what it answers. */
export interface WorkerCalls {
  resources: { readonly args: undefined; readonly result: readonly ApiResource[] };
  addHandler: {
    readonly args: { readonly informer: string; readonly request: HandlerToAdd };
    readonly result: AddHandlerResponse;
  };
  previewHandler: {
    readonly args: { readonly informer: string; readonly request: HandlerToPreview };
    readonly result: PreviewResponse;
  };
  removeHandler: { readonly args: { readonly registration: number }; readonly result: RemoveHandlerResponse };
  lineObject: {
    readonly args: { readonly registration: number; readonly line: number };
    readonly result: LineObjectResponse;
  };
  releaseOwner: { readonly args: { readonly owner: string }; readonly result: ReleaseResponse };
  relist: { readonly args: { readonly informer: string }; readonly result: RelistResponse };
  replay: {
    readonly args: { readonly informer: string; readonly registration: number | undefined };
    readonly result: ReplayResponse;
  };
  verify: { readonly args: { readonly informer: string }; readonly result: VerifyResponse };
  setScheduler: { readonly args: { readonly request: SchedulerRequest }; readonly result: void };
  /** Another scenario begins: the scheduler runs as if it had just come. */
  beginAnew: { readonly args: { readonly isHurried: boolean }; readonly result: void };
  /** Answers when what others say of the pod is known, as far as it can be. */
  readStatements: { readonly args: { readonly namespace: string; readonly name: string }; readonly result: void };
  /** From the API server, as it is now, redacted. */
  podYaml: { readonly args: { readonly namespace: string; readonly name: string }; readonly result: YamlResponse };
  step: { readonly args: { readonly step: SchedulerStep }; readonly result: SchedulerStepResponse };
  undo: { readonly args: undefined; readonly result: UndoResponse };
  redo: { readonly args: undefined; readonly result: UndoResponse };
  metrics: { readonly args: undefined; readonly result: readonly MetricFamily[] };
}

export type CallName = keyof WorkerCalls;

export type ToWorker =
  | { readonly type: "open"; readonly view: number; readonly topic: TopicName; readonly params: unknown }
  | { readonly type: "close"; readonly view: number }
  | {
      readonly type: "call";
      readonly call: number;
      readonly name: CallName;
      readonly args: WorkerCalls[CallName]["args"];
    }
  | { readonly type: "change"; readonly change: ConnectionChange }
  | { readonly type: "stop" };

export type FromWorker =
  | { readonly type: "summary"; readonly cluster: Cluster }
  | { readonly type: "view"; readonly view: number; readonly message: ViewMessage }
  | { readonly type: "closed"; readonly view: number; readonly problem: Problem }
  /** For the log: something that is a fault of ours. */
  | { readonly type: "failure"; readonly during: string; readonly error: string }
  | { readonly type: "result"; readonly call: number; readonly value: unknown }
  | {
      readonly type: "refused";
      readonly call: number;
      readonly status: RefusalStatus;
      readonly code: string;
      readonly message: string;
    };
