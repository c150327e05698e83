import type { Resource } from "../api/resource.ts";
import type { ServedResources } from "../api/served-resources.ts";
import { findReview, type reviews } from "../api/review.ts";

/** What a path names, whatever is done with it. */
export type Route =
  | { readonly kind: "health" }
  | { readonly kind: "version" }
  | { readonly kind: "discovery"; readonly of: "core" | "groups" }
  | { readonly kind: "group"; readonly group: string }
  | { readonly kind: "resources"; readonly group: string; readonly version: string }
  | { readonly kind: "openapiV2" }
  | { readonly kind: "openapi"; readonly group: string | undefined; readonly version: string | undefined }
  | { readonly kind: "review"; readonly review: (typeof reviews)[number] }
  /** Not of Kubernetes: the cluster as it stands now, and going back to it. */
  | { readonly kind: "checkpoints" }
  | { readonly kind: "checkpoint"; readonly checkpoint: string }
  | { readonly kind: "restore"; readonly checkpoint: string }
  /** Not of Kubernetes: what goes wrong on purpose. */
  | { readonly kind: "faults"; readonly fault: string | undefined }
  | {
      readonly kind: "resource";
      readonly resource: Resource;
      readonly namespace: string;
      readonly name: string | undefined;
      readonly subresource: string | undefined;
    };

/** A group of our own, which discovery does not tell of. */
const ownGroup = "embedded.kube-inflight.dev";
const healthPaths = new Set(["livez", "readyz", "healthz"]);

/** `undefined` for a path that is not served. */
export function parseRoute(pathname: string, resources: ServedResources): Route | undefined {
  const parts = decodedParts(pathname);
  if (parts === undefined) return undefined;
  const [root = "", ...rest] = parts;
  if (healthPaths.has(root)) return { kind: "health" };
  if (root === "version" && rest.length === 0) return { kind: "version" };
  if (root === "openapi" && rest[0] === "v2" && rest.length === 1) return { kind: "openapiV2" };
  if (root === "openapi" && rest[0] === "v3") return parseOpenapi(rest.slice(1));
  if (root === "api") return parseCore(rest, resources);
  if (root === "apis") return parseGroups(rest, resources);
  return undefined;
}

function decodedParts(pathname: string): readonly string[] | undefined {
  try {
    return pathname
      .split("/")
      .filter((part) => part !== "")
      .map(decodeURIComponent);
  } catch {
    return undefined;
  }
}

function parseCore(rest: readonly string[], resources: ServedResources): Route | undefined {
  const [version, ...path] = rest;
  if (version === undefined) return { kind: "discovery", of: "core" };
  if (path.length === 0) return { kind: "resources", group: "", version };
  return parseObject({ group: "", version, path }, resources);
}

function parseGroups(rest: readonly string[], resources: ServedResources): Route | undefined {
  const [group, version, ...path] = rest;
  if (group === undefined) return { kind: "discovery", of: "groups" };
  if (group === ownGroup) return parseFaults([version, ...path]) ?? parseCheckpoints([version, ...path]);
  if (version === undefined) return { kind: "group", group };
  if (path.length === 0) return { kind: "resources", group, version };
  return parseObject({ group, version, path }, resources);
}

function parseCheckpoints([version, plural, checkpoint, verb, ...more]: readonly (string | undefined)[]) {
  if (version !== "v1" || plural !== "checkpoints" || more.length > 0) return undefined;
  if (checkpoint === undefined) return { kind: "checkpoints" } as const;
  if (verb === undefined) return { kind: "checkpoint", checkpoint } as const;
  return verb === "restore" ? ({ kind: "restore", checkpoint } as const) : undefined;
}

function parseFaults([version, plural, fault, ...more]: readonly (string | undefined)[]) {
  if (version !== "v1" || plural !== "faults" || more.length > 0) return undefined;
  return { kind: "faults", fault } as const;
}

function parseOpenapi(rest: readonly string[]): Route | undefined {
  const [root, ...path] = rest;
  if (root === undefined) return { kind: "openapi", group: undefined, version: undefined };
  if (root === "api" && path.length === 1) return { kind: "openapi", group: "", version: path[0] };
  if (root === "apis" && path.length === 2) return { kind: "openapi", group: path[0], version: path[1] };
  return undefined;
}

interface ObjectPath {
  readonly group: string;
  readonly version: string;
  readonly path: readonly string[];
}

function parseObject({ group, version, path }: ObjectPath, resources: ServedResources): Route | undefined {
  // namespaces/NAME and namespaces/NAME/status are the namespace itself, anything else below it lies inside.
  const isInside = path[0] === "namespaces" && path.length > 2 && !["status", "finalize"].includes(path[2] ?? "");
  const namespace = isInside ? (path[1] ?? "") : "";
  const [plural = "", name, subresource, ...more] = isInside ? path.slice(2) : path;
  if (more.length > 0) return undefined;
  const review = findReview(group, version, plural);
  if (review !== undefined) return name === undefined ? { kind: "review", review } : undefined;
  const resource = resources.find(group, version, plural);
  if (resource === undefined || (isInside && !resource.isNamespaced)) return undefined;
  if (name !== undefined && resource.isNamespaced && !isInside) return undefined;
  return { kind: "resource", resource, namespace, name, subresource };
}
