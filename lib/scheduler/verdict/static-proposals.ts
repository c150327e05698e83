import {
  labelValue,
  selectorOf,
  unschedulableTaint,
  untoleratedTaint,
  type LabelSelectorRequirement,
  type Node,
  type Pod,
  type Taint,
  type Toleration,
  taintText,
} from "#lib/kube/index.ts";
import type { NodeInfo } from "../node-info.ts";
import type { Evaluation } from "./evaluation.ts";
import type { Pattern } from "./node-patterns.ts";
import { changeSpec, escaped, labelNode, uncordon, unlabelNode, type Change } from "./patches.ts";
import type { Proposal } from "./proposal.ts";
import { nodesFit, plural } from "./sentence.ts";
import { editableWorkloadOf } from "./workload.ts";

/** What rules nodes out whatever runs on them: cordons, taints, selectors. */
export function staticProposals(evaluation: Evaluation): readonly Proposal[] {
  const cordoned: NodeInfo[] = [];
  const tainted = new Map<string, { readonly taint: Taint; readonly nodes: NodeInfo[] }>();
  for (const node of evaluation.nodesWhere(isCordonedOrTainted)) {
    if (node.node === undefined) continue;
    if (isOnlyCordoned(evaluation.pod, node.node)) cordoned.push(node);
    else if (isRejectedOnlyBy(evaluation.patternOf(node), "TaintToleration"))
      addTainted(tainted, evaluation.pod, node, node.node);
  }
  const unselected = evaluation.nodesWhere((pattern) => isRejectedOnlyBy(pattern, "NodeAffinity"));
  return [
    ...cordonProposals(cordoned),
    ...[...tainted.values()].map(({ taint, nodes }) => tolerationProposal(evaluation.pod, taint, nodes)),
    ...selectorProposals(evaluation.pod, unselected),
  ];
}

export function isRejectedOnlyBy(pattern: Pattern | undefined, plugin: string): boolean {
  return pattern?.all.length === 1 && pattern.all[0]?.plugin === plugin;
}

function isCordonedOrTainted({ all }: Pattern): boolean {
  return all.length > 0 && all.every(({ plugin }) => plugin === "NodeUnschedulable" || plugin === "TaintToleration");
}

/** A cordon comes with a taint of its own, which goes when it goes. */
function isOnlyCordoned({ spec }: Pod, node: Node): boolean {
  if (node.spec?.unschedulable !== true) return false;
  return untoleratedTaint(uncordoned(node), spec?.tolerations) === undefined;
}

function uncordoned(node: Node): Node {
  const taints = (node.spec?.taints ?? []).filter(({ key }) => key !== unschedulableTaint.key);
  return { ...node, spec: { ...node.spec, unschedulable: false, taints } };
}

function cordonProposals(nodes: readonly NodeInfo[]): readonly Proposal[] {
  const best = mostFree(nodes);
  if (best === undefined) return [];
  return [
    {
      kind: "cordon",
      subject: best.name,
      nodes,
      trial: { kind: "node", change: uncordoned },
      title: `Uncordon ${best.name}`,
      detail: (opened) =>
        opened.length === 1 ? "1 node fits." : `${plural(opened.length, "node")} fit once uncordoned, each by itself.`,
      changeFor: () => uncordon(best.name),
      size: 0.1,
    },
  ];
}

function addTainted(
  tainted: Map<string, { readonly taint: Taint; readonly nodes: NodeInfo[] }>,
  { spec }: Pod,
  info: NodeInfo,
  node: Node,
): void {
  const taint = untoleratedTaint(node, spec?.tolerations);
  if (taint === undefined) return;
  const key = taintText(taint);
  const found = tainted.get(key);
  if (found === undefined) tainted.set(key, { taint, nodes: [info] });
  else found.nodes.push(info);
}

const addedByAdmission: ReadonlySet<string> = new Set([
  "node.kubernetes.io/not-ready",
  "node.kubernetes.io/unreachable",
]);

function tolerationProposal(pod: Pod, { key, value = "", effect }: Taint, nodes: readonly NodeInfo[]): Proposal {
  const toleration: Toleration =
    value === "" ? { key, operator: "Exists", effect } : { key, operator: "Equal", value, effect };
  const own = pod.spec?.tolerations ?? [];
  const isPodsOwn = editableWorkloadOf(pod) === undefined && own.length > 0;
  // A template may have no list to add to, and adding the whole list works either way.
  const changeFor = (each: Pod): Change =>
    isPodsOwn
      ? changeSpec(each, { op: "add", path: "/tolerations/-", value: toleration })
      : changeSpec(each, {
          op: "add",
          path: "/tolerations",
          value: [...own.filter((toleration) => !addedByAdmission.has(toleration.key ?? "")), toleration],
        });
  const text = taintText({ key, value, effect });
  return {
    kind: "toleration",
    subject: text,
    nodes,
    trial: { kind: "pod", pod: { ...pod, spec: { ...pod.spec, tolerations: [...own, toleration] } } },
    title: `Tolerate ${text}`,
    detail: (opened) => `${nodesFit(opened.length)}.`,
    changeFor,
    size: 0.2,
  };
}

