import type { IncomingMessage } from "node:http";
import type { JsonObject, JsonValue } from "#lib/protocol/index.ts";
import { badRequest, bodyTooLarge, unsupportedMediaType } from "../api/status.ts";
import { isJsonObject } from "../storage/api-object.ts";
import { protobufMediaType, readProtobuf } from "./protobuf.ts";

/** What the real server allows. */
const maxBodyBytes = 3 * 1024 * 1024;

export function mediaTypeOf(request: IncomingMessage): string {
  return (request.headers["content-type"] ?? "").split(";", 1)[0]?.trim().toLowerCase() ?? "";
}

/** JSON, or one of the few kinds that are read as protobuf. An absent type counts as JSON. */
export async function readObject(request: IncomingMessage): Promise<JsonObject> {
  if (mediaTypeOf(request) === protobufMediaType) {
    const object = readProtobuf(await readBytes(request));
    if (object === undefined) throw unsupportedMediaType(["application/json"]);
    return object;
  }
  const value = await readJson(request, ["application/json"]);
  if (!isJsonObject(value)) throw badRequest("the object provided is unrecognized: must be a JSON object");
  return value;
}

export async function readJson(request: IncomingMessage, accepted: readonly string[]): Promise<JsonValue> {
  const mediaType = mediaTypeOf(request);
  if (mediaType !== "" && !accepted.includes(mediaType)) throw unsupportedMediaType(accepted);
  const bytes = await readBytes(request);
  if (bytes.length === 0) return {};
  try {
    return JSON.parse(bytes.toString("utf8")) as JsonValue;
  } catch {
    throw badRequest("the object provided is unrecognized: the body is not JSON");
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
