import type { ServerResponse } from "node:http";
import type { JsonObject } from "#lib/protocol/index.ts";
import { StatusError } from "../api/status.ts";

export function sendText(response: ServerResponse, json: string, { code = 200, type = "application/json" } = {}): void {
  const bytes = Buffer.from(json);
  response.writeHead(code, {
    "content-type": type,
    "content-length": bytes.length,
    "cache-control": "no-cache, private",
  });
  response.end(bytes);
}

export function sendObject(response: ServerResponse, object: JsonObject, code = 200): void {
  sendText(response, JSON.stringify(object), { code });
}

/** Says no in the words of the API. An error of our own is told as such, without what is inside. */
export function sendError(response: ServerResponse, error: unknown): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  const known = error instanceof StatusError ? error : internal(error);
  if (known.retryAfterSeconds !== undefined) response.setHeader("retry-after", known.retryAfterSeconds);
  // The body may not have been read to its end: the connection is of no use any more.
  if (known.code === 413 || known.code === 415) response.setHeader("connection", "close");
  sendObject(response, known.status, known.code);
}

function internal(error: unknown): StatusError {
  const why = error instanceof Error ? error.name : "unknown";
  return new StatusError({ code: 500, reason: "InternalError", message: `Internal error occurred: ${why}` });
}
