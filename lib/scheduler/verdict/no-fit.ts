import type { Finding } from "./code.ts";
import { requestedBy, resourceOfReason } from "./amounts.ts";
import type { Evaluation } from "./evaluation.ts";
import { isRuledOut, reasonsOf } from "./eligible.ts";
import { counted, say, type Sentence } from "./sentence.ts";

/** What nodes have in common that do not take the pod, by the rejection that counts. */
interface Group {
  count: number;
  readonly resources: Set<string>;
}

type Kind = "ruled" | "room" | "PodTopologySpread" | "InterPodAffinity" | "NodePorts" | "volumes" | "devices" | "other";

const kinds: Readonly<Record<string, Kind>> = {
  NodeResourcesFit: "room",
  PodTopologySpread: "PodTopologySpread",
  InterPodAffinity: "InterPodAffinity",
  NodePorts: "NodePorts",
  VolumeRestrictions: "volumes",
  NodeVolumeLimits: "volumes",
  VolumeBinding: "volumes",
  VolumeZone: "volumes",
  DynamicResources: "devices",
  NodeUnschedulable: "ruled",
  NodeName: "ruled",
  TaintToleration: "ruled",
  NodeAffinity: "ruled",
  NodeDeclaredFeatures: "ruled",
};

/** The last resort: how many nodes say no, and why. */
export function noFit(evaluation: Evaluation): Finding {
  const groups = new Map<Kind, Group>();
  const plugins = new Map<string, number>();
  for (const { first, count } of evaluation.patterns()) {
    if (first === undefined) continue;
    const { plugin } = first;
    if (plugin !== undefined) plugins.set(plugin, (plugins.get(plugin) ?? 0) + count);
    const kind = plugin === undefined ? "ruled" : (kinds[plugin] ?? "other");
    const group = groups.get(kind) ?? { count: 0, resources: new Set() };
    group.count += count;
    for (const reason of first.status.reasons) {
      const resource = resourceOfReason(reason);
      if (resource !== undefined) group.resources.add(resource);
    }
    groups.set(kind, group);
  }
  const sorted = [...groups].sort(([a, { count: as }], [b, { count: bs }]) => bs - as || (a < b ? -1 : 1));
  return {
    code: "no-fit",
    row: sentenceOf(sorted, evaluation.nodeCount, "it"),
    headline: sentenceOf(sorted, evaluation.nodeCount, "this pod"),
    plugins: [...plugins].sort(([a, as], [b, bs]) => bs - as || (a < b ? -1 : 1)).map(([plugin]) => plugin),
  };
}

function sentenceOf(groups: readonly (readonly [Kind, Group])[], nodes: number, pod: string): Sentence {
  const parts = groups.map(([kind, group], index) => {
    const what = phrase(kind, group, pod);
    return index === 0 ? `${counted(group.count)} of ${counted(nodes)} ${what}` : `${counted(group.count)} ${what}`;
  });
  return say`No node fits: ${parts.join(", ")}.`;
}

function phrase(kind: Kind, { count, resources }: Group, pod: string): string {
  const one = count === 1;
  switch (kind) {
    case "ruled":
      return one ? `rules ${pod} out` : `rule ${pod} out`;
    case "room":
      return roomPhrase(resources, one);
    case "PodTopologySpread":
      return one ? "breaks the spread" : "break the spread";
    case "InterPodAffinity":
      return one ? "breaks the affinity" : "break the affinity";
    case "NodePorts":
      return one ? "has the port taken" : "have the port taken";
    case "volumes":
      return one ? "does not suit its volumes" : "do not suit its volumes";
    case "devices":
      return one ? "has no free devices" : "have no free devices";
    case "other":
      return one ? `rejects ${pod}` : `reject ${pod}`;
    default:
      return kind satisfies never;
  }
}

function roomPhrase(resources: ReadonlySet<string>, one: boolean): string {
  const [only, ...others] = resources;
  const be = one ? "is" : "are";
  if (only === undefined || others.length > 0) return `${be} full`;
  if (only === "pods") return `${be} at ${one ? "its" : "their"} pod limit`;
  return `${be} short of ${only === "cpu" ? "CPU" : only}`;
}

/** One extended resource decides: whoever has it is full, whoever has not cannot help. */
export function noFitKind(evaluation: Evaluation): Finding | undefined {
  for (const resource of requestedBy(evaluation.pod).keys()) {
    if (!resource.includes("/")) continue;
    let withIt = 0;
    let decides = true;
    for (const [node, pattern] of evaluation.nodes()) {
      const has = (node.allocatable.scalars.get(resource) ?? 0) > 0;
      if (!has) decides &&= reasonsOf(pattern, "NodeResourcesFit").includes(`Insufficient ${resource}`);
      else if (!isRuledOut(pattern)) {
        withIt++;
        decides &&= reasonsOf(pattern, "NodeResourcesFit").length > 0;
      } else decides = false;
    }
    if (decides && withIt > 0) {
      const row =
        withIt === 1
          ? say`No node fits: the only node with ${resource} is full.`
          : say`No node fits: all ${withIt} nodes with ${resource} are full.`;
      return { code: "no-fit-kind", row, plugins: ["NodeResourcesFit"] };
    }
  }
  return undefined;
}
