import type { JsonObject, JsonValue } from "#lib/protocol/index.ts";
import { isJsonObject, textAt } from "../storage/api-object.ts";
import { messages, type Message, type Shape } from "./protobuf-shapes.ts";

export const protobufMediaType = "application/vnd.kubernetes.protobuf";

const magic = Buffer.from("k8s\0");
const typeMeta: Message = { 1: ["apiVersion", "text"], 2: ["kind", "text"] };

/** Something that is not modelled: better refused than kept in half. */
class UnknownPartError extends Error {
  override readonly name = "UnknownPartError";
}

/** The object in a body of protobuf; `undefined` for a kind or a member that this server does not know to read. */
export function readProtobuf(body: Buffer): JsonObject | undefined {
  if (!body.subarray(0, magic.length).equals(magic)) return undefined;
  try {
    // Upstream: `runtime.Unknown`, the envelope round every object.
    let type: JsonObject = {};
    let raw: Buffer = Buffer.alloc(0);
    for (const { number, bytes } of fieldsOf(body.subarray(magic.length))) {
      if (number === 1 && bytes !== undefined) type = decode(bytes, typeMeta);
      if (number === 2 && bytes !== undefined) raw = bytes;
    }
    const kind = textAt(type, "kind");
    const message = Object.hasOwn(messages, kind) ? messages[kind] : undefined;
    return message === undefined ? undefined : { ...type, ...decode(raw, message) };
  } catch (error) {
    if (error instanceof UnknownPartError || error instanceof RangeError) return undefined;
    throw error;
  }
}

interface Field {
  readonly number: number;
  readonly bytes: Buffer | undefined;
  readonly value: number;
}

function* fieldsOf(bytes: Buffer): IterableIterator<Field> {
  let position = 0;
  const varint = (): number => {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = bytes.readUInt8(position++);
      value |= BigInt(byte & 127) << shift;
      if (byte < 128) return Number(BigInt.asIntN(64, value));
    }
  };
  while (position < bytes.length) {
    const key = varint();
    const number = key >>> 3;
    if ((key & 7) === 0) yield { number, bytes: undefined, value: varint() };
    else if ((key & 7) === 2) {
      const length = varint();
      if (length < 0 || position + length > bytes.length) throw new RangeError("a member ends behind its message");
      yield { number, bytes: bytes.subarray(position, position + length), value: 0 };
      position += length;
    } else throw new UnknownPartError(`wire type ${key & 7}`);
  }
}

function decode(bytes: Buffer, message: Message): JsonObject {
  const object: Record<string, JsonValue> = {};
  for (const field of fieldsOf(bytes)) {
    const [name, shape] = message[field.number] ?? [];
    if (name === undefined || shape === undefined) throw new UnknownPartError(`member ${field.number}`);
    const value = valueOf(field, shape, object[name]);
    if (value !== undefined) object[name] = value;
  }
  return object;
}

/** `undefined` for what Go writes although nothing is set. */
function valueOf({ bytes, value }: Field, shape: Shape, before: JsonValue | undefined): JsonValue | undefined {
  if (shape === "number") return value;
  if (shape === "count") return value === 0 ? undefined : value;
  if (shape === "flag") return value === 1 ? true : undefined;
  if (bytes === undefined) throw new UnknownPartError("a number where none is meant");
  if (shape === "text") return bytes.length === 0 ? undefined : bytes.toString();
  if (shape === "time") return timeOf(bytes);
  if (shape === "intOrString") return intOrStringOf(bytes);
  if (shape === "texts") {
    const entry = decode(bytes, { 1: ["key", "text"], 2: ["value", "text"] });
    return { ...(isJsonObject(before) ? before : {}), [textAt(entry, "key")]: textAt(entry, "value") };
  }
  if ("list" in shape) {
    const item = shape.list === "text" ? bytes.toString() : decode(bytes, shape.list);
    return [...(Array.isArray(before) ? (before as readonly JsonValue[]) : []), item];
  }
  const object = decode(bytes, shape.message);
  return Object.keys(object).length === 0 ? undefined : object;
}

function intOrStringOf(bytes: Buffer): JsonValue | undefined {
  const {
    type,
    number = 0,
    text,
  } = decode(bytes, { 1: ["type", "count"], 2: ["number", "count"], 3: ["text", "text"] });
  return type === undefined ? number : text;
}

function timeOf(bytes: Buffer): string | undefined {
  const { seconds } = decode(bytes, { 1: ["seconds", "count"], 2: ["nanos", "count"] });
  return typeof seconds === "number" ? new Date(seconds * 1000).toISOString().replace(/\.\d+/, "") : undefined;
}
