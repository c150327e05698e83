import {
  podUid,
  semanticallyEqual,
  type CsiDriver,
  type CsiNode,
  type CsiStorageCapacity,
  type DeviceClass,
  type KubeObject,
  type Labels,
  type Node,
  type PersistentVolume,
  type PersistentVolumeClaim,
  type Pod,
  type PodUid,
  type ResourceClaim,
  type ResourceSlice,
  type StorageClass,
  type VolumeAttachment,
} from "#lib/kube/index.ts";
import { NodeInfo } from "./node-info.ts";
import { ObjectStore } from "./object-store.ts";
import { PodInfo } from "./pod-info.ts";
import type { Snapshot } from "./snapshot.ts";

export class NotAssumedError extends Error {
  override readonly name = "NotAssumedError";
  constructor(uid: PodUid) {
    super(`pod ${uid} is not assumed: only a pod that assumePod() put on a node can be forgotten`);
  }
}

/** Counts that grow with every change: what was worked out before is old if the one it rests on has grown. */
export interface CacheVersions {
  /** Nodes and the pods on them. */
  readonly placed: number;
  /** What may concern other nodes, too: which pods are where, which nodes there are, their labels and taints. */
  readonly surroundings: number;
  /** Pods with required anti-affinity, and the nodes they are on. */
  readonly antiAffinity: number;
  /** Claims, volumes, classes, namespaces and the rest. */
  readonly others: number;
}

/**
 * Nodes with the pods on them: those the API knows, and those that are assumed, whose binding is still on its way.
 * Upstream: `pkg/scheduler/backend/cache`.
 */
export class ClusterCache implements Snapshot {
  readonly persistentVolumeClaims = new ObjectStore<PersistentVolumeClaim>();
  readonly persistentVolumes = new ObjectStore<PersistentVolume>();
  readonly storageClasses = new ObjectStore<StorageClass>();
  readonly csiNodes = new ObjectStore<CsiNode>();
  readonly csiDrivers = new ObjectStore<CsiDriver>();
  readonly csiStorageCapacities = new ObjectStore<CsiStorageCapacity>();
  readonly volumeAttachments = new ObjectStore<VolumeAttachment>();
  readonly deviceClasses = new ObjectStore<DeviceClass>();
  readonly resourceClaims = new ObjectStore<ResourceClaim>();
  readonly resourceSlices = new ObjectStore<ResourceSlice>();
  readonly namespaces = new ObjectStore<KubeObject>();
  /** Every pod that has not ended, by key, as the API knows it: what upstream asks its pod lister for. */
  readonly pods = new ObjectStore<Pod>();

