import {
  matchNothing,
  parseLabelSelector,
  type Labels,
  type Pod,
  type PodAffinityTerm,
  type Selector,
} from "#lib/kube/index.ts";

/** Labels of a namespace; `undefined` for one that is not known. */
export type NamespaceLabels = (namespace: string) => Labels | undefined;

/** One required affinity term, made ready for many pods. Upstream: `framework.AffinityTerm`. */
export interface AffinityTerm {
  readonly namespaces: readonly string[];
  readonly namespaceSelector: Selector;
  readonly selector: Selector;
}

const noTerms: readonly AffinityTerm[] = [];

/** A malformed selector leaves the pod without any term, as upstream does. */
export function requiredAffinityTermsOf(pod: Pod): readonly AffinityTerm[] {
  const terms = pod.spec?.affinity?.podAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
  if (terms === undefined || terms.length === 0) return noTerms;
  try {
    return terms.map((term) => parseTerm(term, pod.metadata.namespace ?? ""));
  } catch {
    return noTerms;
  }
}

/** A term that names no namespaces means its own pod's; an empty selector means all, a missing one none. */
function parseTerm(term: PodAffinityTerm, own: string): AffinityTerm {
  const { namespaces = [], namespaceSelector, labelSelector } = term;
  const isOwnNamespace = namespaces.length === 0 && namespaceSelector === undefined;
  return {
    namespaces: isOwnNamespace ? [own] : namespaces,
    namespaceSelector: namespaceSelector === undefined ? matchNothing : parseLabelSelector(namespaceSelector),
    selector: parseLabelSelector(labelSelector),
  };
}

export function matchesTerm(term: AffinityTerm, pod: Pod, namespaceLabels: NamespaceLabels | undefined): boolean {
  const namespace = pod.metadata.namespace ?? "";
  const isInNamespace =
    term.namespaces.includes(namespace) || term.namespaceSelector.matches(namespaceLabels?.(namespace));
  return isInNamespace && term.selector.matches(pod.metadata.labels);
}
