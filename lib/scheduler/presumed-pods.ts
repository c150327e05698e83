import type { Labels, Pod, PodUid } from "#lib/kube/index.ts";
import type { NodeInfo } from "./node-info.ts";
import { PodInfo } from "./pod-info.ts";
import type { Snapshot } from "./snapshot.ts";

interface Crowded {
  readonly of: NodeInfo;
  /** Of the node when it was copied. */
  readonly generation: number;
  readonly copy: NodeInfo;
}

/**
 * What is known, with the pods on it that somebody else's scheduler has probably placed and not bound yet: it counts them
 * itself, and nobody can see it. What is known is not touched, since it is looked at by others who must not see a guess.
 * Upstream: assumed pods, `AssumePod`.
 */
export class PresumedPods implements Snapshot {
  readonly #known: Snapshot;
  readonly #nodes = new Map<PodUid, string>();
  readonly #pods = new Map<string, Map<PodUid, PodInfo>>();
  /** Copies with their presumed pods, as long as neither changes. */
  readonly #crowded = new Map<string, Crowded>();
  #revision = 0;

  constructor(known: Snapshot) {
    this.#known = known;
  }

  get size(): number {
    return this.#nodes.size;
  }

  /** Grows with every presumption that comes or goes. */
  get revision(): number {
    return this.#revision;
  }

  presume(pod: Pod, node: string): void {
    const placed = new PodInfo({ ...pod, spec: { ...pod.spec, nodeName: node } });
    this.forget(placed.uid);
    this.#revision++;
    this.#nodes.set(placed.uid, node);
    const pods = this.#pods.get(node);
    if (pods === undefined) this.#pods.set(node, new Map([[placed.uid, placed]]));
    else pods.set(placed.uid, placed);
    this.#crowded.delete(node);
  }

  /** No-op for a pod that is not presumed anywhere. */
  forget(uid: PodUid): void {
    const node = this.#nodes.get(uid);
    if (node === undefined) return;
    this.#revision++;
    this.#nodes.delete(uid);
    this.#crowded.delete(node);
    const pods = this.#pods.get(node);
    pods?.delete(uid);
    if (pods?.size === 0) this.#pods.delete(node);
  }

  get persistentVolumeClaims() {
    return this.#known.persistentVolumeClaims;
  }
  get persistentVolumes() {
    return this.#known.persistentVolumes;
  }
  get storageClasses() {
    return this.#known.storageClasses;
  }
  get csiNodes() {
    return this.#known.csiNodes;
  }
  get csiDrivers() {
    return this.#known.csiDrivers;
  }
  get csiStorageCapacities() {
    return this.#known.csiStorageCapacities;
  }
  get volumeAttachments() {
    return this.#known.volumeAttachments;
  }
  get deviceClasses() {
    return this.#known.deviceClasses;
  }
  get resourceClaims() {
    return this.#known.resourceClaims;
  }
  get resourceSlices() {
    return this.#known.resourceSlices;
  }
  get namespaces() {
    return this.#known.namespaces;
  }
  get nodeCount(): number {
    return this.#known.nodeCount;
  }

  *nodes(): IterableIterator<NodeInfo> {
    for (const node of this.#known.nodes()) yield this.#withPresumed(node);
  }

  node(name: string): NodeInfo | undefined {
    const node = this.#known.node(name);
    return node === undefined ? undefined : this.#withPresumed(node);
  }

  *nodesWithRequiredAntiAffinity(): IterableIterator<NodeInfo> {
    const told = new Set<string>();
    for (const { name } of this.#known.nodesWithRequiredAntiAffinity()) told.add(name);
    for (const name of this.#pods.keys()) told.add(name);
    for (const name of told) {
      const node = this.node(name);
      if (node?.hasRequiredAntiAffinity === true) yield node;
    }
  }

  namespaceLabels(namespace: string): Labels | undefined {
    return this.#known.namespaceLabels(namespace);
  }

  isClaimUsed(claimKey: string): boolean {
    if (this.#known.isClaimUsed(claimKey)) return true;
    for (const name of this.#pods.keys()) if (this.node(name)?.usesClaim(claimKey) === true) return true;
    return false;
  }

  #withPresumed(node: NodeInfo): NodeInfo {
    const pods = this.#pods.get(node.name);
    if (pods === undefined) return node;
    const { generation } = node;
    const made = this.#crowded.get(node.name);
    if (made?.of === node && made.generation === generation) return made.copy;
    const copy = node.clone();
    // One that has turned up meanwhile, here or elsewhere, is counted by its own word.
    for (const pod of pods.values()) copy.addPod(pod);
    this.#crowded.set(node.name, { of: node, generation, copy });
    return copy;
  }
}