  readonly #stores: readonly { clear(): void }[] = [
    this.persistentVolumeClaims,
    this.persistentVolumes,
    this.storageClasses,
    this.csiNodes,
    this.csiDrivers,
    this.csiStorageCapacities,
    this.volumeAttachments,
    this.deviceClasses,
    this.resourceClaims,
    this.resourceSlices,
    this.namespaces,
    this.pods,
  ];
  /** Also nodes that only pods name: their pods wait here until the node is seen. */
  readonly #nodes = new Map<string, NodeInfo>();
  readonly #nodesWithAntiAffinity = new Set<NodeInfo>();
  readonly #placed = new Map<PodUid, PodInfo>();
  readonly #assumed = new Set<PodUid>();
  #nodeCount = 0;
  #placedChanges = 0;
  #surroundingsChanges = 0;
  #antiAffinityChanges = 0;
  readonly #observers = new Map<object, (node: NodeInfo) => void>();

  get versions(): CacheVersions {
    const stores = [
      this.persistentVolumeClaims,
      this.persistentVolumes,
      this.storageClasses,
      this.csiNodes,
      this.csiDrivers,
      this.csiStorageCapacities,
      this.volumeAttachments,
      this.deviceClasses,
      this.resourceClaims,
      this.resourceSlices,
      this.namespaces,
    ];
    return {
      placed: this.#placedChanges,
      surroundings: this.#surroundingsChanges,
      antiAffinity: this.#antiAffinityChanges,
      others: stores.reduce((sum, { version }) => sum + version, 0),
    };
  }

  /**
   * Told of a node after every change of it or of its pods. Each call is a new registration. Returns what undoes it;
   * undoing twice is harmless.
   */
  observe(observer: (node: NodeInfo) => void): () => void {
    const registration = {};
    this.#observers.set(registration, observer);
    return () => void this.#observers.delete(registration);
  }

  get nodeCount(): number {
    return this.#nodeCount;
  }

  get podCount(): number {
    return this.#placed.size;
  }

  get assumedPodCount(): number {
    return this.#assumed.size;
  }

  *nodes(): IterableIterator<NodeInfo> {
    for (const info of this.#nodes.values()) if (info.node !== undefined) yield info;
  }

  node(name: string): NodeInfo | undefined {
    const info = this.#nodes.get(name);
    return info?.node === undefined ? undefined : info;
  }

  *nodesWithRequiredAntiAffinity(): IterableIterator<NodeInfo> {
    for (const info of this.#nodesWithAntiAffinity) if (info.node !== undefined) yield info;
  }

  namespaceLabels(namespace: string): Labels | undefined {
    return this.namespaces.get(namespace)?.metadata.labels;
  }

  isClaimUsed(claimKey: string): boolean {
    for (const info of this.nodes()) if (info.usesClaim(claimKey)) return true;
    return false;
  }

  /** The pod as it counts on its node; `undefined` for one that has none. */
  pod(uid: PodUid): Pod | undefined {
    return this.#placed.get(uid)?.pod;
  }

  isAssumed(uid: PodUid): boolean {
    return this.#assumed.has(uid);
  }

  addNode(node: Node): void {
    const info = this.#infoOf(node.metadata.name ?? "");
    const isSeenAround = info.node === undefined || isSeenAroundIn(info.node, node);
    if (info.node === undefined) this.#nodeCount++;
    info.setNode(node);
    if (isSeenAround) this.#noteSurroundings(info.hasRequiredAntiAffinity);
    this.#noteChange(info);
  }

  updateNode(node: Node): void {
    this.addNode(node);
  }

  /** Its pods stay: their own deletions may come later. */
  removeNode(node: Node): void {
    const info = this.#nodes.get(node.metadata.name ?? "");
    if (info?.node === undefined) return;
    this.#nodeCount--;
    info.removeNode();
    this.#noteSurroundings(info.hasRequiredAntiAffinity);
    this.#noteChange(info);
    this.#dropIfVoid(info);
  }

  /** A pod that has a node. Confirms an assumed one, wherever it turns out to be. */
  addPod(pod: Pod): void {
    this.#assumed.delete(podUid(pod));
    this.#place(new PodInfo(pod));
  }

  updatePod(pod: Pod): void {
    this.addPod(pod);
  }

  removePod(pod: Pod): void {
    this.#assumed.delete(podUid(pod));
    this.#displace(podUid(pod));
  }

  /** Counts the pod on the node from now on, ahead of the API. */
  assumePod(pod: Pod): void {
    this.#assumed.add(podUid(pod));
    this.#place(new PodInfo(pod));
  }

  /** @throws NotAssumedError */
  forgetPod(uid: PodUid): void {
    if (!this.#assumed.delete(uid)) throw new NotAssumedError(uid);
    this.#displace(uid);
  }

  /** Pods that count on their node ahead of the API. */
  assumedPods(): readonly Pod[] {
    return [...this.#assumed].flatMap((uid) => this.pod(uid) ?? []);
  }

  /** Nothing is known any more. */
  clear(): void {
    for (const store of this.#stores) store.clear();
    for (const uid of this.#placed.keys()) this.#displace(uid);
    for (const { node } of this.#nodes.values()) if (node !== undefined) this.removeNode(node);
    this.#assumed.clear();
  }

  #place(info: PodInfo): void {
    this.#displace(info.uid);
    this.#placed.set(info.uid, info);
    const node = this.#infoOf(info.pod.spec?.nodeName ?? "");
    node.addPod(info);
    if (node.hasRequiredAntiAffinity) this.#nodesWithAntiAffinity.add(node);
    this.#noteSurroundings(info.requiredTerms.antiAffinity.length > 0);
    this.#noteChange(node);
  }

  #displace(uid: PodUid): void {
    const present = this.#placed.get(uid);
    if (present === undefined) return;
    this.#placed.delete(uid);
    const node = this.#infoOf(present.pod.spec?.nodeName ?? "");
    node.removePodIfPresent(uid);
    if (!node.hasRequiredAntiAffinity) this.#nodesWithAntiAffinity.delete(node);
    this.#noteSurroundings(present.requiredTerms.antiAffinity.length > 0);
    this.#noteChange(node);
    this.#dropIfVoid(node);
  }

  #noteSurroundings(isAboutAntiAffinity: boolean): void {
    this.#surroundingsChanges++;
    if (isAboutAntiAffinity) this.#antiAffinityChanges++;
  }

  #noteChange(node: NodeInfo): void {
    this.#placedChanges++;
    for (const observer of this.#observers.values()) observer(node);
  }

  #infoOf(name: string): NodeInfo {
    let info = this.#nodes.get(name);
    if (info === undefined) {
      info = new NodeInfo(name);
      this.#nodes.set(name, info);
    }
    return info;
  }

  #dropIfVoid(info: NodeInfo): void {
    if (info.node === undefined && info.podCount === 0) this.#nodes.delete(info.name);
  }
}

/** Of a node that is not the one in question plugins read its labels and taints, its pods, and nothing else. */
function isSeenAroundIn(old: Node, updated: Node): boolean {
  return (
    !semanticallyEqual(old.metadata.labels, updated.metadata.labels) ||
    !semanticallyEqual(old.spec?.taints, updated.spec?.taints)
  );
}
