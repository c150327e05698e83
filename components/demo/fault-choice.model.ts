import { faultWords, scopeWords } from "#components/faults/index.ts";
import { formatAge, formatPlural } from "#components/ui/index.ts";
import type { Fault, FaultKind, FaultRequest, FaultVerb } from "#lib/protocol/index.ts";

export const verbChoices = ["both", "list", "watch"] as const;
export type VerbChoice = (typeof verbChoices)[number];
export const verbLabels = { both: "Lists and watches", list: "Lists", watch: "Watches" } as const satisfies Record<
  VerbChoice,
  string
>;

export const limitChoices = ["on", "30s", "once"] as const;
export type LimitChoice = (typeof limitChoices)[number];
export const limitLabels = {
  on: "Until off",
  "30s": "30 s",
  once: "Once",
} as const satisfies Record<LimitChoice, string>;

/** What the next fault that is switched on will be about. */
export interface FaultChoice {
  /** `undefined`: all. */
  readonly resource: string | undefined;
  readonly verbs: VerbChoice;
  readonly limit: LimitChoice;
}

const retryAfterSeconds = 2;
const delayMs = 2_000;

/** About connections and history, which have no verbs. */
const withoutVerbs: ReadonlySet<FaultKind> = new Set<FaultKind>(["refuse", "compact"]);

/** Why a fault cannot be switched on as it is chosen; `undefined` when it can. */
export function choiceProblem(kind: FaultKind, { limit }: FaultChoice): string | undefined {
  if (kind === "refuse" && limit === "once") return "Connections are refused for a time: choose another limit.";
  return undefined;
}

export function faultRequestOf(kind: FaultKind, { resource, verbs, limit }: FaultChoice): FaultRequest {
  return {
    kind,
    ...(resource === undefined || kind === "refuse" ? {} : { resource }),
    ...(verbs === "both" || withoutVerbs.has(kind) ? {} : { verbs: [verbs] satisfies readonly FaultVerb[] }),
    ...(limit === "30s" ? { durationMs: 30_000 } : {}),
    ...(limit === "once" ? { count: 1 } : {}),
    ...(kind === "throttle" ? { retryAfterSeconds } : {}),
    ...(kind === "slow" ? { delayMs } : {}),
  };
}

/** `on pods, 12 s left`; `on` where it is about everything, for ever. */
export function activeWords(fault: Fault, now: number): string {
  const { until, left } = fault;
  return [
    scopeWords(fault) || "on",
    until === undefined ? "" : `${formatAge(until - now)} left`,
    left === undefined ? "" : `${formatPlural(left, "time")} left`,
  ]
    .filter((part) => part !== "")
    .join(", ");
}

/** `3 lists, 12 watches`. */
export function hitWords(faults: readonly Fault[]): string {
  const lists = faults.reduce((sum, { hits }) => sum + hits.lists, 0);
  const watches = faults.reduce((sum, { hits }) => sum + hits.watches, 0);
  const parts = [...(lists > 0 ? [formatPlural(lists, "list")] : []), ...watchWords(faults, watches)];
  return parts.length === 0 ? "nothing yet" : parts.join(", ");
}

function watchWords(faults: readonly Fault[], watches: number): readonly string[] {
  if (watches === 0) return [];
  const isRefusing = faults.every(({ kind }) => kind === "refuse");
  return [isRefusing ? formatPlural(watches, "connection") : formatPlural(watches, "watch", "watches")];
}

/** The newest first. */
export function endedFaults(ended: Readonly<Record<string, Fault>>): readonly Fault[] {
  return Object.values(ended).sort((a, b) => (b.endedAt ?? 0) - (a.endedAt ?? 0) || b.id.localeCompare(a.id));
}

/** What is said to somebody who has switched. */
export function switchedWords(kind: FaultKind, isOn: boolean): string {
  return `${faultWords[kind].name}: ${isOn ? "on" : "off"}.`;
}
