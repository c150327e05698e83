import type { Node, Pod, ResourceClaim } from "#lib/kube/index.ts";
import type { NodeInfo } from "../node-info.ts";
import type { PodInfo } from "../pod-info.ts";
import type { Change } from "./patches.ts";

export type NearMissKind =
  | "toleration"
  | "cordon"
  | "label"
  | "selector"
  | "resource"
  | "pods"
  | "spread"
  | "anti-affinity"
  | "port"
  | "volume"
  | "device";

/** Something that may open nodes, and how to try it on copies. */
export interface Proposal {
  readonly kind: NearMissKind;
  /** What it is about, for grouping and wording: a taint, a resource, `key=value`. */
  readonly subject: string;
  /** Nodes that it may open. */
  readonly nodes: readonly NodeInfo[];
  readonly trial: Trial;
  readonly title: string;
  readonly detail: (opened: readonly NodeInfo[]) => string;
  /** For one of the pods that are alike: what stands alone is changed itself. */
  readonly changeFor: (pod: Pod) => Change;
  /** Of a resource: what is missing where. */
  readonly shortfall?: { readonly node: string; readonly resource: string; readonly missing: number };
  /** From 0, nothing, to 1 and beyond: among equals the smaller is better. */
  readonly size: number;
}

export type Trial =
  | {
      readonly kind: "pod";
      readonly pod: Pod;
      /** And nothing else is different. */
      readonly asksForLess?: boolean;
    }
  | { readonly kind: "node"; readonly change: (node: Node) => Node }
  /** These pods leave its node. */
  | { readonly kind: "without"; readonly pods: readonly PodInfo[] }
  /** These claims give their devices back; who used them leaves, if it is on the node. */
  | { readonly kind: "released"; readonly claims: ReadonlySet<ResourceClaim>; readonly pods: readonly PodInfo[] };
