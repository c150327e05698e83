import { describe, expect, it } from "vitest";
import type { Informer, Verified } from "#lib/protocol/index.ts";
import { differenceRows, verificationWords, verifiedSentence } from "./verification.model.ts";

const none = { count: 0, first: [] };
const now = 100_000;
const aResult = (more: Partial<Verified> = {}): Verified => ({
  at: now - 12_000,
  tookMs: 1_200,
  resourceVersion: "9",
  compared: 12_408,
  missing: none,
  extra: none,
  older: none,
  moved: 0,
  ...more,
});

const wordsOf = (verification: Informer["verification"]) =>
  verificationWords({ verification } as Pick<Informer, "verification"> as Informer, now);

describe("a comparison of the store with the server", () => {
  it("is told in a few words", () => {
    const problem = { code: "timed-out", title: "Timed out", message: "", hint: "" };
    expect(wordsOf(undefined).value).toBe("not asked for");
    expect(wordsOf({ phase: "running", since: now - 400 }).value).toBe("comparing, 0.4 s");
    expect(wordsOf({ phase: "failed", at: now, problem })).toEqual({ value: "Timed out", tone: "bad" });
    expect(wordsOf({ phase: "done", result: aResult() })).toEqual({
      value: "all 12,408 match, 12 s ago",
      tone: "good",
    });
    const older = { count: 3, first: [] };
    expect(wordsOf({ phase: "done", result: aResult({ older }) })).toEqual({
      value: "3 differ, 12 s ago",
      tone: "bad",
    });
  });

  it("is told in a sentence to whoever asked", () => {
    expect(verifiedSentence("pods", aResult())).toBe(
      "The store of pods has what the server has: 12,408 objects compared in 1.2 s.",
    );
    expect(verifiedSentence("pods", aResult({ extra: { count: 1, first: [] } }))).toMatch(/^1 object of pods differ/);
  });

  it("says of each object what differs, and tells a recreated one apart", () => {
    const result = aResult({
      missing: { count: 1, first: [{ key: "a/new", listedUid: "u1", listedVersion: "7" }] },
      older: {
        count: 2,
        first: [
          { key: "a/old", storedUid: "u2", listedUid: "u2", storedVersion: "3", listedVersion: "5" },
          { key: "a/again", storedUid: "u3", listedUid: "u4", storedVersion: "3", listedVersion: "6" },
        ],
      },
    });
    expect(differenceRows(result)).toEqual([
      { key: "a/new", what: "on the server only", stored: "none", listed: "7" },
      { key: "a/old", what: "another version", stored: "3", listed: "5" },
      { key: "a/again", what: "recreated", stored: "3", listed: "6" },
    ]);
  });
});
