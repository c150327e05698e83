import {
  actionType,
  eventLabel,
  nodeChanges,
  podChanges,
  podUid,
  type ActionType,
  type ClusterEvent,
  type EventResource,
  type KubeObject,
  type Node,
  type Pod,
  type PodUid,
} from "#lib/kube/index.ts";
import type { PriorityQueue } from "#lib/queue/index.ts";
import type { ClusterCache } from "./cluster-cache.ts";
import type { ObjectStore } from "./object-store.ts";
import { isAssigned, isTerminal, nominatedNodeName, priorityOf } from "./pod-info.ts";
import { isResponsibleFor } from "./responsibility.ts";

/** The part of the queue that informers move. */
export type InformedQueue = Pick<PriorityQueue, "add" | "update" | "delete" | "moveAllToActiveOrBackoffQueue">;

/** An object that was missing from a list: nobody saw how it ended. */
interface FinalStateUnknown<T> {
  readonly deletedFinalStateUnknown: true;
  readonly object: T;
}

/** What an informer tells. Every method is done when it returns. */
export interface PipelineHandler<T> {
  onAdd(object: T): void;
  onUpdate(old: T, updated: T): void;
  onDelete(deleted: T | FinalStateUnknown<T>): void;
}

export interface EventPipelineOptions {
  readonly cache: ClusterCache;
  readonly queue: InformedQueue;
  /** Pods of other schedulers never enter the queue. */
  readonly schedulerNames: ReadonlySet<string>;
  /** Turns a pod away that waits on Permit; false if it does not wait. */
  readonly rejectWaitingPod?: (uid: PodUid) => boolean;
}

/** Hears of every event that the queue is told of, before it is told. */
export type MoveObserver = (event: ClusterEvent, old: KubeObject | undefined, updated: KubeObject | undefined) => void;

const assignedPodDelete = { resource: "AssignedPod", actionType: actionType.Delete } as const;

/**
 * Turns what informers say into cluster events and calls of the queue. The cache is changed before the queue is told,
 * so that hints and the attempts they cause see the new state; only a node that goes is told of first.
 * Upstream: `pkg/scheduler/eventhandlers.go`.
 */
export class EventPipeline {
  readonly #cache: ClusterCache;
  readonly #queue: InformedQueue;
  readonly #schedulerNames: ReadonlySet<string>;
  readonly #rejectWaitingPod: (uid: PodUid) => boolean;
  readonly #handled = new Map<string, number>();
  readonly #observers = new Map<object, MoveObserver>();

  readonly pods: PipelineHandler<Pod>;
  readonly nodes: PipelineHandler<Node>;
  /** By the resource's name in cluster events. Namespaces have none: they move nobody, but are looked up. */
  readonly others: ReadonlyMap<string, PipelineHandler<KubeObject>>;

  constructor(options: EventPipelineOptions) {
    const { cache } = options;
    this.#cache = cache;
    this.#queue = options.queue;
    this.#schedulerNames = options.schedulerNames;
    this.#rejectWaitingPod = options.rejectWaitingPod ?? (() => false);
    this.pods = {
      onAdd: (pod) => this.#addPod(pod),
      onUpdate: (old, updated) => this.#updatePod(old, updated),
      onDelete: (deleted) => {
        if ("deletedFinalStateUnknown" in deleted) this.#deleteVanishedPod(deleted.object);
        else this.#deletePod(deleted);
      },
    };
    this.nodes = {
      onAdd: (node) => {
        cache.addNode(node);
        this.#move("Node", actionType.Add, undefined, node);
      },
      onUpdate: (old, node) => {
        cache.updateNode(node);
        for (const change of nodeChanges(old, node)) this.#move("Node", change, old, node);
      },
      onDelete: (deleted) => {
        const node = stateOf(deleted);
        this.#move("Node", actionType.Delete, node, undefined);
        cache.removeNode(node);
      },
    };
    const { Add, Update, Delete } = actionType;
    this.others = new Map([
      this.#other("PersistentVolume", cache.persistentVolumes, [Add, Update]),
      this.#other("PersistentVolumeClaim", cache.persistentVolumeClaims, [Add, Update]),
      this.#other("storage.k8s.io/StorageClass", cache.storageClasses, [Add, Update]),
      this.#other("storage.k8s.io/CSINode", cache.csiNodes, [Add, Update]),
      this.#other("storage.k8s.io/CSIStorageCapacity", cache.csiStorageCapacities, [Add, Update]),
      this.#other("storage.k8s.io/CSIDriver", cache.csiDrivers, [Update]),
      this.#other("storage.k8s.io/VolumeAttachment", cache.volumeAttachments, [Delete]),
      this.#other("resource.k8s.io/ResourceClaim", cache.resourceClaims, [Add, Update]),
      this.#other("resource.k8s.io/ResourceSlice", cache.resourceSlices, [Add, Update]),
      this.#other("resource.k8s.io/DeviceClass", cache.deviceClasses, [Add, Update]),
      this.#other("Namespace", cache.namespaces, []),
    ]);
  }

