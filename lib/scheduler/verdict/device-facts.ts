import { isDeviceFilter } from "../plugins/device-filter.ts";
import { deviceText, isJudged } from "./device-causes.ts";
import type { Evaluation } from "./evaluation.ts";

/** What the nodes have for one request of a claim. */
export interface DeviceFact {
  readonly title: string;
  readonly detail: string;
}

const mostNodes = 8;

/** For each request that waits for devices, node by node, as long as no node has them. */
export function deviceFactsOf(evaluation: Evaluation): readonly DeviceFact[] {
  const filter = evaluation.prepared?.filterOf("DynamicResources");
  if (!isDeviceFilter(filter) || evaluation.fits > 0 || evaluation.failure !== undefined) return [];
  const byWish = new Map<string, { readonly head: string; readonly nodes: string[]; more: boolean }>();
  for (const node of evaluation.nodesWhere(isJudged)) {
    for (const report of filter.report(node)) {
      const { claim, request, className, count } = report;
      const wanted = count === "all" ? "All are wanted" : `${count} wanted`;
      const title = `Devices for ${claim.metadata.uid === undefined ? "extended resources" : (claim.metadata.name ?? "")}, request ${request}`;
      const fact = byWish.get(title) ?? { head: `${wanted} of class ${className}.`, nodes: [], more: false };
      byWish.set(title, fact);
      const text = deviceText(report);
      if (text === undefined) continue;
      if (fact.nodes.length < mostNodes) fact.nodes.push(`${node.name}: ${text}.`);
      else fact.more = true;
    }
    if (byWish.size > 0 && [...byWish.values()].every(({ more }) => more)) break;
  }
  return [...byWish].map(([title, { head, nodes, more }]) => ({
    title,
    detail: [
      head,
      ...(nodes.length === 0 ? ["No node that it may use has any."] : nodes),
      ...(more ? ["And other nodes."] : []),
    ].join(" "),
  }));
}
