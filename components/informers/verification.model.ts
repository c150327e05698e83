import { formatAge, formatCount, formatDuration, formatPlural } from "#components/ui/index.ts";
import type { Informer, Verified } from "#lib/protocol/index.ts";

export interface VerificationWords {
  readonly value: string;
  readonly tone: "quiet" | "good" | "bad";
}

/** How the last comparison of the store with the server went. */
export function verificationWords({ verification }: Informer, now: number): VerificationWords {
  switch (verification?.phase) {
    case undefined:
      return { value: "not asked for", tone: "quiet" };
    case "running":
      return { value: `comparing, ${formatAge(now - verification.since)}`, tone: "quiet" };
    case "failed":
      return { value: verification.problem.title, tone: "bad" };
    case "done": {
      const { result } = verification;
      const differ = differing(result);
      const ago = `${formatAge(now - result.at)} ago`;
      return differ === 0
        ? { value: `all ${formatCount(result.compared)} match, ${ago}`, tone: "good" }
        : { value: `${formatCount(differ)} differ, ${ago}`, tone: "bad" };
    }
    default:
      return verification satisfies never;
  }
}

export function differing({ missing, extra, older }: Verified): number {
  return missing.count + extra.count + older.count;
}

/** The result in one sentence, for whoever asked. */
export function verifiedSentence(resource: string, result: Verified): string {
  const differ = differing(result);
  const compared = `${formatPlural(result.compared, "object")} compared in ${formatDuration(result.tookMs)}`;
  return differ === 0
    ? `The store of ${resource} has what the server has: ${compared}.`
    : `${formatPlural(differ, "object")} of ${resource} differ from the server: ${compared}.`;
}

export interface DifferenceRow {
  readonly key: string;
  /** `on the server only`, `in the store only`, `another version`, `recreated`. */
  readonly what: string;
  readonly stored: string;
  readonly listed: string;
}

const whats = {
  missing: "on the server only",
  extra: "in the store only",
  older: "another version",
} as const;

/** What differs, as far as the server sent it. */
export function differenceRows(result: Verified): readonly DifferenceRow[] {
  return (["missing", "extra", "older"] as const).flatMap((kind) =>
    result[kind].first.map(({ key, storedUid, storedVersion, listedUid, listedVersion }) => ({
      key,
      what: storedUid !== undefined && listedUid !== undefined && storedUid !== listedUid ? "recreated" : whats[kind],
      stored: storedVersion ?? "none",
      listed: listedVersion ?? "none",
    })),
  );
}
