import { taintText, untoleratedTaints, type Pod } from "#lib/kube/index.ts";
import {
  freeOn,
  quantityText,
  requestedBy,
  resourceOfReason,
  type NodeInfo,
  type Pattern,
} from "#lib/scheduler/index.ts";
import type { Matrix, MatrixColumn, View } from "#lib/protocol/index.ts";
import type { Shape } from "./shapes.ts";

/** Beyond so many nodes equal ones stand in one column, unless asked otherwise. */
const foldBeyond = 120;
const mostFitting = 20;
const mostTaints = 5;
const resourcesFit = "NodeResourcesFit";

type MatrixView = Pick<View<"pod">, "groupBy" | "fold" | "expand">;

interface Row {
  readonly key: string;
  readonly plugin: string;
  readonly resource: string | undefined;
  first: number;
  also: number;
}

/** What every plugin says of every node, in the order in which a person looks for a way out. */
export function buildMatrix(shape: Shape, { groupBy = "pool", fold, expand = [] }: MatrixView): Matrix {
  const { evaluation, options } = shape;
  const { nearMisses } = shape.explanation;
  const { preFilter } = evaluation;
  const rows = rowsOf(shape);
  const near = new Map<string, number[]>();
  for (const [index, { opened }] of nearMisses.entries()) {
    for (const { name } of opened) near.set(name, [...(near.get(name) ?? []), index + 1]);
  }
  const bars = [...requestedBy(evaluation.pod)].map(([resource, needed]) => ({
    resource,
    request: quantityText(resource, needed),
    needed,
    max: 0,
  }));
  const isFolded = fold ?? evaluation.nodeCount > foldBeyond;
  const cells = new Map<Pattern, string>();
  const columns: Record<string, MatrixColumn> = {};
  const groups = new Map<string, { label: string; nodes: number; readonly order: Set<string> }>();
  const fitting: string[] = [];
  const taints = new Map<string, number>();
  for (const [node, pattern] of evaluation.nodes()) {
    if (pattern.first === undefined && fitting.length < mostFitting) fitting.push(node.name);
    const text = cells.get(pattern) ?? cellsOf(pattern, rows);
    cells.set(pattern, text);
    for (const taint of repelling(node, pattern, evaluation.pod)) taints.set(taint, (taints.get(taint) ?? 0) + 1);
    const label = groupOf(node, pattern, groupBy);
    const group = groups.get(label) ?? { label, nodes: 0, order: new Set() };
    groups.set(label, group);
    group.nodes++;
    const free = bars.map((bar) => {
      const amount = freeOn(node, bar.resource);
      bar.max = Math.max(bar.max, amount);
      return amount;
    });
    const ranks = near.get(node.name) ?? [];
    const foldKey = `${label}|${text}|${ranks.join(",")}`;
    const isSingle = !isFolded || expand.includes(foldKey);
    const key = isSingle ? node.name : foldKey;
    group.order.add(key);
    const column = columns[key];
    columns[key] = {
      key,
      ...(isSingle ? { name: node.name } : {}),
      count: (column?.count ?? 0) + 1,
      cells: text,
      rejecting: pattern.all.length,
      fits: pattern.first === undefined,
      near: ranks,
      free: column === undefined ? free : free.map((amount, index) => Math.max(amount, column.free[index] ?? 0)),
    };
  }
  const asked = evaluation.prepared?.plugins ?? options.profile.filterPlugins.map(({ name }) => name);
  const rejecting = new Set(rows.map(({ plugin }) => plugin));
  return {
    nodes: evaluation.nodeCount,
    fits: evaluation.fits,
    fitting: fitting.sort(),
    rows: rows.map(({ resource, ...row }) => (resource === undefined ? row : { ...row, resource })),
    passing: asked.filter((plugin) => !rejecting.has(plugin)).length,
    taints: [...taints]
      .map(([taint, nodes]) => ({ taint, nodes }))
      .sort((a, b) => b.nodes - a.nodes || (a.taint < b.taint ? -1 : 1))
      .slice(0, mostTaints),
    bars,
    groupBy,
    isFolded,
    groups: [...groups.values()]
      .sort((a, b) => b.nodes - a.nodes || (a.label < b.label ? -1 : 1))
      .map(({ label, nodes, order }) => ({ key: label, label, nodes, order: ordered([...order], columns) })),
    columns,
    ...(preFilter === undefined
      ? {}
      : {
          preFilter: {
            ...(preFilter.plugin === undefined ? {} : { plugin: preFilter.plugin }),
            reasons: [...preFilter.status.reasons],
          },
        }),
  };
}

