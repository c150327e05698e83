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
  SchedulerStepResponse,
  TopicName,
  UndoResponse,
  VerifyResponse,
  YamlResponse,
} from "#lib/protocol/index.ts";
import type { MetricFamily } from "#lib/queue/index.ts";
import {
  RefusedError,
  type ClusterHandle,
  type ClusterRegistry,
  type HandlerToAdd,
  type ViewListener,
} from "../clusters.ts";

/** A view somebody opened, in the hands of the test: it says what the test says. */
export class FakeView {
  readonly topic: TopicName;
  readonly view: unknown;
  isOpen = true;
  #seq = 0;
  readonly #listener: ViewListener;

  constructor(topic: TopicName, view: unknown, listener: ViewListener) {
    this.topic = topic;
    this.view = view;
    this.#listener = listener;
  }

  snapshot(value: JsonObject, seq = 1): void {
    this.#seq = seq;
    this.#listener({ kind: "snapshot", seq, value });
  }

  delta(patch: MergePatch): void {
    this.#listener({ kind: "delta", seq: ++this.#seq, patch });
  }

  /** The last delta once more, or whatever else a confused sender says under its number. */
  repeat(patch: MergePatch): void {
    this.#listener({ kind: "delta", seq: this.#seq, patch });
  }

  /** The next delta is lost on its way. */
  lose(): void {
    this.#seq++;
  }

  closed(problem: Problem): void {
    this.#listener({ kind: "closed", problem });
  }
}

/** A cluster without a cluster: it remembers what it was asked and answers as scripted. */
export class FakeCluster implements ClusterHandle {
  readonly views: FakeView[] = [];
  readonly asked: string[] = [];
  /** What a view says while it is being opened; by default nothing. */
  greet: (view: FakeView) => void = () => {};
  /** Thrown by every request, if set. */
  failure: Error | undefined;
  readonly #summary: Cluster;
  #registrations = 0;

  constructor(id: string) {
    this.#summary = { id, name: id, mode: "embedded", phase: "connected", server: "https://127.0.0.1:6443" };
  }

  summary(): Cluster {
    return this.#summary;
  }

  get openViews(): readonly FakeView[] {
    return this.views.filter(({ isOpen }) => isOpen);
  }

  openView(topic: TopicName, view: unknown, listener: ViewListener): () => void {
    const opened: FakeView = new FakeView(topic, view, (message) => {
      if (opened.isOpen) listener(message);
    });
    this.views.push(opened);
    this.greet(opened);
    return () => {
      opened.isOpen = false;
    };
  }

  async resources(): Promise<readonly ApiResource[]> {
    this.#ask("resources");
    return [{ key: "v1/pods", groupVersion: "v1", resource: "pods", kind: "Pod", isNamespaced: true }];
  }

