import {
  actionType,
  parseNodeSelector,
  requiredNodeAffinity,
  type Node,
  type NodeSelector,
  type NodeSelectorTerm,
} from "#lib/kube/index.ts";
import { ready, refuse, skip, unresolvable, type PreFilterPlugin } from "../framework.ts";
import { on } from "../hint.ts";
import { intersection } from "../intersection.ts";

const rejection = unresolvable("node(s) didn't match Pod's node affinity/selector");
const enforced = unresolvable("node(s) didn't match scheduler-enforced node affinity");
const conflict = refuse(unresolvable("pod affinity terms conflict"));

/**
 * Holds pods to nodes that their node selector and required node affinity ask for, and `added`, which the scheduler's
 * configuration asks of every pod. Upstream: `plugins/nodeaffinity`.
 */
export function nodeAffinity(added?: NodeSelector): PreFilterPlugin {
  const addedMatcher = added === undefined ? undefined : parseNodeSelector(added);
  const isLeftOut = (node: Node): boolean => addedMatcher !== undefined && addedMatcher.match(node).kind !== "match";
  return {
    name: "NodeAffinity",
    preFilter: (pod) => {
      const required = pod.spec?.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
      const isAsked = required !== undefined || Object.keys(pod.spec?.nodeSelector ?? {}).length > 0;
      if (!isAsked && addedMatcher === undefined) return skip;
      const matcher = requiredNodeAffinity(pod);
      const filter = {
        filter: ({ node }: { readonly node: Node | undefined }) => {
          if (node === undefined) return rejection;
          if (isLeftOut(node)) return enforced;
          // A malformed term counts as no match here; only the hint reports it.
          return matcher.match(node).kind === "match" ? undefined : rejection;
        },
      };
      const nodeNames = required === undefined ? undefined : namedNodes(required.nodeSelectorTerms ?? []);
      if (nodeNames?.size === 0) return conflict;
      return ready(filter, nodeNames);
    },
    eventsToRegister: () => [
      on<Node>("Node", actionType.Add | actionType.UpdateNodeLabel, (pod, old, updated) => {
        if (updated === undefined || isLeftOut(updated)) return false;
        const matcher = requiredNodeAffinity(pod);
        const now = matcher.match(updated);
        if (now.kind === "malformed") throw new Error(now.message);
        if (now.kind === "noMatch") return false;
        return old === undefined || matcher.match(old).kind !== "match";
      }),
    ],
  };
}

/** The nodes that the terms name, `undefined` as soon as one term names none: then every node may match. */
function namedNodes(terms: readonly NodeSelectorTerm[]): ReadonlySet<string> | undefined {
  if (terms.length === 0) return undefined;
  const union = new Set<string>();
  for (const { matchFields = [] } of terms) {
    let named: ReadonlySet<string> | undefined;
    for (const { key, operator, values = [] } of matchFields) {
      if (key !== "metadata.name" || operator !== "In") continue;
      const listed = new Set(values);
      named = named === undefined ? listed : intersection(named, listed);
    }
    if (named === undefined) return undefined;
    for (const name of named) union.add(name);
  }
  return union;
}
