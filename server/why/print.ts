import { sentenceText, type DiagnosisReport, type Pods, type Severity } from "#lib/protocol/index.ts";

const exitCodes = {
  critical: 2,
  warning: 2,
  blocked: 1,
  held: 1,
  waiting: 1,
  info: 1,
  unknown: 3,
} as const satisfies Record<Severity, number>;

export const notFound = 4;
export const cannotTell = 3;

export function exitCodeOf({ pod }: DiagnosisReport): number {
  if (pod.state === "bound") return 0;
  return pod.state === "gone" ? notFound : exitCodes[pod.verdict.severity];
}

/** The worst of all. */
export function exitCodeOfAll({ rows }: Pods): number {
  const codes = Object.values(rows).map(({ severity }) => exitCodes[severity]);
  if (codes.includes(2)) return 2;
  return codes.includes(3) ? 3 : codes.includes(1) ? 1 : 0;
}

/** The sentence, then the report without its title. */
export function reportText({ headline, markdown, pod }: DiagnosisReport): string {
  const [, ...rest] = markdown.split("\n").slice(3);
  return `${pod.namespace}/${pod.name}\n${headline}\n${pod.state === "pending" ? `\n${plain(rest.join("\n"))}` : ""}`;
}

function plain(markdown: string): string {
  return markdown.replaceAll(/^## (.*)\n$/gm, "$1:").replaceAll("`", "");
}

export function podsText({ order, rows, total, rowCount }: Pods, now: number): string {
  const lines = order.flatMap((key) => {
    const row = rows[key];
    if (row === undefined) return [];
    const name =
      row.count > 1
        ? `${row.namespace}/${row.workload?.name ?? row.name} (${row.count} pods)`
        : `${row.namespace}/${row.name}`;
    return [`${row.severity.padEnd(8)} ${name}\n         ${sentenceText(row.sentence, now)}`];
  });
  const more = rowCount > order.length ? `\n… and ${rowCount - order.length} more groups` : "";
  return `${total} pods wait.\n\n${lines.join("\n")}${more}\n`;
}
