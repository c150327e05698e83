import { beforeEach, describe, expect, it } from "vitest";
import { FakeClock } from "#lib/clock/testing/fake-clock.ts";
import { apiStatusError, ConnectionError, type ListerWatcher } from "#lib/informer/index.ts";
import type { KubeObject, Pod } from "#lib/kube/index.ts";
import { aPod } from "#lib/kube/testing/builders.ts";
import { sentenceText } from "#lib/protocol/index.ts";
import type { ResourceSelection } from "../transport/resource-path.ts";
import type { ApiResource } from "../transport/discovery.ts";
import type { LocalQueue, Workload } from "./kueue-objects.ts";
import { Statements, type StatementsTransport } from "./statements.ts";

const now = Date.UTC(2026, 0, 1, 14, 0, 0);
const before = (ms: number): string => new Date(now - ms).toISOString();

/** An API server as far as it is asked here: what it holds, by resource; what it refuses; what it was asked. */
class FakeApi implements StatementsTransport {
  readonly objects: Record<string, readonly KubeObject[]> = {};
  readonly errors: Record<string, Error> = {};
  readonly asked: string[] = [];
  /** Of Kueue; nothing where it is not installed. */
  kueueVersion: string | undefined;

  listerWatcher<T extends KubeObject>({ resource, version, labelSelector }: ResourceSelection): ListerWatcher<T> {
    return {
      list: async () => {
        this.asked.push(`${version}/${resource}${labelSelector === undefined ? "" : " labelled"}`);
        const error = this.errors[resource];
        if (error !== undefined) throw error;
        const items = (this.objects[resource] ?? []).filter(
          ({ metadata }) => labelSelector === undefined || metadata.labels !== undefined,
        ) as unknown as readonly T[];
        return (async function* () {
          yield { kind: "items" as const, items };
        })();
      },
      watch: () => Promise.reject(new Error("nothing is watched here")),
    };
  }

  async discover(): Promise<readonly ApiResource[]> {
    this.asked.push("discovery");
    if (this.kueueVersion === undefined) return [];
    const { kueueVersion: version } = this;
    const more = { kind: "Workload", isNamespaced: true, verbs: ["list", "watch"], shortNames: [] };
    return [{ group: "kueue.x-k8s.io", version, resource: "workloads", ...more }];
  }
}

let api: FakeApi;
let clock: FakeClock;
let statements: Statements;
beforeEach(() => {
  api = new FakeApi();
  clock = new FakeClock(now);
  statements = new Statements(api, clock);
});

/** Each fact in a line: title, detail, whose words, where they stand, how old they are. */
async function said(pod: Pod): Promise<readonly string[]> {
  await statements.read(pod);
  return statements.of(pod).map((one) => {
    const { title, detail, by, source, at } = one;
    const age = at === undefined ? [] : [sentenceText([{ since: at }], now)];
    return [title, sentenceText(detail, now), by, source, ...age].filter((part) => part !== undefined).join(" | ");
  });
}

const event = (name: string, fields: object): KubeObject => ({ metadata: { name, namespace: "default" }, ...fields });

