import type { IncomingMessage, ServerResponse } from "node:http";
import { apply, applyMediaType } from "../api/apply.ts";
import { bind } from "../api/binding.ts";
import { subresourcesOf } from "../api/discovery.ts";
import { Encoder } from "../api/encoding.ts";
import { evict } from "../api/eviction.ts";
import { parseListOptions } from "../api/list-options.ts";
import { type Part, type Target } from "../api/registry.ts";
import { patchScale, putScale, scaleOf } from "../api/scale.ts";
import { selectionOf } from "../api/selection.ts";
import { methodNotAllowed, success, tooLargeResourceVersion, unknownPath } from "../api/status.ts";
import { customPatchMediaTypes, patchMediaTypes } from "../patch/patch.ts";
import { objectAt } from "../storage/api-object.ts";
import type { StoredObject } from "../storage/stored-object.ts";
import { representationFor } from "./accept.ts";
import { sendObject, sendText } from "./answer.ts";
import { mediaTypeOf, readObject, readObjectOf, readValue } from "./body.ts";
import type { ResourceContext } from "./context.ts";
import { handleList } from "./list-handler.ts";
import type { Route } from "./route.ts";
import { applyOptions, deleteOptions, refuseForce, writeOptions } from "./write-options.ts";

type ResourceRoute = Extract<Route, { readonly kind: "resource" }>;

export interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly query: URLSearchParams;
  readonly route: ResourceRoute;
  readonly context: ResourceContext;
}

export function handleResource(exchange: Exchange): Promise<void> | void {
  const { resource, namespace, name, subresource } = exchange.route;
  if (name === undefined) return handleCollection(exchange);
  const target = { resource, namespace, name };
  if (subresource === undefined) return handleObject(exchange, target, "object");
  if (!subresourcesOf(resource).some((part) => part.name === subresource)) throw unknownPath();
  if (subresource === "binding") return handleBinding(exchange, target);
  if (subresource === "eviction") return handleEviction(exchange, target);
  if (subresource === "scale") return handleScale(exchange, target);
  return handleObject(exchange, target, subresource === "resize" ? "resize" : "status");
}

function handleCollection(exchange: Exchange): Promise<void> | void {
  switch (exchange.request.method ?? "") {
    case "GET":
      return handleList(exchange);
    case "POST":
      return create(exchange);
    case "DELETE":
      return deleteCollection(exchange);
    default:
      throw methodNotAllowed();
  }
}

function handleObject(exchange: Exchange, target: Target, part: Part): Promise<void> | void {
  switch (exchange.request.method ?? "") {
    case "GET":
      return get(exchange, target);
    case "PUT":
      return update(exchange, target, part);
    case "PATCH":
      return patch(exchange, target, part);
    case "DELETE":
      if (part !== "object") throw methodNotAllowed();
      return remove(exchange, target);
    default:
      throw methodNotAllowed();
  }
}

function get({ request, response, query, context }: Exchange, target: Target): void {
  const current = context.registry.storage.resourceVersion;
  const version = Number(query.get("resourceVersion") ?? 0);
  if (version > current) throw tooLargeResourceVersion(version, current);
  const stored = context.registry.get(target);
  const representation = representationFor(request.headers.accept, query.get("includeObject"));
  sendText(response, new Encoder(target.resource, representation, () => context.clock.now()).object(stored));
}

async function create({ request, response, query, route, context }: Exchange): Promise<void> {
  const { resource } = route;
  const body = await readObject(request);
  const namespace = resource.isNamespaced ? route.namespace : "";
  if (resource.isNamespaced && namespace === "") throw methodNotAllowed();
  const stored = context.registry.create({ resource, namespace }, body, writeOptions(request, query));
  sendStored(response, { stored, route, code: 201 });
}

async function update({ request, response, query, route, context }: Exchange, target: Target, part: Part) {
  const body = await readObject(request);
  const stored = context.registry.update(target, body, { part, ...writeOptions(request, query) });
  sendStored(response, { stored, route, code: 200 });
}

