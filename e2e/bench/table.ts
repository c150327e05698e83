import type { Figure, Goal } from "./figure.ts";

const heads = ["", "ours", "peer", "judged", "goal", ""];

/** Aligned columns, numbers to the right. */
export function tableOf(figures: readonly Figure[]): string {
  const rows = [heads, ...figures.map(cellsOf)];
  const widths = heads.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) => row.map((cell, column) => padded(cell, column, widths[column] ?? 0)).join("  ")).join("\n");
}

function cellsOf({ what, unit, ours, peer, judged, goal, isMet }: Figure): string[] {
  return [
    what,
    `${rounded(ours)} ${unit}`,
    peer === undefined ? "" : `${peer.name} ${rounded(peer.value)}`,
    `${rounded(judged)}${goal.unit.startsWith("x") ? "x" : ` ${goal.unit}`}`,
    goalText(goal),
    isMet ? "met" : "missed",
  ];
}

function goalText({ is, bound, unit }: Goal): string {
  return `${is === "atLeast" ? ">=" : "<="} ${bound}${unit.startsWith("x") ? "" : " "}${unit}`;
}

function padded(cell: string, column: number, width: number): string {
  const isText = column === 0 || column === heads.length - 1;
  return isText ? cell.padEnd(width) : cell.padStart(width);
}

/** Three digits that count. */
function rounded(value: number): string {
  if (!Number.isFinite(value)) return "-";
  if (Math.abs(value) >= 100) return Math.round(value).toLocaleString("en-US");
  return String(Number(value.toPrecision(3)));
}
