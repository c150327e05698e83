import type { ServerResponse } from "node:http";
import { frame } from "../api/encoding.ts";
import type { StatusError } from "../api/status.ts";

/** A watch that cannot begin: the answer is 200 all the same, and the error is its one event. */
export function refuseWatch(response: ServerResponse, error: StatusError): void {
  response.writeHead(200, { "content-type": "application/json" });
  response.end(frame("ERROR", JSON.stringify(error.status)));
}
