import type {
  AddHandlerResponse,
  ApiResource,
  AttachRequest,
  Cluster,
  FaultRequest,
  FaultResponse,
  JsonObject,
  KubeContext,
  LineObjectResponse,
  MergePatch,
  PreviewResponse,
  Problem,
  RelistResponse,
  ReleaseResponse,
  RemoveHandlerResponse,
  ReplayResponse,
  ScenarioName,
  SchedulerRequest,
  SchedulerStep,
  SchedulerStepResponse,
  TopicName,
  UndoResponse,
  VerifyResponse,
  View,
  YamlResponse,
  addHandlerRequest,
  previewRequest,
} from "#lib/protocol/index.ts";
import type { MetricFamily } from "#lib/queue/index.ts";
import type { z } from "zod";

/** As parsed: the defaults are filled in. */
export type HandlerToAdd = z.output<typeof addHandlerRequest>;
export type HandlerToPreview = z.output<typeof previewRequest>;

/**
 * What the holder of an open view is told, in order: a snapshot, then deltas whose `seq` grows by one each. Another
 * snapshot may come at any time and starts the count anew. `closed` is the last message.
 */
export type ViewMessage =
  | { readonly kind: "snapshot"; readonly seq: number; readonly value: JsonObject }
  | { readonly kind: "delta"; readonly seq: number; readonly patch: MergePatch }
  | { readonly kind: "closed"; readonly problem: Problem };

export type ViewListener = (message: ViewMessage) => void;

/**
 * A request that was understood and cannot be done. It reaches the client as it is: no credentials in the message.
 * Any other error that a registry or a handle rejects with is logged and answered as an internal error without detail.
 */
export class RefusedError extends Error {
  override readonly name = "RefusedError";
  readonly status: RefusalStatus;
  /** A stable word: `no-such-informer`, `exec-not-approved`. */
  readonly code: string;

  constructor(status: RefusalStatus, code: string, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

export type RefusalStatus = 400 | 403 | 404 | 409 | 422 | 429 | 502 | 503 | 504;

/** The clusters of this server. HTTP and the hub know them only through this. */
export interface ClusterRegistry {
  /** In order of attachment. */
  list(): readonly Cluster[];
  contexts(): readonly KubeContext[];
  /** Set when there is no usable kubeconfig. */
  kubeconfigProblem(): Problem | undefined;
  /** Resolves as soon as the cluster is listed, not when it has answered. A context that is attached already answers itself. */
  attach(request: AttachRequest): Promise<Cluster>;
  /** Its open views are closed with a problem. Refuses an unknown id. */
  detach(id: string): Promise<void>;
  get(id: string): ClusterHandle | undefined;
  /** Resolves when its stage stands. Refuses any but the embedded cluster. */
  play(id: string, scenario: ScenarioName): Promise<Cluster>;
}

/** One attached cluster. Everything that may fail rejects with a {@link RefusedError}. */
export interface ClusterHandle {
  summary(): Cluster;
  /**
   * The listener may run before this returns. What is called for is `closed` with a problem, not an exception: no
   * such informer, a registration that is gone, a cluster that failed.
   *
   * @returns what closes the view; closing twice is harmless, and after it the listener hears nothing more.
   */
  openView<T extends TopicName>(topic: T, view: View<T>, listener: ViewListener): () => void;
  resources(): Promise<readonly ApiResource[]>;
  addHandler(informer: string, request: HandlerToAdd): Promise<AddHandlerResponse>;
  /** What adding it would do; changes nothing. */
  previewHandler(informer: string, request: HandlerToPreview): Promise<PreviewResponse>;
  /** Refuses a registration that is not there any more. */
  removeHandler(registration: number): Promise<RemoveHandlerResponse>;
  /** The object of a line of a tail. */
  lineObject(registration: number, line: number): Promise<LineObjectResponse>;
  releaseOwner(owner: string): Promise<ReleaseResponse>;
  relist(informer: string): Promise<RelistResponse>;
  replay(informer: string, registration?: number): Promise<ReplayResponse>;
  /** Takes seconds. */
  verify(informer: string): Promise<VerifyResponse>;
  /** Answers when what others than the scheduler say of a pod is known, as far as it can be. */
  readStatements(namespace: string, name: string): Promise<void>;
  /** As the API server has it now, redacted. */
  podYaml(namespace: string, name: string): Promise<YamlResponse>;
  setScheduler(request: SchedulerRequest): Promise<void>;
  step(step: SchedulerStep): Promise<SchedulerStepResponse>;
  undo(): Promise<UndoResponse>;
  redo(): Promise<UndoResponse>;
  /** What goes wrong on purpose; embedded only. */
  addFault(request: FaultRequest): Promise<FaultResponse>;
  /** Refuses one that is not on any more. */
  removeFault(id: string): Promise<void>;
  clearFaults(): Promise<void>;
  /** For Prometheus, without the cluster's name. */
  metrics(): Promise<readonly MetricFamily[]>;
}