  async addHandler(informer: string, { kind, times }: HandlerToAdd): Promise<AddHandlerResponse> {
    this.#ask(`addHandler ${informer} ${kind}`);
    const registrations = Array.from({ length: times }, () => ++this.#registrations);
    return { ok: true, informer, registrations, syntheticAdds: 0 };
  }

  async removeHandler(registration: number): Promise<RemoveHandlerResponse> {
    this.#ask(`removeHandler ${registration}`);
    if (registration > this.#registrations) throw new RefusedError(404, "no-such-handle", "there is none");
    const request = { kind: "tail", owner: "jane", filter: {}, times: 1 } as const;
    return { ok: true, undo: { informer: "v1/pods", request } };
  }

  async previewHandler(informer: string): Promise<PreviewResponse> {
    this.#ask(`previewHandler ${informer}`);
    return { ok: true, informer, effect: "starts", nextHandle: this.#registrations + 1, problems: [] };
  }

  async lineObject(registration: number, line: number): Promise<LineObjectResponse> {
    this.#ask(`lineObject ${registration} ${line}`);
    return { ok: true, object: {} };
  }

  async releaseOwner(owner: string): Promise<ReleaseResponse> {
    this.#ask(`releaseOwner ${owner}`);
    return { ok: true, leaked: 0 };
  }

  async relist(informer: string): Promise<RelistResponse> {
    this.#ask(`relist ${informer}`);
    return { ok: true, isAsked: true };
  }

  async replay(informer: string, registration?: number): Promise<ReplayResponse> {
    this.#ask(`replay ${informer}${registration === undefined ? "" : ` ${registration}`}`);
    return { ok: true, registrations: 1, objects: 0 };
  }

  async verify(informer: string): Promise<VerifyResponse> {
    this.#ask(`verify ${informer}`);
    const none = { count: 0, first: [] };
    const counts = { compared: 0, missing: none, extra: none, older: none, moved: 0 };
    return { ok: true, result: { at: 0, tookMs: 0, resourceVersion: "1", ...counts } };
  }

  async setScheduler(): Promise<void> {
    this.#ask("setScheduler");
  }

  async readStatements(): Promise<void> {}

  async podYaml(namespace: string, name: string): Promise<YamlResponse> {
    this.#ask(`podYaml ${namespace} ${name}`);
    return { ok: true, yaml: "" };
  }

  async step(): Promise<SchedulerStepResponse> {
    this.#ask("step");
    return { ok: true };
  }

  async undo(): Promise<UndoResponse> {
    this.#ask("undo");
    return { ok: true, step: "pop shop/web-1", resourceVersion: "7" };
  }

  async redo(): Promise<UndoResponse> {
    this.#ask("redo");
    return { ok: true, step: "pop shop/web-1", resourceVersion: "8" };
  }

  async addFault({ kind }: FaultRequest): Promise<FaultResponse> {
    this.#ask(`addFault ${kind}`);
    const fault = { id: "fault-1", kind, verbs: ["list" as const], since: 0, hits: { lists: 0, watches: 0 } };
    return { ok: true, fault };
  }

  async removeFault(id: string): Promise<void> {
    this.#ask(`removeFault ${id}`);
  }

  async clearFaults(): Promise<void> {
    this.#ask("clearFaults");
  }

  async metrics(): Promise<readonly MetricFamily[]> {
    this.#ask("metrics");
    const values = [{ labels: { informer: "v1/pods" }, value: 7 }];
    return [{ type: "gauge", name: "informer_objects", help: "h", values }];
  }

  #ask(request: string): void {
    this.asked.push(request);
    if (this.failure !== undefined) throw this.failure;
  }
}

/** Holds the clusters that the test puts in; attaching makes another fake one. */
export class FakeRegistry implements ClusterRegistry {
  readonly #clusters = new Map<string, FakeCluster>();

  constructor(...clusters: readonly FakeCluster[]) {
    for (const cluster of clusters) this.#clusters.set(cluster.summary().id, cluster);
  }

  list(): readonly Cluster[] {
    return [...this.#clusters.values()].map((cluster) => cluster.summary());
  }

  contexts(): readonly KubeContext[] {
    return [];
  }

  kubeconfigProblem(): Problem | undefined {
    return undefined;
  }

  async attach(request: AttachRequest): Promise<Cluster> {
    if ("demo" in request) throw new RefusedError(409, "demo-runs", "the demo is attached already");
    const cluster = new FakeCluster(request.context);
    this.#clusters.set(request.context, cluster);
    return cluster.summary();
  }

  async detach(id: string): Promise<void> {
    this.#clusters.delete(id);
  }

  get(id: string): FakeCluster | undefined {
    return this.#clusters.get(id);
  }

  async play(id: string, scenario: ScenarioName): Promise<Cluster> {
    const cluster = this.#clusters.get(id);
    if (cluster === undefined) throw new RefusedError(404, "no-such-cluster", `there is no cluster ${id}`);
    cluster.asked.push(`play ${scenario}`);
    return { ...cluster.summary(), scenario };
  }
}
