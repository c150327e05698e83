import { describe, expect, it } from "vitest";
import { expectToKeepContract } from "./contract.ts";

const tail = { registration: 1, total: 0, perSecond: 0, lines: {} };

describe("the contract of the wire", () => {
  it("is kept by what the schema says", () => {
    expectToKeepContract("tail", tail);
  });

  it.each([
    ["a part that is missing", { ...tail, lines: undefined }],
    ["a part of another type", { ...tail, total: "0" }],
    ["null, which a patch takes for a removal", { ...tail, total: null }],
    ["null deep down", { ...tail, lines: { 1: { seq: null } } }],
    ["a part nobody knows", { ...tail, more: 1 }],
    ["undefined, which does not survive JSON", { ...tail, more: undefined }],
    ["a number that does not survive JSON", { ...tail, total: Number.NaN }],
  ])("is broken by %s", (_what, value) => {
    expect(() => expectToKeepContract("tail", value)).toThrow();
  });
});
