import { taintText } from "#lib/kube/index.ts";
import type { DeviceState, WishReport } from "../devices/index.ts";
import { isRejected } from "../framework.ts";
import { isDeviceFilter } from "../plugins/device-filter.ts";
import type { Finding } from "./code.ts";
import { eligiblePatterns, isRuledOut, reasonsOf, rejectsAllEligible } from "./eligible.ts";
import type { Evaluation } from "./evaluation.ts";
import type { Pattern } from "./node-patterns.ts";
import { counted, plural, say } from "./sentence.ts";

const plugin = "DynamicResources";
/** What becomes of their devices is counted; of more it takes too long, and tells no more. */
const mostNodes = 512;

/** No node has the devices that a claim wants. */
export function deviceWait(evaluation: Evaluation): Finding | undefined {
  const { preFilter } = evaluation;
  if (preFilter?.plugin === plugin) {
    return {
      code: "device-wait",
      row: say`Waiting for devices: ${preFilter.status.reasons.join(", ")}.`,
      plugins: [plugin],
    };
  }
  if (!rejectsAllEligible(eligiblePatterns(evaluation), plugin)) return undefined;
  const wishes = wishesOf(evaluation);
  const stuck = wishes.find((wish) => !wish.isServed) ?? wishes[0];
  if (stuck === undefined) {
    const reasons = new Set(eligiblePatterns(evaluation).flatMap((pattern) => reasonsOf(pattern, plugin)));
    return { code: "device-wait", row: say`Waiting for devices: ${[...reasons].join(", ")}.`, plugins: [plugin] };
  }
  const { claim, className } = stuck.report;
  const name = claim.metadata.uid === undefined ? "for extended resources" : (claim.metadata.name ?? "");
  const row = say`Waiting for devices: claim ${name} has no free ${className}.`;
  return { code: "device-wait", row, headline: [...row, ` ${detailOf(stuck)}`], plugins: [plugin] };
}

/** One wish over all eligible nodes. */
interface WishSummary {
  readonly report: WishReport;
  readonly states: ReadonlyMap<string, DeviceState>;
  /** The most that are free on one node. */
  readonly mostFree: number;
  /** By itself it could be served somewhere: then it is what the wishes have to agree on. */
  readonly isServed: boolean;
  /** In words. */
  readonly place: string;
}

/** Where the plugin breaks down there is nothing to be told. */
export function isJudged(pattern: Pattern): boolean {
  return !isRuledOut(pattern) && pattern.all.every(({ status }) => isRejected(status));
}

function wishesOf(evaluation: Evaluation): readonly WishSummary[] {
  const filter = evaluation.prepared?.filterOf(plugin);
  if (!isDeviceFilter(filter)) return [];
  const byWish = new Map<
    string,
    { report: WishReport; states: Map<string, DeviceState>; mostFree: number; isServed: boolean; place: string }
  >();
  let left = mostNodes;
  for (const node of evaluation.nodesWhere(isJudged)) {
    const reports = filter.report(node);
    const hasDevices = reports.some(({ devices }) => devices.size > 0);
    if (hasDevices && left-- === 0) {
      for (const summary of byWish.values()) summary.place = `${counted(mostNodes)} of the nodes that it may use`;
      break;
    }
    for (const report of reports) {
      const key = `${report.claim.metadata.name ?? ""}\n${report.request}`;
      const summary = byWish.get(key) ?? {
        report,
        states: new Map(),
        mostFree: 0,
        isServed: false,
        place: "nodes that it may use",
      };
      byWish.set(key, summary);
      for (const [id, state] of report.devices) summary.states.set(id, state);
      const states = [...report.devices.values()].filter(({ kind }) => kind !== "excluded");
      const free = states.filter(({ kind }) => kind === "free").length;
      summary.mostFree = Math.max(summary.mostFree, free);
      summary.isServed ||= report.count === "all" ? free > 0 && free === states.length : free >= report.count;
    }
  }
  return [...byWish.values()];
}

const mostHolders = 3;

