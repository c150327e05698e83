import { labelValue, parseQuantity, wholeUnits, type Node, type PodUid } from "#lib/kube/index.ts";
import type { PodInfo } from "./pod-info.ts";
import { noResource, resourceOfList, ResourceSum, type Resource } from "./resource.ts";
import { claimKeysOf } from "./pod-volumes.ts";

/**
 * A node with its pods, terminating and assumed ones included, and their sums kept up to date as they come and go.
 * Upstream: `framework.NodeInfo`.
 */
export class NodeInfo {
  readonly name: string;
  #node: Node | undefined;
  #allocatable: Resource = noResource;
  #allowedPods = 0;
  readonly #requested = new ResourceSum();
  readonly #pods = new Map<PodUid, PodInfo>();
  readonly #podsWithRequiredAntiAffinity = new Map<PodUid, PodInfo>();
  readonly #claimUsers = new Map<string, number>();
  #generation = 0;

  constructor(name: string) {
    this.name = name;
  }

  /** Absent while pods name a node that nobody has seen: such a node takes no part in anything. */
  get node(): Node | undefined {
    return this.#node;
  }

  /** Grows with every change of the node or its pods. Upstream: `NodeInfo.Generation`. */
  get generation(): number {
    return this.#generation;
  }

  get allocatable(): Resource {
    return this.#allocatable;
  }

  get allowedPods(): number {
    return this.#allowedPods;
  }

  get requested(): Resource {
    return this.#requested;
  }

  get podCount(): number {
    return this.#pods.size;
  }

  pods(): Iterable<PodInfo> {
    return this.#pods.values();
  }

  get hasRequiredAntiAffinity(): boolean {
    return this.#podsWithRequiredAntiAffinity.size > 0;
  }

  podsWithRequiredAntiAffinity(): Iterable<PodInfo> {
    return this.#podsWithRequiredAntiAffinity.values();
  }

  /** @param claimKey `namespace/name` */
  usesClaim(claimKey: string): boolean {
    return this.#claimUsers.has(claimKey);
  }

  label(key: string): string | undefined {
    return labelValue(this.#node?.metadata.labels, key);
  }

  setNode(node: Node): void {
    this.#generation++;
    this.#node = node;
    this.#allocatable = resourceOfList(node.status?.allocatable);
    this.#allowedPods = wholeUnits(parseQuantity(node.status?.allocatable?.["pods"] ?? "0"));
  }

  removeNode(): void {
    this.#generation++;
    this.#node = undefined;
  }

  addPod(info: PodInfo): void {
    this.removePodIfPresent(info.uid);
    this.#generation++;
    this.#pods.set(info.uid, info);
    if (info.requiredTerms.antiAffinity.length > 0) this.#podsWithRequiredAntiAffinity.set(info.uid, info);
    this.#requested.add(info.requests, 1);
    for (const key of claimKeysOf(info.pod)) this.#claimUsers.set(key, (this.#claimUsers.get(key) ?? 0) + 1);
  }

  removePodIfPresent(uid: PodUid): void {
    const info = this.#pods.get(uid);
    if (info === undefined) return;
    this.#generation++;
    this.#pods.delete(uid);
    this.#podsWithRequiredAntiAffinity.delete(uid);
    this.#requested.add(info.requests, -1);
    for (const key of claimKeysOf(info.pod)) {
      const users = (this.#claimUsers.get(key) ?? 0) - 1;
      if (users <= 0) this.#claimUsers.delete(key);
      else this.#claimUsers.set(key, users);
    }
  }

  /** A node of its own to try things on. */
  clone(): NodeInfo {
    const copy = new NodeInfo(this.name);
    if (this.#node !== undefined) copy.setNode(this.#node);
    for (const info of this.#pods.values()) copy.addPod(info);
    return copy;
  }
}

/** The node as if no pod were on it. */
export function emptyNode(node: Node): NodeInfo {
  const info = new NodeInfo(node.metadata.name ?? "");
  info.setNode(node);
  return info;
}
