import {
  labelValue,
  type CsiNode,
  type LabelSelectorRequirement,
  type NodeSelector,
  type NodeSelectorTerm,
  type PersistentVolume,
} from "#lib/kube/index.ts";
import { inTreePluginOf, problemWithZones, zonesOf } from "./csi-migration.ts";

const zone = { now: "topology.kubernetes.io/zone", beta: "failure-domain.beta.kubernetes.io/zone" } as const;
const region = { now: "topology.kubernetes.io/region", beta: "failure-domain.beta.kubernetes.io/region" } as const;

export type Reach =
  { readonly required: NodeSelector | undefined } | /** It cannot be told. */ { readonly problem: string };

/**
 * From which nodes a volume can be reached. Where the kubelet leaves volumes from the time before CSI to their driver, the
 * zone counts by the driver's own label of the node. Upstream: `tryTranslatePVToCSI`.
 */
export function reachOf(volume: PersistentVolume, csiNode: CsiNode | undefined): Reach {
  const { spec, metadata } = volume;
  const required = spec?.nodeAffinity?.required;
  const plugin = spec === undefined ? undefined : inTreePluginOf(spec);
  if (plugin?.topologyKey === undefined || !migratedPlugins(csiNode).includes(plugin.provisioner)) return { required };
  const problem = spec?.gcePersistentDisk === undefined ? undefined : problemWithZones(zonesOf(metadata.labels));
  if (problem !== undefined) return { problem: `could not translate pv: failed to get region from zones: ${problem}` };
  return { required: inTermsOf(plugin.topologyKey, volume) };
}

/** Upstream: `translateTopologyFromInTreeToCSI`. */
function inTermsOf(topologyKey: string, { spec, metadata }: PersistentVolume): NodeSelector | undefined {
  const required = spec?.nodeAffinity?.required;
  const terms = required?.nodeSelectorTerms ?? [];
  const isBeta =
    !names(terms, zone.now) &&
    (names(terms, zone.beta) ||
      (labelValue(metadata.labels, zone.now) === undefined && labelValue(metadata.labels, zone.beta) !== undefined));
  const key = isBeta ? zone.beta : zone.now;
  const named = hasValues(terms, key)
    ? withKey(terms, key, topologyKey)
    : inZones(terms, topologyKey, labelValue(metadata.labels, key));
  const all = isBeta && hasValues(named, region.beta) ? withKey(named, region.beta, region.now) : named;
  return all.length === 0 ? required : { nodeSelectorTerms: all };
}

function names(terms: readonly NodeSelectorTerm[], key: string): boolean {
  return terms.some(({ matchExpressions = [] }) => matchExpressions.some((each) => each.key === key));
}

function hasValues(terms: readonly NodeSelectorTerm[], key: string): boolean {
  return terms.some(({ matchExpressions = [] }) =>
    matchExpressions.some((each) => each.key === key && (each.values ?? []).length > 0),
  );
}

function withKey(terms: readonly NodeSelectorTerm[], old: string, key: string): readonly NodeSelectorTerm[] {
  const renamed = (each: LabelSelectorRequirement): LabelSelectorRequirement =>
    each.key === old ? { ...each, key } : each;
  return terms.map((term) =>
    term.matchExpressions === undefined ? term : { ...term, matchExpressions: term.matchExpressions.map(renamed) },
  );
}

/** In each term, and in one of its own where there is none. */
function inZones(
  terms: readonly NodeSelectorTerm[],
  key: string,
  label: string | undefined,
): readonly NodeSelectorTerm[] {
  const values = (label ?? "").split("__").filter((value) => value.trim() !== "");
  if (values.length === 0) return terms;
  const there = { key, operator: "In", values };
  const all: readonly NodeSelectorTerm[] = terms.length === 0 ? [{}] : terms;
  return all.map((term) => ({ ...term, matchExpressions: [...(term.matchExpressions ?? []), there] }));
}

function migratedPlugins(csiNode: CsiNode | undefined): readonly string[] {
  return (csiNode?.metadata.annotations?.["storage.alpha.kubernetes.io/migrated-plugins"] ?? "").split(",");
}
