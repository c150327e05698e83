import { describe, expect, it } from "vitest";
import { receiveDelta, receiveSnapshot, syncing } from "./stream.model.ts";

describe("a stream", () => {
  const live = receiveSnapshot(7, { active: 3, gated: 1 });

  it("applies the delta that follows", () => {
    expect(receiveDelta(live, 8, { active: 4, gated: null })).toEqual({ phase: "live", seq: 8, value: { active: 4 } });
  });

  it("leaves out what the snapshot already has", () => {
    expect(receiveDelta(live, 7, { active: 99 })).toBe(live);
  });

  it("breaks at a gap, and at a delta without a snapshot", () => {
    expect(receiveDelta(live, 9, { active: 4 })).toEqual({ phase: "broken" });
    expect(receiveDelta(syncing, 8, { active: 4 })).toEqual({ phase: "broken" });
  });

  it("is whole again with the next snapshot", () => {
    expect(receiveSnapshot(20, { active: 5 })).toEqual({ phase: "live", seq: 20, value: { active: 5 } });
  });
});
