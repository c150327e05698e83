import type { GlyphState } from "#components/ui/index.ts";
import type { Severity, VerdictCode } from "#lib/protocol/index.ts";

const byCode: Partial<Record<VerdictCode, GlyphState>> = {
  "in-flight": "inFlight",
  queued: "active",
  "not-started": "bound",
  "not-watched": "unknown",
};

/** The shape of a verdict: the alarm where somebody is needed, else the state of the queue that it is about. */
export function glyphOf({ code, severity }: { readonly code: VerdictCode; readonly severity: Severity }): GlyphState {
  switch (severity) {
    case "critical":
    case "warning":
      return "missed";
    case "blocked":
      return "unschedulable";
    case "unknown":
      return "unknown";
    case "held":
      return "gated";
    case "waiting":
      return "backoff";
    case "info":
      return byCode[code] ?? "active";
    default:
      return severity satisfies never;
  }
}
