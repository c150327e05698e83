import { sentenceText, type Pods, type Severity } from "#lib/protocol/index.ts";
import { Layout, type Terminal } from "./layout.ts";

type PodRow = Pods["rows"][string];

/** In the order of severity, in words of what one has to do. */
const kinds = [
  [["critical", "warning"], "need you"],
  [["blocked"], "blocked"],
  [["unknown"], "cannot be told"],
  [["held"], "held"],
  [["waiting", "info"], "on their way"],
] as const satisfies readonly (readonly [readonly Severity[], string])[];
const column = 10;

/** One entry for each group, the worst first: its severity, its name and age, and why. */
export function podsText({ order, rows, total, rowCount, doubt }: Pods, terminal: Terminal, now: number): string {
  const layout = new Layout(terminal);
  const shown = order.map((key) => rows[key]).filter((row) => row !== undefined);
  const entries = shown.flatMap((row) => {
    const mark = row.severity.padEnd(column);
    const [first = "", ...rest] = layout.wrap(
      `${nameOf(row)}, ${sentenceText([{ since: row.since }], now)}`,
      " ".repeat(column),
    );
    return [
      `${layout.ofSeverity(row.severity, mark)}${first.slice(column)}`,
      ...rest,
      ...layout.wrap(sentenceText(row.sentence, now), " ".repeat(column)).map((line) => layout.quiet(line)),
    ];
  });
  if (rowCount === 0) return doubt === undefined ? "No pods are pending.\n" : `Cannot tell: ${doubt}.\n`;
  const more =
    rowCount > shown.length ? [`… and ${counted(rowCount - shown.length)} more groups: narrow them down with -n.`] : [];
  const isWhole = shown.length === rowCount;
  const pods = isWhole ? shown.reduce((sum, row) => sum + row.count, 0) : total;
  const sum = pods === 1 ? "1 pod is pending" : `${counted(pods)} pods are pending`;
  const notAll = doubt === undefined ? [] : ["", `This may not be all: ${doubt}.`];
  return `${[layout.strong(`${sum}${isWhole ? sumsOf(shown) : "."}`), "", ...entries, ...more, ...notAll].join("\n")}\n`;
}

/** `: 2 need you, 25 blocked` */
function sumsOf(shown: readonly PodRow[]): string {
  const parts = kinds.flatMap(([severities, words]) => {
    const count = shown
      .filter(({ severity }) => (severities as readonly Severity[]).includes(severity))
      .reduce((sum, row) => sum + row.count, 0);
    return count === 0 ? [] : [`${counted(count)} ${words}`];
  });
  return `: ${parts.join(", ")}.`;
}

function nameOf({ namespace, name, workload, count }: PodRow): string {
  return count > 1 ? `${namespace}/${workload?.name ?? name} (${counted(count)} pods)` : `${namespace}/${name}`;
}

/** `2,802`. */
function counted(count: number): string {
  return count.toLocaleString("en-US");
}
