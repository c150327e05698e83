import type { LabelSelectorRequirement, Node, NodeSelector, NodeSelectorTerm, Pod } from "./objects.ts";
import { labelValue, MalformedSelectorError, selectorOf, type Labels } from "./selector.ts";

/**
 * `malformed` says that no term matched and at least one could not be evaluated. A filter takes that for no match, a
 * hint for an error.
 */
export type NodeMatch =
  { readonly kind: "match" | "noMatch" } | { readonly kind: "malformed"; readonly message: string };

const match: NodeMatch = { kind: "match" };
const noMatch: NodeMatch = { kind: "noMatch" };

type Term = (node: Node) => boolean;

/** A node selector made ready for many nodes. Upstream: `nodeaffinity.NewLazyErrorNodeSelector`. */
export interface NodeMatcher {
  match(node: Node): NodeMatch;
}

/** Terms are ORed; a term without requirements matches nothing. */
export function parseNodeSelector({ nodeSelectorTerms }: NodeSelector): NodeMatcher {
  const terms: Term[] = [];
  let malformed: NodeMatch | undefined;
  for (const term of nodeSelectorTerms ?? []) {
    if (isEmptyTerm(term)) continue;
    try {
      terms.push(parseTerm(term));
    } catch (error) {
      if (!(error instanceof MalformedSelectorError)) throw error;
      malformed ??= { kind: "malformed", message: error.message };
    }
  }
  return { match: (node) => (terms.some((term) => term(node)) ? match : (malformed ?? noMatch)) };
}

/** Whether a node that is known by its labels alone matches. Fields are not held against it. */
export function matchesLabels(selector: NodeSelector, labels: Labels | undefined): boolean {
  const node: Node = { metadata: { ...(labels !== undefined && { labels }) } };
  return parseNodeSelector(selector).match(node).kind === "match";
}

/** `spec.nodeSelector` and the required node affinity. Upstream: `nodeaffinity.GetRequiredNodeAffinity`. */
export function requiredNodeAffinity(pod: Pod): NodeMatcher {
  const equalities = Object.entries(pod.spec?.nodeSelector ?? {});
  const required = pod.spec?.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
  const affinity = required === undefined ? undefined : parseNodeSelector(required);
  return {
    match: (node) => {
      if (!equalities.every(([key, value]) => labelValue(node.metadata.labels, key) === value)) return noMatch;
      return affinity === undefined ? match : affinity.match(node);
    },
  };
}

function isEmptyTerm(term: NodeSelectorTerm): boolean {
  return (term.matchExpressions ?? []).length === 0 && (term.matchFields ?? []).length === 0;
}

function parseTerm({ matchExpressions = [], matchFields = [] }: NodeSelectorTerm): Term {
  const labels = selectorOf(matchExpressions);
  const fields = matchFields.map(parseField);
  // A node without a name has no fields, and none of them can be against it.
  return (node) =>
    labels.matches(node.metadata.labels) && (node.metadata.name === undefined || fields.every((field) => field(node)));
}

/** Fields other than the name read as the empty string. */
function parseField({ key, operator, values = [] }: LabelSelectorRequirement): Term {
  const wanted = values[0];
  if ((operator !== "In" && operator !== "NotIn") || values.length !== 1 || wanted === undefined) {
    throw new MalformedSelectorError("a field is selected by In or NotIn with exactly one value");
  }
  const isWanted = (node: Node): boolean => (key === "metadata.name" ? (node.metadata.name ?? "") : "") === wanted;
  return operator === "In" ? isWanted : (node) => !isWanted(node);
}