describe("events about a pod", () => {
  const web = aPod("web");

  it("what autoscalers say is told with what it means, the newest of each reason", async () => {
    const scaler = { deprecatedSource: { component: "cluster-autoscaler" } };
    api.objects["events"] = [
      event("a", { reason: "NotTriggerScaleUp", note: "old", ...scaler, deprecatedLastTimestamp: before(60_000) }),
      event("b", {
        reason: "NotTriggerScaleUp",
        note: "pod didn't trigger scale-up: 1 max node group size reached",
        ...scaler,
        deprecatedLastTimestamp: before(9_000),
        deprecatedCount: 14,
      }),
      event("c", {
        reason: "FailedScheduling",
        type: "Warning",
        reportingController: "karpenter",
        note: 'incompatible with nodepool "default"',
        eventTime: before(30_000),
      }),
    ];
    expect(await said(web)).toEqual([
      "cluster-autoscaler: no node would help | pod didn't trigger scale-up: 1 max node group size reached | cluster-autoscaler | event NotTriggerScaleUp, 14 times | 9.0 s",
      'Karpenter: no node of its pools would help | incompatible with nodepool "default" | Karpenter | event FailedScheduling | 30 s',
    ]);
  });

  it("its own scheduler is heard elsewhere, and of all others only warnings are told", async () => {
    api.objects["events"] = [
      event("a", { reason: "FailedScheduling", type: "Warning", reportingController: "default-scheduler", note: "no" }),
      event("b", { reason: "Pulled", type: "Normal", reportingController: "kubelet", note: "pulled" }),
      event("c", { reason: "FailedMount", type: "Warning", source: { component: "kubelet" }, message: "no volume" }),
    ];
    expect(await said(web)).toEqual(["kubelet: FailedMount | no volume | kubelet | event FailedMount | 0.0 s"]);
  });

  it("a right that is missing is named", async () => {
    api.errors["events"] = apiStatusError({ kind: "Status", code: 403 }, 403);
    expect(await said(web)).toEqual([
      "What others say of it is not known | Events in default cannot be listed: grant list on events.events.k8s.io (deploy/reader.yaml).",
    ]);
  });

  it("are asked for once in ten seconds while somebody looks; what fails leaves what was known", async () => {
    api.objects["events"] = [event("a", { reason: "Nominated", reportingController: "karpenter", note: "on: n-1" })];
    const first = await said(web);
    expect(await said(web)).toEqual(first);
    expect(api.asked).toEqual(["v1/events"]);
    await clock.advance(10_000);
    api.errors["events"] = new ConnectionError("closed", "cancelled");
    expect((await said(web))[0]).toContain("Karpenter: a node is on its way");
    expect(api.asked).toEqual(["v1/events", "v1/events"]);
  });

  it("a server that does not answer is waited for three seconds", async () => {
    const slow: StatementsTransport = {
      discover: () => new Promise(() => {}),
      listerWatcher: () => ({
        list: (_options, signal) =>
          new Promise((_resolve, reject) => {
            signal.addEventListener("abort", () => reject(new ConnectionError("closed", "cancelled")), { once: true });
          }),
        watch: () => Promise.reject(new Error("nothing is watched here")),
      }),
    };
    statements = new Statements(slow, clock);
    const read = statements.read(web);
    await clock.advance(3_000);
    await read;
    expect(statements.of(web)).toEqual([]);
  });
});

