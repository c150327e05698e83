import { FakeClock } from "#lib/clock/testing/fake-clock.ts";
import { objectKey, type KubeObject, type Pod } from "#lib/kube/index.ts";
import { PriorityQueue, type QueuedPodInfo } from "#lib/queue/index.ts";
import { ClusterCache } from "../cluster-cache.ts";
import type { SelectorCompiler } from "../devices/index.ts";
import { EventPipeline, type InformedQueue } from "../event-pipeline.ts";
import { defaultProfile, preEnqueuePlugins, queueingHintMap, type Profile } from "../profile.ts";
import { SchedulingLoop } from "../scheduling-loop.ts";
import type { RecordedCluster } from "./recorded.ts";
import { RecordingWriter } from "./recording-writer.ts";

/** A whole second: backoff ends are aligned to them. */
const start = Date.UTC(2026, 0, 1);

const kindsOfLists = {
  namespaces: "Namespace",
  pvcs: "PersistentVolumeClaim",
  pvs: "PersistentVolume",
  storageClasses: "storage.k8s.io/StorageClass",
  csiNodes: "storage.k8s.io/CSINode",
  csiDrivers: "storage.k8s.io/CSIDriver",
  csiStorageCapacities: "storage.k8s.io/CSIStorageCapacity",
  volumeAttachments: "storage.k8s.io/VolumeAttachment",
  deviceClasses: "resource.k8s.io/DeviceClass",
  resourceClaims: "resource.k8s.io/ResourceClaim",
  resourceSlices: "resource.k8s.io/ResourceSlice",
} as const;

export interface TestClusterOptions {
  /** Stands between the pipeline and the queue. */
  readonly spy?: (queue: InformedQueue) => InformedQueue;
  readonly inFlightScheme?: "current" | "historical";
  readonly bindingTimeMs?: number;
  readonly postFilterTimeMs?: number;
  readonly maxInFlight?: number;
  readonly compileSelector?: SelectorCompiler;
}

/** The scheduler's parts joined as in production, on a clock that stands still, each step driven by hand. */
export class TestCluster {
  readonly clock = new FakeClock(start);
  readonly cache = new ClusterCache();
  readonly profile: Profile;
  readonly queue: PriorityQueue;
  readonly pipeline: EventPipeline;
  readonly writer = new RecordingWriter();
  readonly loop: SchedulingLoop;

  constructor(cluster: RecordedCluster = {}, options: TestClusterOptions = {}) {
    const { spy = (queue) => queue, inFlightScheme = "current", bindingTimeMs = 0, postFilterTimeMs = 0 } = options;
    this.profile = defaultProfile(this.cache, options.compileSelector);
    this.queue = new PriorityQueue({
      clock: this.clock,
      queueingHintMap: queueingHintMap([this.profile]),
      preEnqueuePlugins: preEnqueuePlugins([this.profile]),
      podLister: (key) => this.cache.pods.get(key),
      inFlightScheme,
    });
    this.loop = new SchedulingLoop({
      clock: this.clock,
      queue: this.queue,
      cache: this.cache,
      profiles: [this.profile],
      writer: this.writer,
      bindingTimeMs: () => bindingTimeMs,
      postFilterTimeMs: () => postFilterTimeMs,
      ...(options.maxInFlight === undefined ? {} : { maxInFlight: options.maxInFlight }),
    });
    this.pipeline = new EventPipeline({
      cache: this.cache,
      queue: spy(this.queue),
      schedulerNames: new Set([this.profile.schedulerName]),
      rejectWaitingPod: (uid) => this.loop.rejectWaitingPod(uid),
    });
    for (const node of cluster.nodes ?? []) this.pipeline.nodes.onAdd(node);
    for (const [list, resource] of Object.entries(kindsOfLists)) {
      const objects: readonly KubeObject[] = cluster[list as keyof typeof kindsOfLists] ?? [];
      for (const object of objects) this.pipeline.others.get(resource)?.onAdd(object);
    }
    for (const pod of cluster.pods ?? []) this.pipeline.pods.onAdd(pod);
  }

  podByKey(key: string): Pod {
    const pod = this.cache.pods.get(key);
    if (pod === undefined) throw new Error(`there is no pod ${key}`);
    return pod;
  }

  pop(pod: Pod): QueuedPodInfo {
    const info = this.queue.popSpecificPod(pod);
    if (info === undefined) throw new Error(`pod ${objectKey(pod)} cannot be popped`);
    return info;
  }

  /** Puts a popped pod back, rejected by these plugins. */
  fail(info: QueuedPodInfo, unschedulable: readonly string[] = [], pending: readonly string[] = []): void {
    info.clearRejectorPlugins();
    info.unschedulablePlugins = new Set(unschedulable);
    info.pendingPlugins = new Set(pending);
    this.queue.addUnschedulableIfNotPresent(info, this.queue.schedulingCycle);
  }

  /** In the words of the recordings. */
  placeOf(pod: Pod): string {
    const { name = "", namespace = "", uid } = pod.metadata;
    const queued = this.queue.getPod(name, namespace);
    if (queued !== undefined) return queued.place === "errorBackoff" ? "backoff" : queued.place;
    for (const flight of this.queue.view.inFlight.pods()) if (flight.uid === uid) return "inFlight";
    return "none";
  }
}
