import { parseLabelSelector, type LabelSelector, type Pod, type TopologySpreadConstraint } from "#lib/kube/index.ts";
import { requiredTermsOf, termMatches } from "../affinity-term.ts";
import { hostPortsOf } from "../host-ports.ts";
import type { NodeInfo } from "../node-info.ts";
import type { Snapshot } from "../snapshot.ts";
import type { Finding } from "./code.ts";
import { countOf, eligibleNodes, eligiblePatterns, rejectsAllEligible } from "./eligible.ts";
import type { Evaluation } from "./evaluation.ts";
import { onAllEligible, say } from "./sentence.ts";

/** Every eligible node breaks a spread constraint. */
export function spreadBroken(evaluation: Evaluation, snapshot: Snapshot): Finding | undefined {
  if (!rejectsAllEligible(eligiblePatterns(evaluation), "PodTopologySpread")) return undefined;
  const { pod } = evaluation;
  const hard = (pod.spec?.topologySpreadConstraints ?? []).filter(
    ({ whenUnsatisfiable }) => whenUnsatisfiable === "DoNotSchedule",
  );
  const plugins = ["PodTopologySpread"];
  for (const constraint of hard) {
    const domains = new Set(eligibleNodes(evaluation).flatMap((node) => node.label(constraint.topologyKey) ?? []));
    const counts = podsPerDomain(pod, constraint, snapshot);
    const fullest = [...domains].sort((a, b) => (counts.get(b) ?? 0) - (counts.get(a) ?? 0) || (a < b ? -1 : 1))[0];
    if (fullest === undefined) continue;
    const count = counts.get(fullest) ?? 0;
    const minimum = Math.min(...counts.values());
    if (count + 1 - (Number.isFinite(minimum) ? minimum : 0) <= constraint.maxSkew && hard.length > 1) continue;
    const row = say`Spread cannot be met: ${fullest} already has ${count}, max skew is ${constraint.maxSkew}.`;
    return { code: "spread", row, plugins };
  }
  const [first] = hard;
  const row = say`Spread cannot be met: no eligible node has the label ${first?.topologyKey ?? ""}.`;
  return { code: "spread", row, plugins };
}

/** As the plugin counts them, over all nodes that have the key. */
function podsPerDomain(
  pod: Pod,
  { topologyKey, labelSelector, matchLabelKeys = [] }: TopologySpreadConstraint,
  snapshot: Snapshot,
): ReadonlyMap<string, number> {
  const selector = parseLabelSelector(labelSelector);
  const counts = new Map<string, number>();
  for (const node of snapshot.nodes()) {
    const domain = node.label(topologyKey);
    if (domain === undefined) continue;
    let count = counts.get(domain) ?? 0;
    for (const { pod: other } of node.pods()) {
      if (other.metadata.namespace !== pod.metadata.namespace || other.metadata.deletionTimestamp !== undefined)
        continue;
      if (!selector.matches(other.metadata.labels)) continue;
      if (matchLabelKeys.every((key) => other.metadata.labels?.[key] === pod.metadata.labels?.[key])) count++;
    }
    counts.set(domain, count);
  }
  return counts;
}

const affinityReason = "node(s) didn't match pod affinity rules";
const ownAntiReason = "node(s) didn't match pod anti-affinity rules";

/** Every eligible node is turned down over who runs near it. */
export function affinityBroken(evaluation: Evaluation): Finding | undefined {
  const eligible = eligiblePatterns(evaluation);
  const plugins = ["InterPodAffinity"];
  const { pod } = evaluation;
  if (rejectsAllEligible(eligible, "InterPodAffinity", (reason) => reason === affinityReason)) {
    const [term] = pod.spec?.affinity?.podAffinity?.requiredDuringSchedulingIgnoredDuringExecution ?? [];
    const selector = selectorText(term?.labelSelector);
    return { code: "affinity", row: say`Affinity cannot be met: no node runs a pod matching ${selector}.`, plugins };
  }
  if (rejectsAllEligible(eligible, "InterPodAffinity", (reason) => reason !== affinityReason)) {
    const isOwn = rejectsAllEligible(eligible, "InterPodAffinity", (reason) => reason === ownAntiReason);
    const [own] = pod.spec?.affinity?.podAntiAffinity?.requiredDuringSchedulingIgnoredDuringExecution ?? [];
    const selector = isOwn ? own?.labelSelector : theirSelector(eligibleNodes(evaluation), pod);
    const row = say`Kept apart: every eligible node runs a pod matching ${selectorText(selector ?? own?.labelSelector)}.`;
    return { code: "anti-affinity", row, plugins };
  }
  return undefined;
}

/** By whose anti-affinity the pod is turned down: what that pod itself is, in labels. */
function theirSelector(nodes: readonly NodeInfo[], pod: Pod): LabelSelector | undefined {
  for (const node of nodes.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
    for (const info of node.podsWithRequiredAntiAffinity()) {
      const terms = requiredTermsOf(info.pod).antiAffinity;
      if (!terms.some((term) => termMatches(term, pod, undefined))) continue;
      const app = Object.entries(info.pod.metadata.labels ?? {}).filter(([key]) => !key.endsWith("-hash"));
      return { matchLabels: Object.fromEntries(app.slice(0, 2)) };
    }
  }
  return undefined;
}

/** `app=web,tier in (a, b)`. */
function selectorText(selector: LabelSelector | undefined): string {
  const equal = Object.entries(selector?.matchLabels ?? {}).map(([key, value]) => `${key}=${value}`);
  const others = (selector?.matchExpressions ?? []).map(({ key, operator, values = [] }) => {
    switch (operator) {
      case "In":
        return values.length === 1 ? `${key}=${values[0] ?? ""}` : `${key} in (${values.join(", ")})`;
      case "NotIn":
        return `${key} notin (${values.join(", ")})`;
      case "Exists":
        return key;
      default:
        return `!${key}`;
    }
  });
  const text = [...equal, ...others].join(",");
  return text === "" ? "any label" : text;
}

export function podLimit(evaluation: Evaluation): Finding | undefined {
  const eligible = eligiblePatterns(evaluation);
  if (!rejectsAllEligible(eligible, "NodeResourcesFit", (reason) => reason === "Too many pods")) return undefined;
  const row = say`Pod limit reached ${onAllEligible(countOf(eligible))}.`;
  return { code: "pod-limit", row, plugins: ["NodeResourcesFit"] };
}

export function portsTaken(evaluation: Evaluation): Finding | undefined {
  const eligible = eligiblePatterns(evaluation);
  if (!rejectsAllEligible(eligible, "NodePorts")) return undefined;
  const [port] = hostPortsOf(evaluation.pod);
  const row = say`Host port ${String(port?.port ?? "")} is taken ${onAllEligible(countOf(eligible))}.`;
  return { code: "ports", row, plugins: ["NodePorts"] };
}