/** How many there are, and what becomes of them. */
function detailOf({ report, states, mostFree, isServed, place }: WishSummary): string {
  const all = [...states.values()];
  const selected = all.filter(({ kind }) => kind !== "excluded");
  if (all.length === 0) return "No node that it may use has devices.";
  if (selected.length === 0)
    return `Of ${plural(all.length, "device")} on ${place} none is selected${excludersText(all)}.`;
  const free = selected.filter(({ kind }) => kind === "free").length;
  const be = selected.length === 1 ? "is" : "are";
  const parts = [`${counted(selected.length)} of ${plural(all.length, "device")} on ${place} ${be} selected`];
  parts.push(...lostText(selected));
  if (free > 0) {
    const wanted =
      report.count === "all"
        ? "all are wanted"
        : `${counted(report.count)} ${report.count === 1 ? "is" : "are"} wanted`;
    parts.push(
      isServed
        ? `${counted(free)} free, but not together with all else that is wanted`
        : `at most ${counted(mostFree)} free on one node, where ${wanted}`,
    );
  }
  return `${parts.join(", ")}.`;
}

/** Of those that are selected, what became of the ones that cannot be had. */
function lostText(selected: readonly DeviceState[]): readonly string[] {
  const of = (kind: DeviceState["kind"]): number => selected.filter((state) => state.kind === kind).length;
  const [taken, tainted, short] = [of("taken"), of("tainted"), of("short")];
  return [
    ...(taken > 0 ? [`${counted(taken)} taken by ${holdersText(selected)}`] : []),
    ...(tainted > 0 ? [`${counted(tainted)} tainted ${taintsText(selected)}`] : []),
    ...(short > 0 ? [`${counted(short)} too small`] : []),
  ];
}

/** What one node has for a wish; `undefined` for one without devices. */
export function deviceText({ devices }: WishReport): string | undefined {
  const all = [...devices.values()];
  if (all.length === 0) return undefined;
  const selected = all.filter(({ kind }) => kind !== "excluded");
  const free = selected.filter(({ kind }) => kind === "free").length;
  const parts = [`${counted(selected.length)} of ${counted(all.length)} selected${excludersText(all)}`];
  return [...parts, ...lostText(selected), ...(free > 0 ? [`${counted(free)} free`] : [])].join(", ");
}

const longestExpression = 120;

/** `: 3 are excluded by device.driver == "x"`. */
function excludersText(states: readonly DeviceState[]): string {
  const counts = new Map<string, number>();
  for (const state of states) {
    if (state.kind === "excluded" && state.by !== undefined) counts.set(state.by, (counts.get(state.by) ?? 0) + 1);
  }
  const texts = [...counts]
    .sort(([, a], [, b]) => b - a)
    .slice(0, mostHolders)
    .map(
      ([expression, count]) => `${counted(count)} ${count === 1 ? "is" : "are"} excluded by ${shortened(expression)}`,
    );
  return texts.length === 0 ? "" : `: ${texts.join(", ")}`;
}

function shortened(expression: string): string {
  const text = expression.replaceAll(/\s+/g, " ").trim();
  return text.length > longestExpression ? `${text.slice(0, longestExpression)}…` : text;
}

function holdersText(states: readonly DeviceState[]): string {
  const names = new Set<string>();
  for (const state of states) {
    if (state.kind !== "taken") continue;
    for (const { metadata, status } of state.holders) {
      const users = (status?.reservedFor ?? []).map(({ name }) => name);
      for (const name of users.length === 0 ? [`claim ${metadata.name ?? ""}`] : users)
        names.add(`${metadata.namespace ?? ""}/${name}`);
    }
  }
  const [...sorted] = [...names].sort();
  const more = sorted.length > mostHolders ? ` and ${counted(sorted.length - mostHolders)} more` : "";
  return `${sorted.slice(0, mostHolders).join(", ")}${more}`;
}

function taintsText(states: readonly DeviceState[]): string {
  const taints = states.flatMap((state) => (state.kind === "tainted" ? [state.taint] : []));
  return [...new Set(taints.map(taintText))].sort().join(", ");
}
