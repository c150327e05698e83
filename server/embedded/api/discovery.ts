import type { JsonObject } from "#lib/protocol/index.ts";
import { apiVersionOf, type Resource } from "./resource.ts";
import { resources } from "./resources.ts";
import { reviews } from "./review.ts";

const verbs = ["create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"];

export const serverVersion: JsonObject = {
  major: "1",
  minor: "36",
  gitVersion: "v1.36.3+kube-inflight",
  gitCommit: "",
  gitTreeState: "clean",
  buildDate: "1970-01-01T00:00:00Z",
  goVersion: "",
  compiler: "",
  platform: "embedded",
};

interface Subresource {
  readonly name: string;
  readonly verbs: readonly string[];
  readonly kind?: string;
  readonly group?: string;
  readonly version?: string;
}

export function subresourcesOf(resource: Resource): readonly Subresource[] {
  const status = resource.hasStatus ? [{ name: "status", verbs: ["get", "patch", "update"] }] : [];
  const scale = {
    name: "scale",
    verbs: ["get", "patch", "update"],
    kind: "Scale",
    group: "autoscaling",
    version: "v1",
  };
  const binding = { name: "binding", verbs: ["create"], kind: "Binding", group: "", version: "v1" };
  return [...status, ...(resource.hasScale ? [scale] : []), ...(resource.storage === "pods" ? [binding] : [])];
}

/** The groups in the order of the table, the core group (`""`) first. */
function groups(): readonly string[] {
  return [...new Set([...resources, ...reviews].map(({ group }) => group))];
}

/** GET /api */
export function coreVersions(address: string): JsonObject {
  const serverAddressByClientCIDRs = [{ clientCIDR: "0.0.0.0/0", serverAddress: address }];
  return { kind: "APIVersions", versions: ["v1"], serverAddressByClientCIDRs };
}

/** GET /apis */
export function groupList(): JsonObject {
  const named = groups().filter((group) => group !== "");
  return { kind: "APIGroupList", apiVersion: "v1", groups: named.map(groupOf) };
}

/** GET /apis/GROUP, `undefined` for a group that is not served. */
export function findGroup(group: string): JsonObject | undefined {
  if (group === "" || !groups().includes(group)) return undefined;
  return { kind: "APIGroup", apiVersion: "v1", ...groupOf(group) };
}

function groupOf(name: string): JsonObject {
  const version = { groupVersion: `${name}/v1`, version: "v1" };
  return { name, versions: [version], preferredVersion: version };
}

/** GET /api/v1, GET /apis/GROUP/VERSION */
export function findResourceList(group: string, version: string): JsonObject | undefined {
  if (version !== "v1" || !groups().includes(group)) return undefined;
  const served = resources.filter((resource) => resource.group === group);
  return {
    kind: "APIResourceList",
    apiVersion: "v1",
    groupVersion: apiVersionOf({ group, version }),
    resources: [...served.flatMap(apiResources), ...reviews.filter((review) => review.group === group).map(apiReview)],
  };
}

function apiReview({ plural, kind, isNamespaced }: (typeof reviews)[number]): JsonObject {
  return { name: plural, singularName: kind.toLowerCase(), namespaced: isNamespaced, kind, verbs: ["create"] };
}

function apiResources(resource: Resource): readonly JsonObject[] {
  const { plural, singular, isNamespaced, kind, shortNames, categories } = resource;
  const whole = { name: plural, singularName: singular, namespaced: isNamespaced, kind, verbs };
  const extras = { ...(shortNames.length > 0 ? { shortNames } : {}), ...(categories.length > 0 ? { categories } : {}) };
  const parts = subresourcesOf(resource).map(({ name, ...part }) => ({
    name: `${plural}/${name}`,
    singularName: "",
    namespaced: isNamespaced,
    kind,
    ...part,
  }));
  return [{ ...whole, ...extras }, ...parts];
}

/** GET /api and /apis in one answer, for clients that ask for `APIGroupDiscoveryList`. */
export function aggregatedDiscovery(isCore: boolean): JsonObject {
  const named = groups().filter((group) => (group === "") === isCore);
  const items = named.map((group) => ({
    metadata: { name: group, creationTimestamp: null },
    versions: [{ version: "v1", resources: aggregatedResources(group), freshness: "Current" }],
  }));
  return { kind: "APIGroupDiscoveryList", apiVersion: "apidiscovery.k8s.io/v2", metadata: {}, items };
}

function aggregatedResources(group: string): readonly JsonObject[] {
  const served = resources.filter((resource) => resource.group === group);
  const asked = reviews.filter((review) => review.group === group);
  return [
    ...served.map(aggregatedResource),
    ...asked.map(({ plural, kind, isNamespaced }) => ({
      resource: plural,
      responseKind: { group, version: "v1", kind },
      scope: isNamespaced ? "Namespaced" : "Cluster",
      singularResource: kind.toLowerCase(),
      verbs: ["create"],
    })),
  ];
}

function aggregatedResource(resource: Resource): JsonObject {
  const { group, version, kind, plural, singular, isNamespaced, shortNames, categories } = resource;
  const subresources = subresourcesOf(resource).map((part) => ({
    subresource: part.name,
    responseKind: { group: part.group ?? group, version: part.version ?? version, kind: part.kind ?? kind },
    verbs: part.verbs,
  }));
  return {
    resource: plural,
    responseKind: { group, version, kind },
    scope: isNamespaced ? "Namespaced" : "Cluster",
    singularResource: singular,
    verbs,
    ...(shortNames.length > 0 ? { shortNames } : {}),
    ...(categories.length > 0 ? { categories } : {}),
    ...(subresources.length > 0 ? { subresources } : {}),
  };
}
