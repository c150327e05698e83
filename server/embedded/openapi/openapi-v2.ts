import type { ServerResponse } from "node:http";
import { sendObject } from "../http/answer.ts";

const mediaType = "application/com.github.proto-openapi.spec.v2.v1.0+protobuf";
/** `swagger: "2.0"`, and no definitions. */
const nothingDefined = Buffer.from([0x0a, 3, ...Buffer.from("2.0")]);

/**
 * GET /openapi/v2: kubectl reads it before it sends a `List`, to look for faults by itself. It finds no definition and
 * leaves that to the server, which looks at each item.
 */
export function sendOpenapiV2(accept: string | undefined, response: ServerResponse): void {
  if (accept?.includes("protobuf") === true) {
    response.writeHead(200, { "content-type": mediaType, "content-length": nothingDefined.length });
    response.end(nothingDefined);
    return;
  }
  const info = { title: "kube-inflight embedded cluster", version: "v1.36.3" };
  sendObject(response, { swagger: "2.0", info, paths: {}, definitions: {} });
}
