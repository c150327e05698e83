import { objectKey, podUid, type ObjectKey, type Pod, type PodUid } from "#lib/kube/index.ts";

/** The informer's cache of pods. `undefined` for a pod it does not know. */
export type PodLister = (key: ObjectKey) => Pod | undefined;

/** What an attempt says about the node a pod is promised. Upstream: `fwk.NominatingInfo`. */
export interface NominatingInfo {
  /** `noop` leaves it to the pod's own status. */
  readonly mode: "noop" | "override";
  /** Empty in `override` takes the nomination away, and files the pod under the node without a name. */
  readonly nominatedNodeName: string;
}

export interface Nomination {
  readonly uid: PodUid;
  readonly key: ObjectKey;
  readonly name: string;
  readonly namespace: string;
}

/** Pods that are promised a node, per node in the order of their nomination. Upstream: `nominator.go`. */
export class Nominator {
  readonly #lister: PodLister | undefined;
  readonly #byNode = new Map<string, Nomination[]>();
  readonly #nodeOf = new Map<PodUid, string>();

  constructor(lister: PodLister | undefined) {
    this.#lister = lister;
  }

  /** Any earlier nomination of the pod goes first. Pods that are gone, or bound by now, are not nominated. */
  addNominatedPod(pod: Pod, info?: NominatingInfo): void {
    this.deleteNominatedPodIfExists(pod);
    const node = info?.mode === "override" ? info.nominatedNodeName : nominatedNodeOf(pod);
    if (node === "" && info?.mode !== "override") return;
    if (this.#lister !== undefined) {
      const cached = this.#lister(objectKey(pod));
      if (cached === undefined || (cached.spec?.nodeName ?? "") !== "") return;
    }
    const nominations = this.#byNode.get(node);
    const nomination = nominationOf(pod);
    this.#nodeOf.set(nomination.uid, node);
    if (nominations === undefined) this.#byNode.set(node, [nomination]);
    else nominations.push(nomination);
  }

  deleteNominatedPodIfExists(pod: Pod): void {
    if (this.#nodeOf.size === 0) return;
    const uid = podUid(pod);
    const node = this.#nodeOf.get(uid);
    if (node === undefined) return;
    this.#nodeOf.delete(uid);
    const left = (this.#byNode.get(node) ?? []).filter((nomination) => nomination.uid !== uid);
    if (left.length === 0) this.#byNode.delete(node);
    else this.#byNode.set(node, left);
  }

  /** Moves the pod to the end of its node's list. A node known only in memory is kept. */
  updateNominatedPod(old: Pod, updated: Pod): void {
    let info: NominatingInfo | undefined;
    if (nominatedNodeOf(old) === "" && nominatedNodeOf(updated) === "") {
      const nominatedNodeName = this.#nodeOf.get(podUid(old));
      if (nominatedNodeName !== undefined) info = { mode: "override", nominatedNodeName };
    }
    this.deleteNominatedPodIfExists(old);
    this.addNominatedPod(updated, info);
  }

  nominatedNode(uid: PodUid): string | undefined {
    return this.#nodeOf.get(uid);
  }

  nominatedPodsForNode(node: string): readonly Nomination[] {
    return this.#byNode.get(node) ?? [];
  }

  /** These instead of what is here, as {@link nodes} gave them. */
  restore(nodes: Iterable<readonly [node: string, nominations: readonly Nomination[]]>): void {
    this.#byNode.clear();
    this.#nodeOf.clear();
    for (const [node, nominations] of nodes) {
      this.#byNode.set(node, [...nominations]);
      for (const { uid } of nominations) this.#nodeOf.set(uid, node);
    }
  }

  nodes(): IterableIterator<[node: string, nominations: readonly Nomination[]]> {
    return this.#byNode.entries();
  }
}

function nominatedNodeOf(pod: Pod): string {
  return pod.status?.nominatedNodeName ?? "";
}

function nominationOf(pod: Pod): Nomination {
  return {
    uid: podUid(pod),
    key: objectKey(pod),
    name: pod.metadata.name ?? "",
    namespace: pod.metadata.namespace ?? "",
  };
}