/** One requirement that all these nodes fail, and no other. */
function selectorProposals(pod: Pod, nodes: readonly NodeInfo[]): readonly Proposal[] {
  const groups = new Map<string, { readonly fix: SelectorFix; readonly nodes: NodeInfo[] }>();
  const requirements = requirementsOf(pod);
  if (requirements === undefined) return [];
  for (const info of nodes) {
    const { node } = info;
    const failed = requirements.filter(({ requirement }) => !meets(node, requirement));
    const [only] = failed;
    if (node === undefined || only === undefined || failed.length > 1) continue;
    const fix = { ...only, value: labelValue(node.metadata.labels, only.requirement.key) };
    const key = `${fix.requirement.key}=${fix.value ?? ""}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { fix, nodes: [info] });
    else group.nodes.push(info);
  }
  const sorted = [...groups].sort(([a, as], [b, bs]) => bs.nodes.length - as.nodes.length || (a < b ? -1 : 1));
  return sorted.flatMap(([, { fix, nodes: group }]) => selectorProposal(pod, fix, group));
}

interface Requirement {
  readonly requirement: LabelSelectorRequirement;
  /** Of the spec. */
  readonly path: string;
  readonly isNodeSelector: boolean;
}

interface SelectorFix extends Requirement {
  /** What these nodes have instead. */
  readonly value: string | undefined;
}

/** All must hold. `undefined` where terms are alternatives: then no single requirement decides. */
export function requirementsOf({ spec }: Pod): readonly Requirement[] | undefined {
  const selector = Object.entries(spec?.nodeSelector ?? {}).map(([key, value]) => ({
    requirement: { key, operator: "In", values: [value] },
    path: `/nodeSelector/${escaped(key)}`,
    isNodeSelector: true,
  }));
  const terms = spec?.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms ?? [];
  if (terms.length > 1) return undefined;
  const base =
    "/affinity/nodeAffinity/requiredDuringSchedulingIgnoredDuringExecution/nodeSelectorTerms/0/matchExpressions";
  const affinity = (terms[0]?.matchExpressions ?? []).map((requirement, index) => ({
    requirement,
    path: `${base}/${index}`,
    isNodeSelector: false,
  }));
  return (terms[0]?.matchFields ?? []).length > 0 ? undefined : [...selector, ...affinity];
}

export function meets(node: Node | undefined, requirement: LabelSelectorRequirement): boolean {
  try {
    return selectorOf([requirement]).matches(node?.metadata.labels);
  } catch {
    return false;
  }
}

/** A workload is told to allow what these nodes have; a pod that stands alone cannot change, so a node gets the label. */
function selectorProposal(pod: Pod, fix: SelectorFix, nodes: readonly NodeInfo[]): readonly Proposal[] {
  const { requirement, value, path, isNodeSelector } = fix;
  const { key, operator, values = [] } = requirement;
  const best = mostFree(nodes);
  if (editableWorkloadOf(pod) === undefined) {
    return best === undefined ? [] : labelProposal(best, nodes, { requirement, value });
  }
  if (operator !== "In" || value === undefined) return [];
  const allowed = { ...requirement, values: [...values, value] };
  return [
    {
      kind: "selector",
      subject: `${key}=${value}`,
      nodes,
      trial: { kind: "pod", pod: withRequirement(pod, fix, allowed) },
      title: `Allow ${key}=${value}`,
      detail: (opened) => `${nodesFit(opened.length)}, the selector excludes ${opened.length === 1 ? "it" : "them"}.`,
      changeFor: (each) =>
        isNodeSelector
          ? changeSpec(each, { op: "replace", path, value })
          : changeSpec(each, { op: "replace", path, value: allowed }),
      size: 0.3,
    },
  ];
}

/** The node gets the label that is asked for, or loses the one that is not wanted. */
function labelProposal(
  { name }: NodeInfo,
  nodes: readonly NodeInfo[],
  { requirement, value }: Pick<SelectorFix, "requirement" | "value">,
): readonly Proposal[] {
  const { key, operator, values = [] } = requirement;
  const wanted = operator === "Exists" ? "true" : operator === "In" ? values[0] : undefined;
  const isUnwanted = operator === "NotIn" || operator === "DoesNotExist";
  if (wanted === undefined && !isUnwanted) return [];
  const relabelled = (node: Node): Node => {
    const { [key]: _, ...others } = node.metadata.labels ?? {};
    const labels = wanted === undefined ? others : { ...others, [key]: wanted };
    return { ...node, metadata: { ...node.metadata, labels } };
  };
  const label = wanted === undefined ? `${key}-` : `${key}=${wanted}`;
  return [
    {
      kind: "label",
      subject: label,
      nodes,
      trial: { kind: "node", change: relabelled },
      title: wanted === undefined ? `Take the label ${key} from ${name}` : `Label ${name} ${label}`,
      detail: () => (value === undefined ? `It has no label ${key}.` : `It has ${key}=${value}.`),
      changeFor: () => (wanted === undefined ? unlabelNode(name, key) : labelNode(name, key, wanted)),
      size: 0.4,
    },
  ];
}

function withRequirement(
  pod: Pod,
  { requirement, value, isNodeSelector }: SelectorFix,
  allowed: LabelSelectorRequirement,
): Pod {
  const { spec = {} } = pod;
  if (isNodeSelector) {
    return { ...pod, spec: { ...spec, nodeSelector: { ...spec.nodeSelector, [requirement.key]: value ?? "" } } };
  }
  const required = spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
  const nodeSelectorTerms = (required?.nodeSelectorTerms ?? []).map((term) => ({
    ...term,
    matchExpressions: (term.matchExpressions ?? []).map((each) => (each === requirement ? allowed : each)),
  }));
  const nodeAffinity = { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms } };
  return { ...pod, spec: { ...spec, affinity: { ...spec.affinity, nodeAffinity } } };
}

/** By cpu; of equal ones the first by name. */
export function mostFree(nodes: readonly NodeInfo[]): NodeInfo | undefined {
  let best: NodeInfo | undefined;
  const free = ({ allocatable, requested }: NodeInfo): number => allocatable.milliCpu - requested.milliCpu;
  for (const node of nodes) {
    if (best === undefined || free(node) > free(best) || (free(node) === free(best) && node.name < best.name))
      best = node;
  }
  return best;
}
