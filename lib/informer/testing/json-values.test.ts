import { describe, expect, it } from "vitest";
import { DecodeError } from "../api-errors.ts";
import { JsonValues } from "./json-values.ts";

const text = '{"a":"}\\"{","b":[{"c":1}]}\n\n{"d":{}}{"e":2}';

describe("JSON values in a text", () => {
  it.each([1, 2, 3, 7, 100])("are cut wherever it is broken: every %d characters", (size) => {
    const values = new JsonValues();
    const found: unknown[] = [];
    for (let start = 0; start < text.length; start += size) {
      values.push(text.slice(start, start + size));
      for (let value = values.next(); value !== undefined; value = values.next()) found.push(value);
    }
    expect(found).toEqual([{ a: '}"{', b: [{ c: 1 }] }, { d: {} }, { e: 2 }]);
  });

  it("are nothing else than objects", () => {
    const values = new JsonValues();
    values.push("hello");
    expect(() => values.next()).toThrow(DecodeError);
    const broken = new JsonValues();
    broken.push('{"a":}');
    expect(() => broken.next()).toThrow(DecodeError);
  });
});
