import type { InformerTarget } from "#lib/informer/index.ts";
import { RefusedError } from "#server/hub/clusters.ts";
import { isSecret } from "./redaction/index.ts";
import { parseResourceKey } from "./resource-key.ts";
import type { ResourceName } from "./transport/index.ts";

const namespaceSyntax = /^[a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?$/;

/**
 * `v1/pods@shop?spec.nodeName=n1`: a resource, behind the at sign a namespace, behind the question mark a field selector.
 *
 * @throws RefusedError for what is no resource, and for Secrets
 */
export function targetOf(key: string): InformerTarget {
  const [scoped = "", ...rest] = key.split("?");
  const [resource = "", namespace, ...more] = scoped.split("@");
  const fieldSelector = rest.join("?");
  if (more.length > 0 || (namespace !== undefined && !namespaceSyntax.test(namespace))) throw notAResource(key);
  if (isSecret(resourceOf(resource))) {
    throw new RefusedError(403, "secrets-refused", "Secrets cannot be chosen: nothing of them may leave the cluster");
  }
  return {
    resource,
    ...(namespace === undefined ? {} : { namespace }),
    ...(fieldSelector === "" ? {} : { fieldSelector }),
  };
}

/** @throws RefusedError */
export function resourceOf(key: string): ResourceName {
  const resource = parseResourceKey(key);
  if (resource === undefined) throw notAResource(key);
  return resource;
}

function notAResource(key: string): RefusedError {
  const message = `${key} is no resource: expected v1/pods or apps/v1/deployments`;
  return new RefusedError(422, "not-a-resource", message);
}
