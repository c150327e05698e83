import type { Sentence } from "./sentence.ts";

/** The worst first. */
export type Severity = "critical" | "warning" | "blocked" | "unknown" | "held" | "waiting" | "info";

/** In the order in which they are tried: the first that holds is the verdict. */
export const severities = {
  "no-scheduler": "critical",
  "not-watched": "info",
  "missed-event": "critical",
  "stuck-in-flight": "critical",
  lost: "critical",
  "never-tried": "warning",
  "flush-overdue": "critical",
  "plugin-error": "critical",
  disagrees: "warning",
  features: "blocked",
  "stale-nomination": "warning",
  "not-started": "info",
  preempting: "waiting",
  "permit-wait": "waiting",
  "in-flight": "info",
  gated: "held",
  "pre-enqueue": "held",
  "fits-now": "waiting",
  backoff: "waiting",
  queued: "info",
  unknown: "unknown",
  "no-nodes": "blocked",
  "claim-missing": "blocked",
  "volume-wait": "blocked",
  "volume-zone": "blocked",
  "volume-limit": "blocked",
  "device-wait": "blocked",
  "near-toleration": "blocked",
  "near-resource": "blocked",
  "near-cordon": "blocked",
  "no-match": "blocked",
  "no-label": "blocked",
  spread: "blocked",
  affinity: "blocked",
  "anti-affinity": "blocked",
  "pod-limit": "blocked",
  "volume-unbound": "blocked",
  ports: "blocked",
  "no-fit-kind": "blocked",
  "no-fit": "blocked",
} as const satisfies Record<string, Severity>;

export type VerdictCode = keyof typeof severities;

/** A verdict before it is known how sure it is. */
export interface Finding {
  readonly code: VerdictCode;
  /** As a row says it. */
  readonly row: Sentence;
  /** With full detail, where there is more to say. */
  readonly headline?: Sentence;
  readonly plugins: readonly string[];
}
