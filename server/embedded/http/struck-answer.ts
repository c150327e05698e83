import type { ServerResponse } from "node:http";
import { frame } from "../api/encoding.ts";
import { expired, StatusError, unauthorized } from "../api/status.ts";
import type { Strike } from "../faults/index.ts";
import { refuseWatch } from "./refuse-watch.ts";

/** A line of a watch that is no JSON. */
export const garbageLine = frame("MODIFIED", "{]}");
/** Where a stream ends in the middle of a line. */
export const halfALine = frame("MODIFIED", '{"kind":"Pod","apiVersion":"v1","metadata":{').subarray(0, -2);

export function tooOldByFault(): StatusError {
  return expired("too old resource version: the fault 410 is on");
}

export function failedByFault(): StatusError {
  return new StatusError({
    code: 500,
    reason: "InternalError",
    message: "Internal error occurred: the fault 500 is on",
  });
}

function throttledByFault(retryAfterSeconds: number): StatusError {
  const message = "The server has received too many requests and asks to try again later: the fault 429 is on.";
  return new StatusError({ code: 429, reason: "TooManyRequests", message, retryAfterSeconds });
}

/** What is asked for, and what its answer would have been. */
interface Struck {
  readonly response: ServerResponse;
  readonly isWatch: boolean;
  readonly body: () => string;
}

/**
 * Answers as a server does that a fault has struck.
 *
 * @throws StatusError where the strike is a refusal
 */
export function answerStruck(strike: Strike, { response, isWatch, body }: Struck): void {
  switch (strike.kind) {
    case "drop":
      response.destroy();
      return;
    case "gone":
      if (!isWatch) throw tooOldByFault();
      refuseWatch(response, tooOldByFault());
      return;
    case "throttle":
      throw throttledByFault(strike.retryAfterSeconds);
    case "error":
      throw failedByFault();
    case "unauthorized":
      throw unauthorized();
    case "garbage":
    case "half":
      if (isWatch) spoilWatch(response, strike.kind);
      else spoilBody(response, strike.kind, Buffer.from(body()));
      return;
    default:
      strike satisfies never;
  }
}

function spoilWatch(response: ServerResponse, kind: "garbage" | "half"): void {
  response.writeHead(200, { "content-type": "application/json" });
  response.end(kind === "garbage" ? garbageLine : halfALine);
}

/** As long as it should be, but no JSON; or broken off in its middle. */
function spoilBody(response: ServerResponse, kind: "garbage" | "half", body: Buffer): void {
  response.writeHead(200, { "content-type": "application/json", "content-length": body.length });
  const half = body.subarray(0, Math.floor(body.length / 2));
  // The connection goes when its half is on the way: what is still in the buffer would be lost with it.
  if (kind === "half") response.write(half, () => response.destroy());
  else response.end(Buffer.concat([half, Buffer.alloc(body.length - half.length, "]")]));
}