describe("Kueue", () => {
  const gates = ["kueue.x-k8s.io/admission"];
  const held = aPod("train", { gates, labels: { "kueue.x-k8s.io/queue-name": "training" } });
  const admitted = aPod("train", { labels: { "kueue.x-k8s.io/queue-name": "training" } });
  const owner = { apiVersion: "v1", kind: "Pod", name: "train", uid: "uid-train" };
  const workload = (status: object, more: object = {}): Workload => ({
    metadata: { name: "pod-train-1", namespace: "default", ownerReferences: [owner] },
    spec: { queueName: "training", ...more },
    status,
  });
  const condition = (type: string, status: "True" | "False", message: string, reason = "Pending") => ({
    type,
    status,
    reason,
    message,
    lastTransitionTime: before(125_000),
  });
  const queue = (status: object): LocalQueue => ({
    metadata: { name: "training", namespace: "default" },
    spec: { clusterQueue: "gpu" },
    status,
  });

  it("nothing is asked of it for a pod that is not its own", async () => {
    api.kueueVersion = "v1beta2";
    expect(await said(aPod("web"))).toEqual([]);
    expect(api.asked).toEqual(["v1/events"]);
  });

  it.each(["v1beta1", "v1beta2"])("says what it waits for, read in the version that is served: %s", async (version) => {
    api.kueueVersion = version;
    const why = "couldn't assign flavors to pod set main: insufficient unused quota for cpu, 2 more needed";
    api.objects["workloads"] = [workload({ conditions: [condition("QuotaReserved", "False", why)] })];
    api.objects["localqueues"] = [queue({ pendingWorkloads: 3 })];
    expect(await said(held)).toEqual([
      `Kueue waits for quota | ${why} | Kueue | Workload pod-train-1, QuotaReserved | 2m 05s`,
      "In Kueue's queue training | It feeds cluster queue gpu. 3 Workloads wait in it. | Kueue | LocalQueue training",
    ]);
    expect(api.asked).toContain(`${version}/workloads labelled`);
  });

  const reserved = condition("QuotaReserved", "True", "Quota reserved in ClusterQueue gpu");
  const admission = { clusterQueue: "gpu", podSetAssignments: [{ flavors: { cpu: "default", memory: "default" } }] };
  it.each([
    [
      "checks that are not ready",
      held,
      workload({ conditions: [reserved], admissionChecks: [{ name: "budget", state: "Pending", message: "asking" }] }),
      "Kueue has its quota, and waits for checks | budget is Pending (asking).",
    ],
    [
      "an eviction, and when it is queued again",
      held,
      workload({
        conditions: [
          condition("QuotaReserved", "False", "Preempted"),
          condition("Evicted", "True", "Preempted to accommodate a higher priority Workload", "Preempted"),
        ],
        requeueState: { count: 2 },
      }),
      "Kueue evicted it: Preempted | Preempted to accommodate a higher priority Workload",
    ],
    [
      "that somebody took it out",
      held,
      workload({ conditions: [] }, { active: false }),
      "Kueue: its Workload is deactivated",
    ],
    [
      "that it is admitted, and the gate stays",
      held,
      workload({ conditions: [reserved, condition("Admitted", "True", "")], admission }),
      "Kueue admitted it, the gate is still there | Into cluster queue gpu, flavors cpu default, memory default.",
    ],
    [
      "that it waits for pods which do not get ready",
      admitted,
      workload({
        conditions: [
          reserved,
          condition("Admitted", "True", ""),
          condition("PodsReady", "False", "Not all pods are ready"),
        ],
        admission,
      }),
      "flavors cpu default, memory default. It waits for its pods: Not all pods are ready",
    ],
  ])("tells %s", async (_what, pod, object, expected) => {
    api.kueueVersion = "v1beta2";
    api.objects["workloads"] = [object];
    const [first] = await said(pod);
    expect(first).toContain(expected);
  });

  it("a pod of a Job has that Job's Workload, of several the one that is not finished", async () => {
    api.kueueVersion = "v1beta2";
    const job = { apiVersion: "batch/v1", kind: "Job", name: "etl", uid: "uid-job" };
    const labels = { "kueue.x-k8s.io/job-uid": "uid-job" };
    const ofJob = (name: string, status: object) => ({ metadata: { name, namespace: "default", labels }, status });
    api.objects["workloads"] = [
      ofJob("old", { conditions: [condition("Finished", "True", "done")] }),
      ofJob("new", { conditions: [reserved, condition("Admitted", "True", "")], admission }),
      ofJob("another's", {}),
    ].map((one, index) => (index < 2 ? one : { ...one, metadata: { ...one.metadata, labels: {} } }));
    const pod = aPod("etl-1");
    expect(await said({ ...pod, metadata: { ...pod.metadata, ownerReferences: [job] } })).toEqual([
      "Kueue admitted it | Into cluster queue gpu, flavors cpu default, memory default. | Kueue | Workload new, Admitted | 2m 05s",
    ]);
  });

  it("a queue that is not there, or not active, is told", async () => {
    api.kueueVersion = "v1beta2";
    expect((await said(held))[1]).toContain("Kueue has no local queue training | There is none in default");
    await clock.advance(10_000);
    const stopped = condition(
      "Active",
      "False",
      "Can't submit new workloads to clusterQueue",
      "ClusterQueueIsInactive",
    );
    api.objects["localqueues"] = [queue({ conditions: [stopped] })];
    expect((await said(held))[1]).toContain("Kueue's queue training is not active | It feeds cluster queue gpu: Can't");
  });

  it.each([
    ["has no Workload yet", () => (api.kueueVersion = "v1beta2"), "No Workload in default is its own"],
    ["is gone, but its gate is not", () => (api.kueueVersion = undefined), "nobody takes the gate away"],
    [
      "may not be read",
      () => {
        api.kueueVersion = "v1beta2";
        api.errors["workloads"] = apiStatusError({ kind: "Status", code: 403 }, 403);
      },
      "cannot be read: grant list on workloads and localqueues of kueue.x-k8s.io (deploy/reader.yaml)",
    ],
  ])("a pod whose Workload %s says so, and is no error", async (_what, prepare, expected) => {
    prepare();
    const [first] = await said(held);
    expect(first).toContain(
      "Managed by Kueue | Kueue's gate holds it: it waits to be admitted from local queue training.",
    );
    expect(first).toContain(expected);
  });
});