async function patch({ request, response, query, route, context }: Exchange, target: Target, part: Part) {
  const { resource } = target;
  if (mediaTypeOf(request) === applyMediaType) {
    const body = await readObjectOf(request, [applyMediaType]);
    const { manager, isForced } = applyOptions(query);
    const application = { body, manager, isForced, part, options: writeOptions(request, query) };
    const { stored, isCreated } = apply(context.registry, target, application);
    sendStored(response, { stored, route, code: isCreated ? 201 : 200 });
    return;
  }
  refuseForce(query);
  const accepted = resource.schema === undefined ? patchMediaTypes : customPatchMediaTypes;
  const patch = { mediaType: mediaTypeOf(request), body: await readValue(request, [...accepted, applyMediaType]) };
  const stored = context.registry.patch(target, patch, { part, ...writeOptions(request, query) });
  sendStored(response, { stored, route, code: 200 });
}

async function remove({ request, response, query, route, context }: Exchange, target: Target): Promise<void> {
  const body = await readObject(request);
  const options = deleteOptions(body, query, context.registry.get(target).object);
  const { stored, removed } = context.registry.delete(target, { ...options, ...writeOptions(request, query) });
  const { group, plural, storage } = target.resource;
  if (!removed || storage === "pods") {
    sendStored(response, { stored, route, code: 200 });
    return;
  }
  sendObject(response, success({ group, kind: plural, name: target.name }, stored.object.metadata.uid));
}

async function deleteCollection({ request, response, query, route, context }: Exchange): Promise<void> {
  const { resource, namespace } = route;
  if (resource.isNamespaced && namespace === "") throw methodNotAllowed();
  const body = await readObject(request);
  const selection = selectionOf(resource, namespace, parseListOptions(query));
  const table = context.registry.tableOf(resource);
  const items = table.list().filter((stored) => selection.matches(stored));
  for (const { object } of items) {
    const { name = "", namespace: within = "" } = object.metadata;
    const options = { ...deleteOptions(body, query, object), ...writeOptions(request, query) };
    context.registry.delete({ resource, namespace: within, name }, options);
  }
  const resourceVersion = context.registry.storage.resourceVersion;
  const page = { items, resourceVersion, continueToken: undefined, remainingItemCount: undefined };
  sendText(response, new Encoder(resource, { as: "object" }, () => context.clock.now()).list(page));
}

async function handleBinding({ request, response, context }: Exchange, target: Target): Promise<void> {
  if (request.method !== "POST") throw methodNotAllowed();
  const binding = await readObject(request);
  bind(context.registry, target, binding, new Date(context.clock.now()).toISOString().replace(/\.\d+/, ""));
  sendObject(response, { kind: "Status", apiVersion: "v1", metadata: {}, status: "Success", code: 201 }, 201);
}

async function handleEviction({ request, response, query, context }: Exchange, target: Target): Promise<void> {
  if (request.method !== "POST") throw methodNotAllowed();
  const eviction = await readObject(request);
  const pod = context.registry.get(target).object;
  const options = deleteOptions(objectAt(eviction, "deleteOptions"), query, pod);
  evict(context.registry, target, eviction, { ...options, ...writeOptions(request, query) });
  sendObject(response, { kind: "Status", apiVersion: "v1", metadata: {}, status: "Success", code: 201 }, 201);
}

async function handleScale({ request, response, query, context }: Exchange, target: Target): Promise<void> {
  const { registry } = context;
  const options = { ...writeOptions(request, query), subresource: "scale" };
  if (request.method === "GET") {
    sendObject(response, scaleOf(registry.get(target).object));
  } else if (request.method === "PUT") {
    sendObject(response, putScale(registry, target, { body: await readObject(request), options }));
  } else if (request.method === "PATCH") {
    const patch = { mediaType: mediaTypeOf(request), body: await readValue(request, patchMediaTypes) };
    sendObject(response, patchScale(registry, target, { patch, options }));
  } else throw methodNotAllowed();
}

function sendStored(
  response: ServerResponse,
  { stored, route, code }: { readonly stored: StoredObject; readonly route: ResourceRoute; readonly code: number },
): void {
  sendText(response, new Encoder(route.resource, { as: "object" }, () => 0).object(stored), { code });
}