/** Plugins in profile order that reject a node; NodeResourcesFit once for each resource that is short. */
function rowsOf({ evaluation, options }: Shape): readonly Row[] {
  const rows = new Map<string, Row>();
  for (const pattern of evaluation.patterns()) {
    for (const { plugin, status } of pattern.all) {
      const isFirst = countsFirst(pattern, plugin);
      for (const resource of plugin === resourcesFit ? status.reasons.map(resourceOfReason) : [undefined]) {
        const key = resource === undefined ? plugin : `${plugin}/${resource}`;
        const row = rows.get(key) ?? { key, plugin, resource, first: 0, also: 0 };
        row[isFirst ? "first" : "also"] += pattern.count;
        rows.set(key, row);
      }
    }
  }
  const order = options.profile.filterPlugins.map(({ name }) => name);
  const place = ({ plugin }: Row): number => order.indexOf(plugin);
  const common = ["cpu", "memory", "ephemeral-storage", "pods"];
  const rank = ({ resource = "" }: Row): number => (common.indexOf(resource) + common.length + 1) % (common.length + 1);
  return [...rows.values()].sort((a, b) => place(a) - place(b) || rank(a) - rank(b) || (a.key < b.key ? -1 : 1));
}

/** The node's taints that the pod does not tolerate, where they are looked at. kube-scheduler's message has none of them. */
function repelling({ node }: NodeInfo, { all }: Pattern, { spec }: Pod): readonly string[] {
  if (node === undefined || !all.some(({ plugin }) => plugin === "TaintToleration")) return [];
  return untoleratedTaints(node, spec?.tolerations).map(taintText);
}

/** A node that was left out before filters looked counts for the plugin that narrowed the nodes. */
function countsFirst({ first, all }: Pattern, plugin: string): boolean {
  if (first === undefined) return false;
  return first.plugin === undefined ? all[0]?.plugin === plugin : first.plugin === plugin;
}

function cellsOf(pattern: Pattern, rows: readonly Row[]): string {
  return rows
    .map(({ plugin, resource }) => {
      const said = pattern.all.find((each) => each.plugin === plugin);
      const isMeant =
        said !== undefined &&
        (resource === undefined || said.status.reasons.some((reason) => resourceOfReason(reason) === resource));
      if (!isMeant) return ".";
      return countsFirst(pattern, plugin) ? "x" : "o";
    })
    .join("");
}

const poolLabels = [
  "cloud.google.com/gke-nodepool",
  "eks.amazonaws.com/nodegroup",
  "kubernetes.azure.com/agentpool",
  "karpenter.sh/nodepool",
  "node.kubernetes.io/pool",
  "pool",
  "node.kubernetes.io/instance-type",
] as const;

function groupOf(node: NodeInfo, { first }: Pattern, groupBy: Matrix["groupBy"]): string {
  switch (groupBy) {
    case "reason":
      return first === undefined ? "fits" : (first.plugin ?? "left out");
    case "zone":
      return node.label("topology.kubernetes.io/zone") ?? "no zone";
    case "pool":
      return poolOf(node);
    default:
      return groupBy satisfies never;
  }
}

function poolOf(node: NodeInfo): string {
  for (const label of poolLabels) {
    const pool = node.label(label);
    if (pool !== undefined) return pool;
  }
  const role = Object.keys(node.node?.metadata.labels ?? {}).find((key) => key.startsWith("node-role.kubernetes.io/"));
  return role?.split("/")[1] ?? "nodes";
}

/** Near misses first, then fewest rejecting plugins, then most free of the first resource. */
function ordered(keys: string[], columns: Readonly<Record<string, MatrixColumn>>): string[] {
  const nearness = (key: string): number => Math.min(99, ...(columns[key]?.near ?? []));
  const fits = (key: string): number => (columns[key]?.fits === true ? 0 : 1);
  const rejecting = (key: string): number => columns[key]?.rejecting ?? 0;
  const free = (key: string): number => columns[key]?.free[0] ?? 0;
  return keys.sort(
    (a, b) =>
      fits(a) - fits(b) ||
      nearness(a) - nearness(b) ||
      rejecting(a) - rejecting(b) ||
      free(b) - free(a) ||
      (a < b ? -1 : 1),
  );
}