  /** Each call is a new registration. Returns what undoes it; undoing twice is harmless. */
  observe(observer: MoveObserver): () => void {
    const registration = {};
    this.#observers.set(registration, observer);
    return () => void this.#observers.delete(registration);
  }

  /**
   * How often each kind of event was handled, by label: what upstream counts in
   * `scheduler_event_handling_duration_seconds`, with its peculiarities.
   */
  get handledEvents(): ReadonlyMap<string, number> {
    return this.#handled;
  }

  // Pods. One that ended looks like one that was deleted: kube-scheduler does not even list it.

  #addPod(pod: Pod): void {
    if (isTerminal(pod)) return;
    this.#cache.pods.set(pod);
    if (isAssigned(pod)) {
      this.#cache.addPod(pod);
      this.#move("AssignedPod", actionType.Add, undefined, pod);
    } else if (this.#isOurs(pod)) {
      this.#count("UnschedulablePod", actionType.Add);
      this.#queue.add(pod);
    }
  }

  #updatePod(old: Pod, updated: Pod): void {
    if (isTerminal(old) || podUid(old) !== podUid(updated)) {
      if (!isTerminal(old)) this.#deletePod(old);
      this.#addPod(updated);
      return;
    }
    if (isTerminal(updated)) {
      this.#deletePod(old);
      return;
    }
    this.#cache.pods.set(updated);
    if (isAssigned(old)) this.#updateAssignedPod(old, updated);
    else if (isAssigned(updated)) this.#bindPod(old, updated);
    else if (this.#isOurs(updated)) this.#updateUnassignedPod(old, updated);
  }

  #updateAssignedPod(old: Pod, updated: Pod): void {
    this.#cache.updatePod(updated);
    // Kept oddity: an update that is nothing special is counted twice.
    this.#count("AssignedPod", actionType.Update);
    for (const change of podChanges(old, updated)) this.#move("AssignedPod", change, old, updated);
  }

  #bindPod(old: Pod, updated: Pod): void {
    this.#cache.addPod(updated);
    this.#move("AssignedPod", actionType.Add, undefined, updated);
    if (!this.#isOurs(old)) return;
    this.#count("UnschedulablePod", actionType.Delete);
    this.#queue.delete(old);
  }

  #updateUnassignedPod(old: Pod, updated: Pod): void {
    if (old.metadata.resourceVersion === updated.metadata.resourceVersion) return;
    this.#count("UnschedulablePod", actionType.Update);
    for (const change of podChanges(old, updated)) {
      if (change !== actionType.Update) this.#count("UnschedulablePod", change);
    }
    const uid = podUid(updated);
    if (this.#cache.isAssumed(uid)) {
      const isDeletionNew =
        old.metadata.deletionTimestamp === undefined && updated.metadata.deletionTimestamp !== undefined;
      if (isDeletionNew) this.#deleteAssumedPod(uid);
      return;
    }
    this.#queue.update(old, updated);
    // Kept oddity: the pod itself may be moved by losing its own nomination.
    if (nominatedNodeName(old) !== "" && nominatedNodeName(old) !== nominatedNodeName(updated)) this.#moveUpTo(old);
  }

  #deletePod(pod: Pod): void {
    this.#cache.pods.delete(pod);
    if (isAssigned(pod)) this.#deleteAssignedPod(pod);
    else if (this.#isOurs(pod)) this.#deleteUnassignedPod(pod);
  }

  /** It may have been bound since it was last seen, so both are told. */
  #deleteVanishedPod(pod: Pod): void {
    if (isTerminal(pod)) return;
    this.#cache.pods.delete(pod);
    this.#deleteAssignedPod(pod);
    if (this.#isOurs(pod)) this.#deleteUnassignedPod(pod);
  }

  #deleteAssignedPod(pod: Pod): void {
    if (isAssigned(pod)) this.#cache.removePod(pod);
    this.#move("AssignedPod", actionType.Delete, pod, undefined);
  }

  #deleteUnassignedPod(pod: Pod): void {
    this.#count("UnschedulablePod", actionType.Delete);
    this.#queue.delete(pod);
    if (this.#cache.isAssumed(podUid(pod))) this.#deleteAssumedPod(podUid(pod));
    else if (nominatedNodeName(pod) !== "") this.#moveUpTo(pod);
  }

  /** While it waits on Permit the binding cycle puts things right; otherwise it is done here. */
  #deleteAssumedPod(uid: PodUid): void {
    if (this.#rejectWaitingPod(uid)) return;
    const assumed = this.#cache.pod(uid);
    this.#cache.forgetPod(uid);
    if (assumed !== undefined) this.#tell(assignedPodDelete, assumed, undefined);
  }

  /** A nomination ended: room for pods that are not more important than the one that had it. */
  #moveUpTo(pod: Pod): void {
    const priority = priorityOf(pod);
    this.#tell(assignedPodDelete, pod, undefined, (other) => priorityOf(other) <= priority);
  }

  #isOurs(pod: Pod): boolean {
    return isResponsibleFor(this.#schedulerNames, pod);
  }

  // Everything else.

  /** Only the actions that some plugin registered are told; the rest just changes what can be looked up. */
  #other<T extends KubeObject>(
    resource: EventResource,
    store: ObjectStore<T>,
    told: readonly ActionType[],
  ): [string, PipelineHandler<KubeObject>] {
    const tell = (action: ActionType, old: KubeObject | undefined, updated: KubeObject | undefined): void => {
      if (told.includes(action)) this.#move(resource, action, old, updated);
    };
    return [
      resource,
      {
        onAdd: (object) => {
          store.set(object as T);
          tell(actionType.Add, undefined, object);
        },
        onUpdate: (old, object) => {
          store.set(object as T);
          tell(actionType.Update, old, object);
        },
        onDelete: (deleted) => {
          const object = stateOf(deleted);
          store.delete(object as T);
          tell(actionType.Delete, object, undefined);
        },
      },
    ];
  }

  #move(
    resource: EventResource,
    action: ActionType,
    old: KubeObject | undefined,
    updated: KubeObject | undefined,
  ): void {
    this.#count(resource, action);
    this.#tell({ resource, actionType: action }, old, updated);
  }

  #tell(
    event: ClusterEvent,
    old: KubeObject | undefined,
    updated: KubeObject | undefined,
    preCheck?: (pod: Pod) => boolean,
  ): void {
    for (const observer of this.#observers.values()) observer(event, old, updated);
    this.#queue.moveAllToActiveOrBackoffQueue(event, old, updated, preCheck);
  }

  #count(resource: EventResource, action: ActionType): void {
    const label = eventLabel({ resource, actionType: action });
    this.#handled.set(label, (this.#handled.get(label) ?? 0) + 1);
  }
}

function stateOf<T extends KubeObject>(deleted: T | FinalStateUnknown<T>): T {
  return "deletedFinalStateUnknown" in deleted ? deleted.object : deleted;
}
