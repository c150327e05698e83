/** What a row of the table says: what is there, what the verdict is, and what cures it. */
import type { NearMissKind, VerdictCode } from "#lib/protocol/index.ts";

export type Fields = Readonly<Record<string, unknown>>;

/** A call of the API. */
export interface Call {
  readonly method: "POST" | "PATCH" | "PUT" | "DELETE";
  readonly path: string;
  readonly body?: unknown;
  readonly contentType?: string;
}

export interface PoolNode {
  /** `a` of the situation `short` is the node `why-short-a`. */
  readonly name: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly taints?: readonly { readonly key: string; readonly value?: string; readonly effect: string }[];
  /** Over 4 cpu, 8Gi, 10 pods. */
  readonly has?: Readonly<Record<string, string>>;
  readonly isCordoned?: boolean;
  readonly declaredFeatures?: readonly string[];
}

export interface PodShape {
  readonly name: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly owner?: Fields;
  readonly requests?: Readonly<Record<string, string>>;
  readonly container?: Fields;
  readonly spec?: Fields;
}

/** It was put on its node when it was made. */
export interface RunningPod extends PodShape {
  readonly on: string;
  /** Once it runs; `UID` is its own. */
  readonly afterwards?: readonly Call[];
}

export interface Situation {
  readonly name: string;
  readonly code: VerdictCode;
  /** Part of the headline. */
  readonly says: string;
  /** Each with the two labels that the pod selects, so that every other node is two changes away. */
  readonly nodes?: readonly PoolNode[];
  /** In this order, before the pod. */
  readonly objects?: readonly Call[];
  readonly running?: readonly RunningPod[];
  /** `pod`, unless it has another name. */
  readonly pod?: Partial<PodShape>;
  /** It may go to all nodes, not only to those of its own. */
  readonly isFree?: boolean;
  /** What kube-scheduler's words are: that no node fits, an error, that it is held; or it says nothing. */
  readonly hears?: "no node fits" | "an error" | "held" | "nothing" | "bound";
  /** Once kube-scheduler has spoken. */
  readonly afterwards?: readonly Call[];
  /** Titles of facts that are shown. */
  readonly facts?: readonly string[];
  /** The page's own near miss of this kind; else what the API is told instead; else nothing that the page could know. */
  readonly cure:
    | "none"
    /** `afterwards`: what controllers make of it, who are not here. */
    | { readonly nearMiss: NearMissKind; readonly afterwards?: readonly Call[] }
    | { readonly calls: readonly Call[] };
}

export function nodeName(situation: string, node: string): string {
  return `why-${situation}-${node}`;
}

export function namespaceOf(situation: string): string {
  return `why-${situation}`;
}

export const podPath = (situation: string, pod = "pod"): string =>
  `/api/v1/namespaces/${namespaceOf(situation)}/pods/${pod}`;

const mergePatch = "application/merge-patch+json";

export function make(path: string, body: Fields): Call {
  return { method: "POST", path, body };
}

export function merge(path: string, body: Fields): Call {
  return { method: "PATCH", path, body, contentType: mergePatch };
}

/** Labels of the nodes that a situation has for itself. */
export function poolLabels(situation: string): Readonly<Record<string, string>> {
  return { "why/pool": situation, "why/guard": situation };
}

/** The whole pod, as it is sent. */
export function podObject(
  { name, isFree = false }: Pick<Situation, "name" | "isFree">,
  shape: PodShape & { readonly on?: string },
): Fields {
  const { labels = {}, owner, requests = { cpu: "100m" }, container = {}, spec = {}, on } = shape;
  const { nodeSelector = {}, ...others } = spec;
  const selector = { ...(isFree ? {} : poolLabels(name)), ...(nodeSelector as Fields) };
  return {
    metadata: { name: shape.name, labels, ...(owner && { ownerReferences: [owner] }) },
    spec: {
      automountServiceAccountToken: false,
      containers: [{ name: "main", image: "none.invalid/none", resources: { requests }, ...container }],
      ...(on === undefined ? { nodeSelector: selector } : { nodeName: nodeName(name, on) }),
      ...others,
    },
  };
}
