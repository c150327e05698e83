import type { JsonObject, JsonValue } from "#lib/protocol/index.ts";
import type { FieldError } from "../api/status.ts";
import { isJsonObject, isList, isSameJson, textAt } from "../storage/api-object.ts";
import { itemSchema, memberPath, memberSchema, typeOf, type Schema } from "./schema.ts";

/**
 * What is wrong with a value, each fault in the words of the real server. Formats, and rules in CEL, are not looked at.
 * Upstream: `apiextensions-apiserver/pkg/apiserver/validation` over `kube-openapi/pkg/validation/validate`.
 */
export function validateValue(value: JsonValue, schema: Schema, path = ""): readonly FieldError[] {
  if (value === null && schema["nullable"] === true) return [];
  const mistyped = typeError(value, schema, path);
  if (mistyped !== undefined) return [mistyped];
  const errors = [...enumErrors(value, schema, path), ...combinedErrors(value, schema, path)];
  if (typeof value === "number") errors.push(...numberErrors(value, schema, path));
  if (typeof value === "string") errors.push(...stringErrors(value, schema, path));
  if (isList(value)) errors.push(...listErrors(value, schema, path));
  else if (isJsonObject(value)) errors.push(...objectErrors(value, schema, path));
  return errors;
}

function typeError(value: JsonValue, schema: Schema, path: string): FieldError | undefined {
  const wanted = schema["x-kubernetes-int-or-string"] === true ? ["integer", "string"] : [textAt(schema, "type")];
  const [first] = wanted;
  const actual = typeOf(value);
  const isNumber = actual === "integer" && wanted.includes("number");
  if (first === "" || wanted.includes(actual) || isNumber) return undefined;
  const types = wanted.join(",");
  const why = `${inBody(path)} must be of type ${types}: ${JSON.stringify(actual)}`;
  const detail = `Invalid value: ${JSON.stringify(actual)}: ${why}`;
  return { field: fieldOf(path), reason: "FieldValueTypeInvalid", detail };
}

function enumErrors(value: JsonValue, schema: Schema, path: string): FieldError[] {
  const allowed = schema["enum"];
  if (!isList(allowed) || allowed.some((each) => isSameJson(each, value))) return [];
  const supported = allowed.map((each) => JSON.stringify(each)).join(", ");
  const detail = `Unsupported value: ${JSON.stringify(value)}: supported values: ${supported}`;
  return [{ field: fieldOf(path), reason: "FieldValueNotSupported", detail }];
}

function numberErrors(value: number, schema: Schema, path: string): FieldError[] {
  const { minimum, maximum, multipleOf, exclusiveMinimum, exclusiveMaximum } = schema;
  const errors: FieldError[] = [];
  const refuse = (why: string): unknown => errors.push(invalid(path, value, why));
  if (typeof minimum === "number") {
    if (exclusiveMinimum === true && value <= minimum) refuse(`should be greater than ${minimum}`);
    else if (value < minimum) refuse(`should be greater than or equal to ${minimum}`);
  }
  if (typeof maximum === "number") {
    if (exclusiveMaximum === true && value >= maximum) refuse(`should be less than ${maximum}`);
    else if (value > maximum) refuse(`should be less than or equal to ${maximum}`);
  }
  if (typeof multipleOf === "number" && !Number.isInteger(value / multipleOf)) {
    refuse(`should be a multiple of ${multipleOf}`);
  }
  return errors;
}

function stringErrors(value: string, schema: Schema, path: string): FieldError[] {
  const { minLength, maxLength, pattern } = schema;
  const length = Array.from(value).length;
  const errors: FieldError[] = [];
  if (typeof maxLength === "number" && length > maxLength) {
    const detail = `Too long: may not be more than ${maxLength} bytes`;
    errors.push({ field: fieldOf(path), reason: "FieldValueTooLong", detail });
  }
  if (typeof minLength === "number" && length < minLength) {
    errors.push(invalid(path, value, `should be at least ${minLength} chars long`));
  }
  if (typeof pattern === "string" && !matches(pattern, value)) {
    errors.push(invalid(path, value, `should match '${pattern}'`));
  }
  return errors;
}

/** Go's syntax and ours differ little; a pattern that we cannot read refuses nothing. */
function matches(pattern: string, value: string): boolean {
  try {
    return new RegExp(pattern, "u").test(value);
  } catch {
    return true;
  }
}

function listErrors(list: readonly JsonValue[], schema: Schema, path: string): FieldError[] {
  const { minItems, maxItems } = schema;
  const errors: FieldError[] = [];
  if (typeof maxItems === "number" && list.length > maxItems) {
    const detail = `Too many: ${list.length}: must have at most ${maxItems} items`;
    errors.push({ field: fieldOf(path), reason: "FieldValueTooMany", detail });
  }
  if (typeof minItems === "number" && list.length < minItems) {
    errors.push(invalid(path, list.length, `should have at least ${minItems} items`));
  }
  const item = itemSchema(schema);
  return [...errors, ...list.flatMap((value, index) => validateValue(value, item, `${path}[${index}]`))];
}

function objectErrors(object: JsonObject, schema: Schema, path: string): FieldError[] {
  const required = isList(schema["required"]) ? schema["required"].filter((name) => typeof name === "string") : [];
  const errors: FieldError[] = required
    .filter((name) => object[name] === undefined)
    .map((name) => ({ field: memberPath(path, name), reason: "FieldValueRequired", detail: "Required value" }));
  const { minProperties, maxProperties } = schema;
  const count = Object.keys(object).length;
  if (typeof maxProperties === "number" && count > maxProperties) {
    const detail = `Too many: ${count}: must have at most ${maxProperties} items`;
    errors.push({ field: fieldOf(path), reason: "FieldValueTooMany", detail });
  }
  if (typeof minProperties === "number" && count < minProperties) {
    errors.push(invalid(path, count, `should have at least ${minProperties} properties`));
  }
  for (const [name, value] of Object.entries(object)) {
    const member = memberSchema(schema, name);
    if (member !== undefined && value !== undefined)
      errors.push(...validateValue(value, member, memberPath(path, name)));
  }
  return errors;
}

function combinedErrors(value: JsonValue, schema: Schema, path: string): readonly FieldError[] {
  const allOf = branches(schema, "allOf").flatMap((branch) => validateValue(value, branch, path));
  const fitting = (keyword: string): number =>
    branches(schema, keyword).filter((branch) => validateValue(value, branch, path).length === 0).length;
  const errors = [...allOf];
  if (branches(schema, "anyOf").length > 0 && fitting("anyOf") === 0) {
    errors.push(invalid(path, value, "must validate at least one schema (anyOf)"));
  }
  if (branches(schema, "oneOf").length > 0 && fitting("oneOf") !== 1) {
    errors.push(invalid(path, value, "must validate one and only one schema (oneOf)"));
  }
  if (isJsonObject(schema["not"]) && validateValue(value, schema["not"], path).length === 0) {
    errors.push(invalid(path, value, "must not validate the schema (not)"));
  }
  return errors;
}

function branches(schema: Schema, keyword: string): readonly Schema[] {
  const list = schema[keyword];
  return isList(list) ? list.filter((branch) => isJsonObject(branch)) : [];
}

function invalid(path: string, value: JsonValue, why: string): FieldError {
  const detail = `Invalid value: ${JSON.stringify(value)}: ${inBody(path)} ${why}`;
  return { field: fieldOf(path), reason: "FieldValueInvalid", detail };
}

function inBody(path: string): string {
  return `${path} in body`;
}

function fieldOf(path: string): string {
  return path === "" ? "<nil>" : path;
}
