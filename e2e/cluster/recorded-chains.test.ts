import { describe, expect, it } from "vitest";
import { brokenChains, finalState, type Told } from "./recorded-chains.ts";

const object = (uid: string, resourceVersion: string) => ({ metadata: { name: "a", uid, resourceVersion } });
const [a1, a2, a3, b4] = [object("a", "1"), object("a", "2"), object("a", "3"), object("b", "4")];
const added = (one: typeof a1): Told => ({ kind: "add", object: one });
const updated = (old: typeof a1, one: typeof a1): Told => ({ kind: "update", old, object: one });
const deleted = (one: typeof a1, isInferred = false): Told => ({ kind: "delete", object: one, isInferred });

describe("chains are whole", () => {
  it.each<readonly [string, readonly Told[], string]>([
    ["added, updated, deleted", [added(a1), updated(a1, a2), deleted(a3)], ""],
    ["resynced", [added(a1), updated(a1, a1)], "a@1"],
    ["listed again, as a copy", [added(a1), updated(object("a", "1"), a2)], "a@2"],
    ["out of the filter and in again", [added(a1), deleted(a1), added(a3)], "a@3"],
    ["replaced under its name", [added(a1), updated(a1, b4)], "b@4"],
    ["inferred", [added(a1), added(b4), deleted(a1, true)], "b@4"],
  ])("%s", (_, told, left) => {
    expect(brokenChains(told)).toEqual([]);
    expect([...finalState(told)].map(([uid, version]) => `${uid}@${version}`).join()).toBe(left);
  });
});

describe("a break is found:", () => {
  it.each<readonly [string, readonly Told[], string]>([
    ["added twice", [added(a1), added(a2)], "a: aa"],
    ["updated before it was added", [updated(a1, a2)], "a: u"],
    ["deleted twice", [added(a1), deleted(a1), deleted(a1)], "a: add"],
    ["updated after it was deleted", [added(a1), deleted(a1), updated(a1, a2)], "a: adu"],
    ["one left out", [added(a1), updated(a2, a3)], "a: from 2, after 1"],
    ["inferred from another state", [added(a1), deleted(a2, true)], "a: from 2, after 1"],
    ["replaced what was not there", [updated(a1, b4)], "a: d"],
  ])("%s", (_, told, says) => {
    expect(brokenChains(told)).toEqual([says]);
  });
});
