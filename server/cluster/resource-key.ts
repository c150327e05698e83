import type { ResourceName } from "./transport/index.ts";

/** `v1/pods`, `apps/v1/deployments`: how an informer's resource is written in URLs and on the wire. */
export function resourceKey({ group, version, resource }: ResourceName): string {
  return group === "" ? `${version}/${resource}` : `${group}/${version}/${resource}`;
}

/** `undefined` for text that is no key. */
export function parseResourceKey(key: string): ResourceName | undefined {
  const parts = key.split("/");
  if (parts.some((part) => !/^[a-z0-9][a-z0-9.-]*$/.test(part))) return undefined;
  const [first = "", second = "", third] = parts;
  if (parts.length === 2) return { group: "", version: first, resource: second };
  return parts.length === 3 ? { group: first, version: second, resource: third ?? "" } : undefined;
}
