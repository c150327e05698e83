import { describe, expect, it } from "vitest";
import type { Fault, InformerRow } from "#lib/protocol/index.ts";
import { activeWords, choiceProblem, endedFaults, faultRequestOf, hitWords } from "./fault-choice.model.ts";
import { switched, troubleWords } from "./scheduler-fault.model.ts";
import { lossWords, reactionSentence } from "./reactions.model.ts";

function aFault(more: Partial<Fault> = {}): Fault {
  return { id: "fault-1", kind: "drop", verbs: ["list", "watch"], since: 0, hits: { lists: 0, watches: 0 }, ...more };
}

function aRow(reflector: InformerRow["reflector"], more: Partial<InformerRow> = {}): InformerRow {
  const counts = { objects: 7, eventsPerSecond: 0, handlers: 1, hasSynced: true };
  return { key: "v1/pods", resource: "pods", groupVersion: "v1", reflector, ...counts, ...more };
}

describe("a fault", () => {
  const all = { resource: undefined, verbs: "both", limit: "on" } as const;

  it("is asked for as it was chosen, as far as its kind knows such things", () => {
    expect(faultRequestOf("drop", all)).toEqual({ kind: "drop" });
    const chosen = { resource: "v1/pods", verbs: "watch", limit: "30s" } as const;
    expect(faultRequestOf("garbage", chosen)).toEqual({
      kind: "garbage",
      resource: "v1/pods",
      verbs: ["watch"],
      durationMs: 30_000,
    });
    expect(faultRequestOf("compact", { ...chosen, limit: "once" })).toEqual({
      kind: "compact",
      resource: "v1/pods",
      count: 1,
    });
    expect(faultRequestOf("refuse", chosen)).toEqual({ kind: "refuse", durationMs: 30_000 });
    expect(choiceProblem("refuse", { ...all, limit: "once" })).toContain("choose another limit");
    expect(choiceProblem("drop", { ...all, limit: "once" })).toBeUndefined();
  });

  it("says what it is about, how long it lasts, and what it has hit", () => {
    expect(activeWords(aFault(), 0)).toBe("on");
    const scoped = aFault({ resource: "apps/v1/deployments", verbs: ["list"], until: 12_000, left: 1 });
    expect(activeWords(scoped, 0)).toBe("on deployments, lists only, 12 s left, 1 time left");
    const hit = (lists: number, watches: number) => hitWords([aFault({ hits: { lists, watches } })]);
    expect([hit(0, 0), hit(1, 0), hit(2, 1)]).toEqual(["nothing yet", "1 list", "2 lists, 1 watch"]);
    expect(hitWords([aFault({ kind: "refuse", hits: { lists: 0, watches: 3 } })])).toBe("3 connections");
  });

  it("that ended last comes first", () => {
    const ended = { a: aFault({ id: "a", endedAt: 1 }), b: aFault({ id: "b", endedAt: 2 }) };
    expect(endedFaults(ended).map(({ id }) => id)).toEqual(["b", "a"]);
  });
});

describe("a fault of the scheduler", () => {
  const mine = { kind: "pods-lost", namespace: "lost" } as const;

  it("is switched for all pods, and leaves the other kinds alone", () => {
    expect(switched([mine], "no-flush", true)).toEqual([mine, { kind: "no-flush" }]);
    expect(switched([mine, { kind: "no-flush" }], "pods-lost", false)).toEqual([{ kind: "no-flush" }]);
  });

  it("says whose pods it is about", () => {
    expect(troubleWords([mine])).toBe("on pods of lost");
    expect(troubleWords([mine, { kind: "pods-lost" }])).toBe("on");
  });
});

describe("what the informers make of it", () => {
  const watching = { phase: "watching", openedAt: 0, limitMs: 1 } as const;
  const waiting = { phase: "backingOff", until: 9, reason: "refused" } as const;
  const watchLost = { reason: "EOF", message: "", at: 0, asOf: 0 };

  it("is one sentence", () => {
    expect(reactionSentence([])).toBe("No informer runs.");
    expect(reactionSentence([aRow(watching), aRow(watching)])).toBe("All 2 informers watch.");
    expect(reactionSentence([aRow(watching), aRow(waiting)])).toBe(
      "1 of 2 informers does not watch: 1 waits to try again.",
    );
    const trying = aRow({ phase: "connecting", since: 0 }, { watchLost });
    expect(reactionSentence([trying, aRow(waiting), aRow(waiting)])).toBe(
      "3 of 3 informers do not watch: 1 tries, 2 wait to try again.",
    );
  });

  it("names why a watch was lost, and how old its data are", () => {
    expect(lossWords(aRow(watching))).toBeUndefined();
    expect(lossWords(aRow(waiting, { watchLost }))).toMatch(/^EOF, data as of \d\d:\d\d:\d\d$/);
  });
});
