import type { IncomingMessage } from "node:http";
import type { JsonObject, JsonValue } from "#lib/protocol/index.ts";
import { badRequest, bodyTooLarge, unsupportedMediaType } from "../api/status.ts";
import { isJsonObject } from "../storage/api-object.ts";
import { protobufMediaType, readProtobuf } from "./protobuf.ts";
import { YamlError, parseYaml } from "./yaml.ts";

/** What the real server allows. */
const maxBodyBytes = 3 * 1024 * 1024;

export function mediaTypeOf(request: IncomingMessage): string {
  return (request.headers["content-type"] ?? "").split(";", 1)[0]?.trim().toLowerCase() ?? "";
}

const objectMediaTypes = ["application/json", "application/yaml"];

/** JSON, YAML, or one of the few kinds that are read as protobuf. An absent type counts as JSON. */
export async function readObject(request: IncomingMessage): Promise<JsonObject> {
  if (mediaTypeOf(request) === protobufMediaType) {
    const object = readProtobuf(await readBytes(request));
    if (object === undefined) throw unsupportedMediaType(objectMediaTypes);
    return object;
  }
  return readObjectOf(request, objectMediaTypes);
}

export async function readObjectOf(request: IncomingMessage, accepted: readonly string[]): Promise<JsonObject> {
  const value = await readValue(request, accepted);
  if (!isJsonObject(value)) throw badRequest("the object provided is unrecognized: must be an object");
  return value;
}

/** What the media type says it is; where it says YAML, JSON is no less so. */
export async function readValue(request: IncomingMessage, accepted: readonly string[]): Promise<JsonValue> {
  const mediaType = mediaTypeOf(request);
  if (mediaType !== "" && !accepted.includes(mediaType)) throw unsupportedMediaType(accepted);
  const bytes = await readBytes(request);
  if (bytes.length === 0) return {};
  const text = bytes.toString("utf8");
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    if (!mediaType.endsWith("yaml")) throw badRequest("the object provided is unrecognized: the body is not JSON");
  }
  try {
    return await parseYaml(text);
  } catch (error) {
    if (!(error instanceof YamlError)) throw error;
    throw badRequest(`error decoding YAML: ${error.message}`);
  }
}

async function readBytes(request: IncomingMessage): Promise<Buffer> {
  if (Number(request.headers["content-length"] ?? 0) > maxBodyBytes) throw bodyTooLarge(maxBodyBytes);
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > maxBodyBytes) throw bodyTooLarge(maxBodyBytes);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
