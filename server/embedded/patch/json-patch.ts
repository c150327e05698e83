import type { JsonObject, JsonValue } from "#lib/protocol/index.ts";
import { isJsonObject, isList, isSameJson, textAt } from "../storage/api-object.ts";

/** An operation that does not apply to this document: a missing path, a failed test. */
export class JsonPatchError extends Error {
  override readonly name = "JsonPatchError";
}

/** RFC 6902. The document is left as it is; a new one comes back, or nothing changes at all. */
export function applyJsonPatch(document: JsonValue, operations: JsonValue): JsonValue {
  if (!isList(operations)) throw new JsonPatchError("a JSON patch is a list of operations");
  let result = document;
  for (const operation of operations) {
    if (!isJsonObject(operation)) throw new JsonPatchError("an operation is an object");
    result = applyOperation(result, operation);
  }
  return result;
}

function applyOperation(document: JsonValue, operation: JsonObject): JsonValue {
  const path = pointer(operation["path"]);
  switch (textAt(operation, "op")) {
    case "add":
      return add(document, path, valueOf(operation));
    case "remove":
      return remove(document, path);
    case "replace":
      return add(path.length === 0 ? null : remove(document, path), path, valueOf(operation));
    case "copy":
      return add(document, path, read(document, pointer(operation["from"])));
    case "move": {
      const from = pointer(operation["from"]);
      return add(remove(document, from), path, read(document, from));
    }
    case "test":
      if (!isSameJson(read(document, path), valueOf(operation))) {
        throw new JsonPatchError(`testing value ${text(path)} failed`);
      }
      return document;
    default:
      throw new JsonPatchError(`unexpected kind: ${textAt(operation, "op")}`);
  }
}

function pointer(value: JsonValue | undefined): readonly string[] {
  if (typeof value !== "string" || (value !== "" && !value.startsWith("/"))) {
    throw new JsonPatchError(`not a JSON pointer: ${JSON.stringify(value)}`);
  }
  const parts = value.split("/").slice(1);
  return parts.map((part) => part.replaceAll("~1", "/").replaceAll("~0", "~"));
}

function text(path: readonly string[]): string {
  return `/${path.join("/")}`;
}

function valueOf(operation: JsonObject): JsonValue {
  const value = operation["value"];
  if (value === undefined) throw new JsonPatchError(`operation ${textAt(operation, "op")} needs a value`);
  return value;
}

function read(document: JsonValue, path: readonly string[]): JsonValue {
  let value: JsonValue | undefined = document;
  for (const name of path) {
    if (isList(value)) value = value[indexOf(name, value.length - 1, path)];
    else value = isJsonObject(value) && Object.hasOwn(value, name) ? value[name] : undefined;
  }
  if (value === undefined) throw new JsonPatchError(`missing path: ${text(path)}`);
  return value;
}

function add(document: JsonValue, path: readonly string[], value: JsonValue): JsonValue {
  const last = path.at(-1);
  if (last === undefined) return value;
  return atParent(document, path, (parent) => {
    if (!isList(parent)) return { ...parent, [last]: value };
    const index = last === "-" ? parent.length : indexOf(last, parent.length, path);
    return parent.toSpliced(index, 0, value);
  });
}

function remove(document: JsonValue, path: readonly string[]): JsonValue {
  const last = path.at(-1);
  if (last === undefined) throw new JsonPatchError("the whole document cannot be removed");
  return atParent(document, path, (parent) => {
    if (isList(parent)) return parent.toSpliced(indexOf(last, parent.length - 1, path), 1);
    if (parent[last] === undefined) throw new JsonPatchError(`missing path: ${text(path)}`);
    const { [last]: _, ...rest } = parent;
    return rest;
  });
}

function atParent(
  value: JsonValue | undefined,
  path: readonly string[],
  change: (parent: JsonObject | readonly JsonValue[]) => JsonValue,
): JsonValue {
  if (!isList(value) && !isJsonObject(value)) throw new JsonPatchError(`missing path: ${text(path)}`);
  const [name = "", ...rest] = path;
  if (name === "__proto__") throw new JsonPatchError(`no such member: ${name}`);
  if (rest.length === 0) return change(value);
  if (!isList(value)) return { ...value, [name]: atParent(value[name], rest, change) };
  const index = indexOf(name, value.length - 1, path);
  return value.with(index, atParent(value[index], rest, change));
}

function indexOf(name: string, largest: number, path: readonly string[]): number {
  const index = /^(0|[1-9]\d*)$/.test(name) ? Number(name) : -1;
  if (index < 0 || index > largest) throw new JsonPatchError(`no such list item: ${text(path)}`);
  return index;
}
