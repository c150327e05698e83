import { describe, expect, it } from "vitest";
import type { InformerRow, ReflectorState } from "#lib/protocol/index.ts";
import { matchesFilter, ownerNotes, placeOf, sortInformers, stateOf, totalObjects } from "./informer-list.model.ts";

const anInformer = (
  key: string,
  reflector: ReflectorState = { phase: "watching", openedAt: 0, limitMs: 300_000 },
): InformerRow => ({
  key,
  resource: key.slice(key.lastIndexOf("/") + 1),
  groupVersion: key.slice(0, key.lastIndexOf("/")),
  reflector,
  hasSynced: true,
  objects: 12,
  eventsPerSecond: 3,
  handlers: 1,
});

describe("the state of an informer", () => {
  it.each([
    [{ phase: "watching", openedAt: 0, limitMs: 300_000 }, { shape: "watching" }],
    [
      { phase: "listing", page: 12, received: 5_500 },
      { shape: "listing", word: "page 12" },
    ],
    [
      { phase: "listing", page: 12, received: 5_500, pagesAbout: 25 },
      { shape: "listing", word: "page 12 of about 25" },
    ],
    [
      { phase: "streaming", received: 1_204 },
      { shape: "listing", word: "1,204 so far" },
    ],
    [
      { phase: "backingOff", until: 5_600, reason: "EOF" },
      { shape: "backingOff", word: "retry in 4.6 s" },
    ],
    [
      { phase: "connecting", since: 0 },
      { shape: "listing", word: "opening the watch" },
    ],
    [{ phase: "idle" }, { shape: "idle", word: "not started" }],
    [{ phase: "stopped" }, { shape: "idle", word: "stopped" }],
  ] as const)("of %o is %o", (reflector, state) => {
    expect(stateOf(anInformer("v1/pods", reflector), 1_000)).toEqual(state);
  });

  it("is forbidden whatever the reflector does meanwhile", () => {
    const problem = { code: "forbidden", title: "Forbidden", message: "", hint: "" };
    const row = { ...anInformer("v1/pods", { phase: "backingOff", until: 9, reason: "403" }), problem };
    expect(stateOf(row, 0)).toEqual({ shape: "refused", word: "forbidden" });
  });
});

it("sorts pods and nodes first, then the core group, then the others", () => {
  const keys = ["storage.k8s.io/v1/csinodes", "v1/nodes", "v1/events", "apps/v1/deployments", "v1/pods"];
  const rows = sortInformers(Object.fromEntries(keys.map((key) => [key, anInformer(key)])));
  expect(rows.map(({ key }) => key)).toEqual([
    "v1/pods",
    "v1/nodes",
    "v1/events",
    "apps/v1/deployments",
    "storage.k8s.io/v1/csinodes",
  ]);
  expect(totalObjects(rows)).toBe(60);
});

it("says when an informer without handlers will stop", () => {
  expect(stateOf({ ...anInformer("v1/pods"), handlers: 0, lingersUntil: 31_000 }, 1_000)).toEqual({
    shape: "watching",
    word: "stops in 30 s",
  });
});

it("says where an informer lists, and why its watch was lost", () => {
  expect(placeOf(anInformer("apps/v1/deployments"))).toBe("apps/v1");
  const watchLost = { reason: "410 Gone", message: "", at: 0, asOf: 0 };
  const row = { ...anInformer("v1/pods"), namespace: "shop", fieldSelector: "status.phase=Running", leaked: 2 };
  expect(placeOf({ ...row, watchLost })).toBe("v1, in shop, 410 Gone, 2 leaked, status.phase=Running");
});

it("finds informers by name and group", () => {
  const row = anInformer("apps/v1/deployments");
  expect(["deploy", "APPS", " "].map((filter) => matchesFilter(row, filter))).toEqual([true, true, true]);
  expect(matchesFilter(row, "pods")).toBe(false);
});

it("notes owners that left registrations behind or only ever add", () => {
  const owner = { registrations: 12, isReleased: false, isSuspect: false };
  const notes = ownerNotes(
    {
      1: { ...owner, name: "quiet" },
      2: { ...owner, name: "growing", isSuspect: true, growingSince: 0 },
      3: { ...owner, name: "gone", isReleased: true, isSuspect: true },
      4: { ...owner, name: "tidy", isReleased: true, registrations: 0 },
    },
    840_000,
  );
  expect(notes.map(({ name, kind, text }) => `${kind}: ${name} ${text}`)).toEqual([
    "suspect: growing has only added for 14m 00s: 12 handlers",
    "leaked: gone is gone and left 12 handlers behind",
  ]);
});
