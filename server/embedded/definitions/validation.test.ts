import { describe, expect, it } from "vitest";
import type { JsonObject, JsonValue } from "#lib/protocol/index.ts";
import { withDefaults } from "./defaulting.ts";
import { pruneObject } from "./pruning.ts";
import { validateValue } from "./validation.ts";

const spec = (schema: JsonObject): JsonObject => ({
  type: "object",
  properties: { spec: { type: "object", properties: { size: schema }, required: ["size"] } },
});

describe("validation against a schema", () => {
  it.each<[string, JsonObject, JsonValue, string]>([
    [
      "a type",
      { type: "integer" },
      "x",
      'Invalid value: "string": spec.size in body must be of type integer: "string"',
    ],
    ["null", { type: "integer" }, null, 'Invalid value: "null": spec.size in body must be of type integer: "null"'],
    [
      "a fraction",
      { type: "integer" },
      1.5,
      'Invalid value: "number": spec.size in body must be of type integer: "number"',
    ],
    [
      "a maximum",
      { type: "integer", maximum: 3 },
      4,
      "Invalid value: 4: spec.size in body should be less than or equal to 3",
    ],
    [
      "a minimum",
      { type: "integer", minimum: 3 },
      2,
      "Invalid value: 2: spec.size in body should be greater than or equal to 3",
    ],
    [
      "an exclusive minimum",
      { type: "number", minimum: 3, exclusiveMinimum: true },
      3,
      "Invalid value: 3: spec.size in body should be greater than 3",
    ],
    ["an enum", { type: "string", enum: ["a", "b"] }, "c", 'Unsupported value: "c": supported values: "a", "b"'],
    ["a pattern", { type: "string", pattern: "^a" }, "b", `Invalid value: "b": spec.size in body should match '^a'`],
    ["a length", { type: "string", maxLength: 1 }, "ab", "Too long: may not be more than 1 bytes"],
    ["a count", { type: "array", maxItems: 1, items: {} }, [1, 2], "Too many: 2: must have at most 1 items"],
    [
      "a union",
      { "x-kubernetes-int-or-string": true },
      true,
      'Invalid value: "boolean": spec.size in body must be of type integer,string: "boolean"',
    ],
    [
      "a choice",
      { oneOf: [{ required: ["a"] }, { required: ["b"] }] },
      { a: 1, b: 1 },
      'Invalid value: {"a":1,"b":1}: spec.size in body must validate one and only one schema (oneOf)',
    ],
  ])("refuses what breaks %s", (_, schema, size, detail) => {
    expect(validateValue({ spec: { size } }, spec(schema))).toEqual([
      { field: "spec.size", reason: expect.stringMatching(/^FieldValue/), detail },
    ]);
  });

  it("names what is required, and the item that is wrong", () => {
    expect(validateValue({ spec: {} }, spec({}))).toEqual([
      { field: "spec.size", reason: "FieldValueRequired", detail: "Required value" },
    ]);
    const [error] = validateValue({ spec: { size: ["a", 1] } }, spec({ type: "array", items: { type: "string" } }));
    expect(error?.field).toBe("spec.size[1]");
  });

  it.each<[string, JsonObject, JsonValue]>([
    ["an integer as a number", { type: "number" }, 1],
    ["null where it may be", { type: "string", nullable: true }, null],
    ["any value without a schema", {}, { a: [1] }],
    ["either of a union", { "x-kubernetes-int-or-string": true }, "80%"],
  ])("lets %s pass", (_, schema, size) => {
    expect(validateValue({ spec: { size } }, spec(schema))).toEqual([]);
  });
});

describe("pruning", () => {
  const schema: JsonObject = {
    type: "object",
    properties: {
      spec: { type: "object", properties: { size: { type: "integer" }, list: { items: { properties: { a: {} } } } } },
      free: { type: "object", "x-kubernetes-preserve-unknown-fields": true },
      labels: { type: "object", additionalProperties: { type: "string" } },
    },
  };

  it("drops what the schema does not know, at any depth, and says what that was", () => {
    const object = {
      apiVersion: "a/v1",
      metadata: { name: "x" },
      spec: { size: 1, colour: "red", list: [{ a: 1, b: 2 }] },
      free: { anything: { goes: 1 } },
      labels: { any: "thing" },
      extra: {},
    };
    expect(pruneObject(object, schema)).toEqual({
      value: {
        apiVersion: "a/v1",
        metadata: { name: "x" },
        spec: { size: 1, list: [{ a: 1 }] },
        free: { anything: { goes: 1 } },
        labels: { any: "thing" },
      },
      unknown: ["spec.colour", "spec.list[0].b", "extra"],
    });
  });
});

describe("defaults", () => {
  it("fill in what is not said, also within a default, and in items", () => {
    const schema: JsonObject = {
      properties: {
        spec: { default: {}, properties: { size: { default: 3 }, kept: { default: 1, nullable: true } } },
        list: { items: { properties: { a: { default: true } } } },
      },
    };
    expect(withDefaults({ list: [{}, { a: false }] }, schema)).toEqual({
      list: [{ a: true }, { a: false }],
      spec: { size: 3, kept: 1 },
    });
    expect(withDefaults({ spec: { size: null, kept: null } }, schema)).toEqual({ spec: { size: 3, kept: null } });
  });
});
