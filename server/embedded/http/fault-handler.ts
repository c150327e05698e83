import type { IncomingMessage, ServerResponse } from "node:http";
import { faultRequest } from "#lib/protocol/index.ts";
import { badRequest, methodNotAllowed, notFound } from "../api/status.ts";
import { FaultRefusedError } from "../faults/index.ts";
import { sendObject } from "./answer.ts";
import { readObject } from "./body.ts";
import type { ResourceContext } from "./context.ts";
import type { Route } from "./route.ts";

interface FaultExchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly context: ResourceContext;
}

const done = { kind: "Status", apiVersion: "v1", metadata: {}, status: "Success" } as const;

/** The faults for whoever has the token: GET, POST and DELETE on the collection, DELETE on one of them. */
export async function handleFaults(
  { fault }: Extract<Route, { readonly kind: "faults" }>,
  { request, response, context: { faults } }: FaultExchange,
): Promise<void> {
  const method = request.method ?? "";
  if (fault !== undefined) {
    if (method !== "DELETE") throw methodNotAllowed();
    if (!faults.remove(fault)) throw notFound({ group: "", kind: "faults", name: fault });
    sendObject(response, done);
  } else if (method === "GET") {
    sendObject(response, { ...faults.state });
  } else if (method === "DELETE") {
    faults.clear();
    sendObject(response, done);
  } else if (method === "POST") {
    const { success, data, error } = faultRequest.safeParse(await readObject(request));
    if (!success) throw badRequest(error.issues.map(({ path, message }) => `${path.join(".")}: ${message}`).join("; "));
    // Nobody could ask for the end of it.
    if (data.kind === "refuse" && data.durationMs === undefined) throw badRequest("refuse needs a durationMs here");
    try {
      sendObject(response, { ...faults.add(data) }, 201);
    } catch (refused) {
      if (refused instanceof FaultRefusedError) throw badRequest(refused.message);
      throw refused;
    }
  } else {
    throw methodNotAllowed();
  }
}
