import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { applyPatch, diff, type JsonObject, type JsonValue } from "./merge-patch.ts";

const leaf = fc.oneof(fc.string(), fc.integer(), fc.boolean());
const { value: tree } = fc.letrec<{ value: JsonObject; node: JsonValue }>((tie) => ({
  value: fc.dictionary(fc.constantFrom("a", "b", "c", "d", "e", "1"), tie("node"), { maxKeys: 5 }),
  node: fc.oneof({ depthSize: "small" }, leaf, fc.array(leaf, { maxLength: 4 }), tie("value")),
}));

describe("merge patch", () => {
  it("turns the value before into the value after, whatever they are", () => {
    fc.assert(
      fc.property(tree, tree, (before, after) => {
        const patch = diff(before, after);
        expect(patch === undefined ? before : applyPatch(before, JSON.parse(JSON.stringify(patch)))).toEqual(after);
      }),
    );
  });

  it("is undefined exactly when nothing changed", () => {
    fc.assert(
      fc.property(tree, (value) => {
        expect(diff(value, structuredClone(value))).toBeUndefined();
      }),
    );
    expect(diff({ a: 1 }, { a: 2 })).toEqual({ a: 2 });
    expect(diff({ a: 1 }, {})).toEqual({ a: null });
    expect(diff({ a: {} }, { a: [] })).toEqual({ a: [] });
  });

  it("keeps the reference of what it does not touch", () => {
    const before = { rows: { a: { n: 1 }, b: { n: 1 } }, total: 2 };
    const after = applyPatch(before, { rows: { a: { n: 2 } } }) as typeof before;
    expect(after.rows.a).toEqual({ n: 2 });
    expect(after.rows.b).toBe(before.rows.b);
    expect(before.rows.a).toEqual({ n: 1 });
  });

  it("changes no prototype, whatever a peer sends", () => {
    const patched = applyPatch({}, JSON.parse('{"__proto__": {"isAdmin": true}}'));
    expect("isAdmin" in patched).toBe(false);
  });
});
