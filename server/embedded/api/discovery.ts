import type { JsonObject } from "#lib/protocol/index.ts";
import { apiVersionOf, type Resource } from "./resource.ts";
import { reviews } from "./review.ts";
import { byPriority } from "./version-priority.ts";

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
  const eviction = { name: "eviction", verbs: ["create"], kind: "Eviction", group: "policy", version: "v1" };
  const resize = { name: "resize", verbs: ["get", "patch", "update"] };
  const ofPods = resource.storage === "pods" ? [binding, eviction, resize] : [];
  return [...status, ...(resource.hasScale ? [scale] : []), ...ofPods];
}

/** The groups in the order of the table, the core group (`""`) first. */
function groups(resources: readonly Resource[]): readonly string[] {
  return [...new Set([...resources, ...reviews].map(({ group }) => group))];
}

/** The versions of a group, the one that clients should prefer first. */
function versionsOf(resources: readonly Resource[], group: string): readonly string[] {
  const served = resources.filter((resource) => resource.group === group).map(({ version }) => version);
  const asked = reviews.some((review) => review.group === group) ? ["v1"] : [];
  return [...new Set([...served, ...asked])].sort(byPriority);
}

/** GET /api */
export function coreVersions(address: string): JsonObject {
  const serverAddressByClientCIDRs = [{ clientCIDR: "0.0.0.0/0", serverAddress: address }];
  return { kind: "APIVersions", versions: ["v1"], serverAddressByClientCIDRs };
}

/** GET /apis */
export function groupList(resources: readonly Resource[]): JsonObject {
  const named = groups(resources).filter((group) => group !== "");
  return { kind: "APIGroupList", apiVersion: "v1", groups: named.map((group) => groupOf(resources, group)) };
}

/** GET /apis/GROUP, `undefined` for a group that is not served. */
export function findGroup(resources: readonly Resource[], group: string): JsonObject | undefined {
  if (group === "" || !groups(resources).includes(group)) return undefined;
  return { kind: "APIGroup", apiVersion: "v1", ...groupOf(resources, group) };
}

function groupOf(resources: readonly Resource[], name: string): JsonObject {
  const versions = versionsOf(resources, name).map((version) => ({ groupVersion: `${name}/${version}`, version }));
  return { name, versions, preferredVersion: versions[0] };
}

/** GET /api/v1, GET /apis/GROUP/VERSION */
export function findResourceList(
  resources: readonly Resource[],
  { group, version }: Pick<Resource, "group" | "version">,
): JsonObject | undefined {
  if (!versionsOf(resources, group).includes(version)) return undefined;
  const served = resources.filter((resource) => resource.group === group && resource.version === version);
  const asked = reviews.filter((review) => review.group === group && version === "v1");
  return {
    kind: "APIResourceList",
    apiVersion: "v1",
    groupVersion: apiVersionOf({ group, version }),
    resources: [...served.flatMap(apiResources), ...asked.map(apiReview)],
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
export function aggregatedDiscovery(resources: readonly Resource[], isCore: boolean): JsonObject {
  const named = groups(resources).filter((group) => (group === "") === isCore);
  const items = named.map((group) => ({
    metadata: { name: group, creationTimestamp: null },
    versions: versionsOf(resources, group).map((version) => ({
      version,
      resources: aggregatedResources(resources, { group, version }),
      freshness: "Current",
    })),
  }));
  return { kind: "APIGroupDiscoveryList", apiVersion: "apidiscovery.k8s.io/v2", metadata: {}, items };
}

function aggregatedResources(
  resources: readonly Resource[],
  { group, version }: Pick<Resource, "group" | "version">,
): readonly JsonObject[] {
  const served = resources.filter((resource) => resource.group === group && resource.version === version);
  const asked = reviews.filter((review) => review.group === group && version === "v1");
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
