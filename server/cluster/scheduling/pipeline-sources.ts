import type { EventHandler, InformerTarget, Registration, SharedIndexInformer } from "#lib/informer/index.ts";
import type { Event, EventResource, KubeObject } from "#lib/kube/index.ts";
import type { PipelineHandler } from "#lib/scheduler/index.ts";
import type { InformerBoard } from "../informer-board.ts";
import type { PipelineHandlers } from "./told-objects.ts";

/** The kinds that kube-scheduler lists, by their name in cluster events. */
const otherResources: ReadonlyMap<string, string> = new Map(
  Object.entries({
    PersistentVolume: "v1/persistentvolumes",
    PersistentVolumeClaim: "v1/persistentvolumeclaims",
    Namespace: "v1/namespaces",
    "storage.k8s.io/StorageClass": "storage.k8s.io/v1/storageclasses",
    "storage.k8s.io/CSINode": "storage.k8s.io/v1/csinodes",
    "storage.k8s.io/CSIDriver": "storage.k8s.io/v1/csidrivers",
    "storage.k8s.io/CSIStorageCapacity": "storage.k8s.io/v1/csistoragecapacities",
    "storage.k8s.io/VolumeAttachment": "storage.k8s.io/v1/volumeattachments",
    "resource.k8s.io/ResourceClaim": "resource.k8s.io/v1/resourceclaims",
    "resource.k8s.io/ResourceSlice": "resource.k8s.io/v1/resourceslices",
    "resource.k8s.io/DeviceClass": "resource.k8s.io/v1/deviceclasses",
  }),
);

const resources: ReadonlyMap<string, string> = new Map([
  ...otherResources,
  ["Node", "v1/nodes"],
  ["AssignedPod", "v1/pods"],
  ["UnschedulablePod", "v1/pods"],
]);

/** The informer whose objects a cluster event is about; `undefined` for an event about nothing in particular. */
export function resourceKeyOfEvent(resource: EventResource): string | undefined {
  return resources.get(resource);
}

const owner = "scheduler";

/** Failed attempts, in the scheduler's own words. */
const failedScheduling = { resource: "events.k8s.io/v1/events", fieldSelector: "reason=FailedScheduling" } as const;

/** Who hears of the cluster: an event pipeline, or somebody who stands before it. */
export interface Fed extends PipelineHandlers {
  readonly events?: PipelineHandler<Event>;
}

/**
 * Registers the event pipeline with an informer for each kind it wants to hear of. Nodes come first, pods last.
 *
 * @returns the registrations, each of which says when it has heard its first list
 */
export function feed(board: InformerBoard, { nodes, others, pods, events }: Fed): readonly Registration[] {
  const sources: (readonly [InformerTarget, string, EventHandler<KubeObject>])[] = [
    [{ resource: "v1/nodes" }, "pipeline.nodes", asHandler(nodes)],
  ];
  for (const [resource, handler] of others) {
    const key = otherResources.get(resource);
    if (key !== undefined)
      sources.push([{ resource: key }, `pipeline.${key.split("/").at(-1) ?? ""}`, asHandler(handler)]);
  }
  if (events !== undefined) sources.push([failedScheduling, "shadow.evidence", asHandler(events)]);
  sources.push([{ resource: "v1/pods" }, "pipeline.pods", asHandler(pods)]);
  return sources.map(([target, name, handler]) => board.addBuiltIn(target, { owner, name, handler }));
}

/** What an informer of one resource delivers are objects of that resource. */
function asHandler<T extends KubeObject>(handler: PipelineHandler<T>): EventHandler<KubeObject> {
  return handler as unknown as EventHandler<KubeObject>;
}

/** The informers that feed a pipeline, as far as they run. */
export function feedingInformers(board: InformerBoard): readonly SharedIndexInformer<KubeObject>[] {
  const keys = new Set(resources.values());
  return board.informers().flatMap(({ key, informer }) => (keys.has(key) ? [informer] : []));
}
