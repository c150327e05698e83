import {
  MalformedSelectorError,
  matchNothing,
  parseLabelSelector,
  type Labels,
  type Pod,
  type PodAffinityTerm,
  type Selector,
} from "#lib/kube/index.ts";

/** A required pod (anti-)affinity term made ready for many pods. Upstream: `framework.AffinityTerm`. */
export interface AffinityTerm {
  readonly topologyKey: string;
  readonly namespaces: ReadonlySet<string>;
  readonly namespaceSelector: Selector;
  readonly selector: Selector;
}

export function termMatches(term: AffinityTerm, pod: Pod, namespaceLabels: Labels | undefined): boolean {
  const isInNamespace =
    term.namespaces.has(pod.metadata.namespace ?? "") || term.namespaceSelector.matches(namespaceLabels);
  return isInNamespace && term.selector.matches(pod.metadata.labels);
}

/** "All" of no terms is false. Upstream: `podMatchesAllAffinityTerms`. */
export function allTermsMatch(terms: readonly AffinityTerm[], pod: Pod): boolean {
  return terms.length > 0 && terms.every((term) => termMatches(term, pod, undefined));
}

export interface RequiredTerms {
  readonly affinity: readonly AffinityTerm[];
  readonly antiAffinity: readonly AffinityTerm[];
  /** What could not be parsed; the terms of that kind are left out. */
  readonly errors: readonly string[];
}

const noTerms: RequiredTerms = { affinity: [], antiAffinity: [], errors: [] };

export function requiredTermsOf(pod: Pod): RequiredTerms {
  const affinity = pod.spec?.affinity?.podAffinity?.requiredDuringSchedulingIgnoredDuringExecution ?? [];
  const antiAffinity = pod.spec?.affinity?.podAntiAffinity?.requiredDuringSchedulingIgnoredDuringExecution ?? [];
  if (affinity.length === 0 && antiAffinity.length === 0) return noTerms;
  const errors: string[] = [];
  const parse = (terms: readonly PodAffinityTerm[], kind: string): readonly AffinityTerm[] => {
    try {
      return terms.map((term) => parseTerm(pod, term));
    } catch (error) {
      if (!(error instanceof MalformedSelectorError)) throw error;
      errors.push(`${kind}: ${error.message}`);
      return [];
    }
  };
  return {
    affinity: parse(affinity, "requiredAffinityTerms"),
    antiAffinity: parse(antiAffinity, "requiredAntiAffinityTerms"),
    errors,
  };
}

/** A term that names no namespaces, in neither way, means the pod's own. */
function parseTerm(pod: Pod, term: PodAffinityTerm): AffinityTerm {
  const listed = term.namespaces ?? [];
  const isOwn = listed.length === 0 && term.namespaceSelector === undefined;
  return {
    topologyKey: term.topologyKey,
    namespaces: new Set(isOwn ? [pod.metadata.namespace ?? ""] : listed),
    namespaceSelector: term.namespaceSelector === undefined ? matchNothing : parseLabelSelector(term.namespaceSelector),
    selector: parseLabelSelector(term.labelSelector),
  };
}
