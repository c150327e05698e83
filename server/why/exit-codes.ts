import type { DiagnosisReport, Pods, Severity } from "#lib/protocol/index.ts";

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

/** The worst of all. None at all is good news only where all were read. */
export function exitCodeOfAll({ rows, doubt }: Pods): number {
  const codes: number[] = Object.values(rows).map(({ severity }) => exitCodes[severity]);
  if (doubt !== undefined) codes.push(cannotTell);
  if (codes.includes(2)) return 2;
  return codes.includes(3) ? 3 : codes.includes(1) ? 1 : 0;
}
