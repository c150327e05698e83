import { isAssigned } from "../pod-info.ts";
import { cannotTell } from "./cause.ts";
import { severities, type Finding, type Severity, type VerdictCode } from "./code.ts";
import { placeRules } from "./place-rules.ts";
import { accusations, schedulerRules } from "./scheduler-rules.ts";
import type { Sentence } from "./sentence.ts";
import type { Situation } from "./situation.ts";

/** One sentence about one pod, how bad it is, and how it is known. */
export interface Verdict {
  readonly code: VerdictCode;
  readonly severity: Severity;
  readonly row: Sentence;
  readonly headline: Sentence;
  readonly provenance: "observed" | "simulated" | "actual";
  readonly plugins: readonly string[];
}

/** What the API says itself; all the rest is worked out. */
const observed: ReadonlySet<VerdictCode> = new Set([
  "no-scheduler",
  "not-watched",
  "never-tried",
  "plugin-error",
  "not-started",
  "preempting",
  "gated",
  "no-nodes",
  "claim-missing",
  "volume-unbound",
]);

const allRules = [...schedulerRules, ...placeRules];

/** The first rule that holds. A pure function: the same situation has the same verdict. */
export function judge(situation: Situation): Verdict {
  const { code, row, headline = row, plugins } = firstFinding(situation);
  const provenance = situation.mode === "actual" ? "actual" : observed.has(code) ? "observed" : "simulated";
  return { code, severity: severities[code], row, headline, provenance, plugins };
}

function firstFinding(situation: Situation): Finding {
  // Whoever has a node is past scheduling, whatever became of the scheduler.
  const rules = isAssigned(situation.pod) ? placeRules : allRules;
  for (const rule of rules) {
    if (situation.isCatchingUp === true && accusations.has(rule)) continue;
    const finding = rule(situation);
    if (finding !== undefined) return finding;
  }
  return cannotTell("nothing is known about it");
}
