import { describe, expect, it } from "vitest";
import type { RegistrationRow } from "#lib/protocol/index.ts";
import {
  addedSentence,
  filterText,
  heldRegistrations,
  isBehind,
  pendingScale,
  shownRegistrations,
  syncState,
} from "./registrations.model.ts";

const aRegistration = (id: number, more: Partial<RegistrationRow> = {}): RegistrationRow => ({
  id,
  owner: "node-usage",
  kind: "count",
  handler: "usage.tally",
  handlerValue: id,
  filter: {},
  hasSynced: true,
  delivered: 0,
  failed: 0,
  filtered: 0,
  handlingTimes: {},
  pending: 0,
  lagMs: 0,
  addedAt: 0,
  isLeaked: false,
  isSuspect: false,
  isRemovable: true,
  ...more,
});

const byId = (...rows: readonly RegistrationRow[]) => Object.fromEntries(rows.map((row) => [row.id, row]));

describe("registrations", () => {
  it("stand in the order of their handles, the removed ones in their old places", () => {
    const shown = shownRegistrations(byId(aRegistration(100), aRegistration(9)), [aRegistration(14)]);
    expect(shown.map(({ row, isRemoved }) => [row.id, isRemoved])).toEqual([
      [9, false],
      [14, true],
      [100, false],
    ]);
  });

  it("do not show one twice that came back before it was told to have gone", () => {
    expect(shownRegistrations(byId(aRegistration(14)), [aRegistration(14)])).toHaveLength(1);
  });

  it("keep a removed row once, also when it is held and removed", () => {
    const shown = shownRegistrations(byId(aRegistration(20)), [aRegistration(14), aRegistration(14)]);
    expect(shown.map(({ row, isRemoved }) => [row.id, isRemoved])).toEqual([
      [14, true],
      [20, false],
    ]);
  });

  it("show that one handler value is registered several times, as long as it is", () => {
    const tally = { handlerValue: 7 };
    const rows = byId(aRegistration(14, tally), aRegistration(15, tally), aRegistration(16, tally), aRegistration(18));
    expect(shownRegistrations(rows, []).map(({ sharing }) => sharing)).toEqual([
      { kind: "first", times: 3 },
      { kind: "again" },
      { kind: "again" },
      undefined,
    ]);
    const left = shownRegistrations(byId(aRegistration(16, tally)), [
      aRegistration(14, tally),
      aRegistration(15, tally),
    ]);
    expect(left.map(({ sharing }) => sharing)).toEqual([undefined, undefined, undefined]);
  });

  it("share one scale for what is pending", () => {
    const calm = shownRegistrations(byId(aRegistration(1, { pending: 4 })), []);
    const behind = shownRegistrations(byId(aRegistration(1, { pending: 40_000 })), []);
    expect(pendingScale(calm)).toBe(10_000);
    expect(pendingScale(behind)).toBe(40_000);
    expect([5_000, 5_001].map((pending) => isBehind(aRegistration(1, { pending })))).toEqual([false, true]);
  });

  it("say what their filter lets through", () => {
    expect(filterText({})).toBe("all");
    expect(filterText({ namespace: "batch", labelSelector: "app in (a,b)" })).toBe("ns=batch, app in (a,b)");
  });

  it("tell how far a late handler has caught up", () => {
    expect(syncState(aRegistration(1))).toEqual({ kind: "synced" });
    const late = { hasSynced: false, initialAdds: { delivered: 7_104, total: 12_408 } };
    expect(syncState(aRegistration(1, late))).toMatchObject({ kind: "replaying", percent: "57%" });
    expect(syncState(aRegistration(1, { hasSynced: false }))).toEqual({ kind: "waiting" });
    expect(syncState(aRegistration(1, { stoppedReason: "buffer full" }))).toEqual({
      kind: "stopped",
      reason: "buffer full",
    });
  });

  it("say under which handles one was added", () => {
    expect(addedSentence([26], 12_408, true)).toBe("Added again as 26, replaying 12,408.");
    expect(addedSentence([26, 27, 28], 5)).toBe("Added as 26 to 28, replaying 5.");
  });
});

it("which registrations are listed stands still while somebody is in the list; what they say does not", () => {
  const held = byId(aRegistration(14), aRegistration(15));
  const live = byId(aRegistration(15, { delivered: 9 }), aRegistration(16));
  expect(heldRegistrations(held, live)).toEqual({
    registrations: byId(aRegistration(15, { delivered: 9 })),
    gone: [aRegistration(14)],
    cameCount: 1,
  });
});
