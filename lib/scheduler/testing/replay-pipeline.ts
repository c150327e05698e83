import { actionLabel, eventLabel, objectKey, type KubeObject, type Pod } from "#lib/kube/index.ts";
import type { QueuedPodInfo } from "#lib/queue/index.ts";
import { firstDifference } from "#lib/queue/testing/first-difference.ts";
import type { InformedQueue, PipelineHandler } from "../event-pipeline.ts";
import type { RecordedCall, RecordedPipeline } from "./recorded.ts";
import { TestCluster } from "./test-cluster.ts";

export interface PipelineReplay {
  readonly difference: string | undefined;
  readonly cluster: TestCluster;
}

/** Plays changes of the API through the pipeline and compares the queue's calls and where the pods end up. */
export function replayPipeline(recorded: RecordedPipeline): PipelineReplay {
  const calls: RecordedCall[] = [];
  const objects = versioned(recorded.cluster.pods ?? []);
  const cluster = new TestCluster({ ...recorded.cluster, pods: objects }, { spy: (queue) => spyOn(queue, calls) });
  const known = new Map<string, KubeObject>();
  for (const [list, kind] of Object.entries(kindOfList)) {
    const all: readonly KubeObject[] =
      list === "pods" ? objects : (recorded.cluster[list as keyof typeof kindOfList] ?? []);
    for (const object of all) known.set(`${kind} ${objectKey(object)}`, object);
  }
  const pods = new Map(objects.filter(isUnassigned).map((pod) => [objectKey(pod) as string, pod]));
  const podOf = (key: string): Pod => {
    const pod = pods.get(key);
    if (pod === undefined) throw new Error(`the recording names an unknown pod ${key}`);
    return pod;
  };

  for (const { pod, unschedulablePlugins, pendingPlugins } of recorded.parked ?? []) {
    cluster.fail(cluster.pop(podOf(pod)), unschedulablePlugins, pendingPlugins);
  }
  for (const [key, node] of Object.entries(recorded.assumed ?? {})) {
    const { pod } = cluster.pop(podOf(key));
    cluster.cache.assumePod({ ...pod, spec: { ...pod.spec, nodeName: node } });
  }
  const inFlight = new Map<string, QueuedPodInfo>();
  for (const { pod } of recorded.inFlight ?? []) inFlight.set(pod, cluster.pop(podOf(pod)));

  const actualCalls = recorded.ops.map(({ op, obj }, index) => {
    calls.length = 0;
    const key = `${obj.kind ?? ""} ${objectKey(obj)}`;
    const object = op === "delete" ? (known.get(key) ?? obj) : withVersion(obj, `${1000 + index}`);
    if (obj.kind === "Pod" && isUnassigned(object)) pods.set(objectKey(object), object);
    tell(handlerOf(cluster, obj.kind ?? ""), op, known.get(key), object);
    if (op === "delete") known.delete(key);
    else known.set(key, object);
    return [...calls];
  });
  for (const { pod, unschedulablePlugins, pendingPlugins } of recorded.inFlight ?? []) {
    const info = inFlight.get(pod);
    if (info !== undefined) cluster.fail(info, unschedulablePlugins, pendingPlugins);
  }
  const queues = Object.fromEntries([...pods].map(([key, pod]) => [key, cluster.placeOf(pod)]));
  return { difference: firstDifference(recorded.expect, { calls: actualCalls, queues }), cluster };
}

const kindOfList = {
  nodes: "Node",
  pods: "Pod",
  namespaces: "Namespace",
  pvcs: "PersistentVolumeClaim",
  pvs: "PersistentVolume",
  storageClasses: "StorageClass",
  csiNodes: "CSINode",
  csiDrivers: "CSIDriver",
  csiStorageCapacities: "CSIStorageCapacity",
  volumeAttachments: "VolumeAttachment",
  deviceClasses: "DeviceClass",
  resourceClaims: "ResourceClaim",
} as const;

/** Cluster events name some kinds with their API group. */
const groups: Readonly<Record<string, string>> = {
  StorageClass: "storage.k8s.io/",
  CSINode: "storage.k8s.io/",
  CSIDriver: "storage.k8s.io/",
  CSIStorageCapacity: "storage.k8s.io/",
  VolumeAttachment: "storage.k8s.io/",
  DeviceClass: "resource.k8s.io/",
  ResourceClaim: "resource.k8s.io/",
  ResourceSlice: "resource.k8s.io/",
};

function handlerOf({ pipeline }: TestCluster, kind: string): PipelineHandler<KubeObject> {
  if (kind === "Pod") return pipeline.pods;
  if (kind === "Node") return pipeline.nodes;
  const handler = pipeline.others.get(`${groups[kind] ?? ""}${kind}`);
  if (handler === undefined) throw new Error(`nobody handles ${kind}`);
  return handler;
}

function tell(
  handler: PipelineHandler<KubeObject>,
  op: RecordedPipeline["ops"][number]["op"],
  old: KubeObject | undefined,
  object: KubeObject,
): void {
  if (op === "add") handler.onAdd(object);
  else if (op === "delete") handler.onDelete(object);
  else if (old === undefined) throw new Error(`${objectKey(object)} is updated and was never added`);
  else handler.onUpdate(old, object);
}

function spyOn(queue: InformedQueue, calls: RecordedCall[]): InformedQueue {
  return {
    add: (pod) => {
      calls.push({ call: "Add", new: nameOf(pod, "Pod") });
      queue.add(pod);
    },
    update: (old, updated) => {
      calls.push({ call: "Update", old: nameOf(old, "Pod"), new: nameOf(updated, "Pod") });
      queue.update(old, updated);
    },
    delete: (pod) => {
      calls.push({ call: "Delete", old: nameOf(pod, "Pod") });
      queue.delete(pod);
    },
    moveAllToActiveOrBackoffQueue: (event, old, updated, preCheck) => {
      const { resource, actionType } = event;
      const kind = resource === "AssignedPod" ? "Pod" : resource.replace(/^.*\//, "");
      calls.push({
        call: "MoveAllToActiveOrBackoffQueue",
        event: { label: eventLabel(event), resource, action: actionLabel(actionType) },
        ...(old !== undefined && { old: nameOf(old, kind) }),
        ...(updated !== undefined && { new: nameOf(updated, kind) }),
        ...(preCheck !== undefined && { preCheck: true }),
      });
      queue.moveAllToActiveOrBackoffQueue(event, old, updated, preCheck);
    },
  };
}

function nameOf(object: KubeObject, kind: string): string {
  return `${kind} ${objectKey(object)}`;
}

function isUnassigned(pod: Pod): boolean {
  return (pod.spec?.nodeName ?? "") === "";
}

function versioned(pods: readonly Pod[]): readonly Pod[] {
  return pods.map((pod, index) => withVersion(pod, `${index + 1}`));
}

function withVersion<T extends KubeObject>(object: T, resourceVersion: string): T {
  return { ...object, metadata: { ...object.metadata, resourceVersion } };
}
