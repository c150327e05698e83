import type { IncomingMessage, ServerResponse } from "node:http";
import {
  aggregatedDiscovery,
  coreVersions,
  findGroup,
  findResourceList,
  groupList,
  serverVersion,
} from "../api/discovery.ts";
import type { Resource } from "../api/resource.ts";
import { answerReview } from "../api/review.ts";
import { methodNotAllowed, unknownPath } from "../api/status.ts";
import type { JsonObject } from "#lib/protocol/index.ts";
import { aggregatedDiscoveryType } from "./accept.ts";
import { checkHost, checkToken, isSameSecret } from "./access.ts";
import { sendError, sendObject, sendText } from "./answer.ts";
import { readObject } from "./body.ts";
import type { Checkpoints } from "./checkpoints.ts";
import type { ResourceContext } from "./context.ts";
import { handleFaults } from "./fault-handler.ts";
import { sendOpenapiV2 } from "../openapi/openapi-v2.ts";
import { openapiOf, openapiRoot } from "../openapi/openapi.ts";
import { handleResource } from "./resource-handler.ts";
import { parseRoute, type Route } from "./route.ts";

interface HandlerOptions {
  readonly context: ResourceContext;
  readonly token: string;
}

/** Answers every request, and whatever goes wrong as a `Status`. */
export function createHandler(options: HandlerOptions) {
  return (request: IncomingMessage, response: ServerResponse): void => {
    answer(request, response, options).catch((error: unknown) => sendError(response, error));
  };
}

async function answer(request: IncomingMessage, response: ServerResponse, { context, token }: HandlerOptions) {
  checkHost(request);
  const url = URL.parse(request.url ?? "/", "https://127.0.0.1");
  if (url === null) throw unknownPath();
  const route = parseRoute(url.pathname, context.registry.resources);
  if (route?.kind === "health") {
    sendText(response, "ok", { type: "text/plain; charset=utf-8" });
    return;
  }
  checkToken(request, token);
  if (route === undefined) throw unknownPath();
  if (route.kind === "resource") {
    await handleResource({ request, response, query: url.searchParams, route, context });
    return;
  }
  if (route.kind === "faults") {
    await handleFaults(route, { request, response, context });
    return;
  }
  if (route.kind === "checkpoints" || route.kind === "checkpoint" || route.kind === "restore") {
    if (request.method !== (route.kind === "checkpoint" ? "DELETE" : "POST")) throw methodNotAllowed();
    sendObject(response, answerCheckpoint(route, context.checkpoints), route.kind === "checkpoint" ? 200 : 201);
    return;
  }
  if (route.kind === "review") {
    if (request.method !== "POST") throw methodNotAllowed();
    const isOurs = (given: string): boolean => isSameSecret(given, token);
    sendObject(response, answerReview(route.review, { body: await readObject(request), isOurs }), 201);
    return;
  }
  if (request.method !== "GET") throw methodNotAllowed();
  const resources = context.registry.resources.all();
  if (route.kind === "openapiV2") sendOpenapiV2(request.headers.accept, response);
  else if (route.kind === "discovery") sendDiscovery(request, response, { of: route.of, resources });
  else {
    const description = describe(route, resources);
    if (description === undefined) throw unknownPath();
    sendObject(response, description);
  }
}

type CheckpointRoute = Extract<Route, { readonly kind: "checkpoints" | "checkpoint" | "restore" }>;

function answerCheckpoint(route: CheckpointRoute, checkpoints: Checkpoints): JsonObject {
  switch (route.kind) {
    case "checkpoints":
      return checkpoints.take();
    case "restore":
      return checkpoints.restore(route.checkpoint);
    case "checkpoint":
      checkpoints.release(route.checkpoint);
      return { kind: "Status", apiVersion: "v1", metadata: {}, status: "Success" };
    default:
      return assertNever(route);
  }
}

function assertNever(route: never): never {
  throw new Error(`a route of no known kind: ${JSON.stringify(route)}`);
}

function describe(
  route: Exclude<
    Route,
    { kind: "resource" | "review" | "health" | "discovery" | "openapiV2" | "faults" | CheckpointRoute["kind"] }
  >,
  resources: readonly Resource[],
): JsonObject | undefined {
  switch (route.kind) {
    case "version":
      return serverVersion;
    case "group":
      return findGroup(resources, route.group);
    case "resources":
      return findResourceList(resources, route);
    case "openapi":
      if (route.group === undefined || route.version === undefined) return openapiRoot(resources);
      return openapiOf(resources, route.group, route.version);
    default:
      return assertNever(route);
  }
}

interface Discovery {
  readonly of: "core" | "groups";
  readonly resources: readonly Resource[];
}

function sendDiscovery(request: IncomingMessage, response: ServerResponse, { of, resources }: Discovery): void {
  response.setHeader("vary", "Accept");
  const type = aggregatedDiscoveryType(request.headers.accept);
  if (type !== undefined) sendText(response, JSON.stringify(aggregatedDiscovery(resources, of === "core")), { type });
  else sendObject(response, of === "core" ? coreVersions(request.headers.host ?? "") : groupList(resources));
}
