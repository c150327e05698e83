import type { Signal } from "#lib/clock/index.ts";
import type { KubeObject } from "#lib/kube/index.ts";
import type { ClusterAccess } from "#server/cluster/kubeconfig/index.ts";
import { decodeJson } from "./decode-json.ts";
import { Exchange, textOf, type ExchangeOptions, type Method } from "./exchange.ts";
import { jsonCodec } from "./json-codec.ts";
import { resourcePath, segment, type ResourceName } from "./resource-path.ts";

/** One object, or with `subresource` a part of it: `status`, `binding`. */
export interface Target extends ResourceName {
  readonly namespace?: string;
  readonly name: string;
  readonly subresource?: string;
}

export type PatchType = "merge" | "strategic" | "json";

const patchMediaTypes = {
  merge: "application/merge-patch+json",
  strategic: "application/strategic-merge-patch+json",
  json: "application/json-patch+json",
} as const satisfies Record<PatchType, string>;

const answerLimit = 64 * 1024 * 1024;

/**
 * The writing end of one cluster. Only a cluster that this program may change gets one: of an attached cluster there is
 * a KubeTransport and nothing else, so no code that it can reach writes.
 */
export class KubeWriter {
  readonly #exchange: Exchange;

  constructor(access: ClusterAccess, options: ExchangeOptions) {
    this.#exchange = new Exchange(access, options, () => true);
  }

  create(resource: ResourceName, object: KubeObject, signal?: Signal): Promise<unknown> {
    return this.#send("POST", resourcePath(resource, object.metadata.namespace), { object, signal });
  }

  /** Creates a subresource that is an object of its own kind: `binding`, `eviction`. */
  createSubresource(
    target: Target & { readonly subresource: string },
    object: KubeObject,
    signal?: Signal,
  ): Promise<unknown> {
    return this.#send("POST", pathOf(target), { object, signal });
  }

  update(target: Target, object: KubeObject, signal?: Signal): Promise<unknown> {
    return this.#send("PUT", pathOf(target), { object, signal });
  }

  patch(
    target: Target,
    patch: { readonly type: PatchType; readonly body: unknown },
    signal?: Signal,
  ): Promise<unknown> {
    return this.#send("PATCH", pathOf(target), {
      object: patch.body,
      contentType: patchMediaTypes[patch.type],
      signal,
    });
  }

  /** @param options as in `DeleteOptions`: preconditions, grace period */
  delete(target: Target, options?: object, signal?: Signal): Promise<unknown> {
    return this.#send("DELETE", pathOf(target), { object: options, signal });
  }

  close(): Promise<void> {
    return this.#exchange.close();
  }

  async #send(
    method: Method,
    path: string,
    { object, contentType = jsonCodec.mediaType, signal }: Sent,
  ): Promise<unknown> {
    const answer = await this.#exchange.send({
      method,
      path,
      accept: jsonCodec.mediaType,
      ...(object === undefined ? {} : { body: { contentType, text: JSON.stringify(object) } }),
      ...(signal === undefined ? {} : { signal }),
    });
    const bytes = Buffer.from(await textOf(answer.body, answerLimit));
    return bytes.length === 0 ? undefined : decodeJson(bytes);
  }
}

interface Sent {
  readonly object: unknown;
  readonly contentType?: string;
  readonly signal: Signal | undefined;
}

function pathOf({ name, namespace, subresource, ...resource }: Target): string {
  const path = `${resourcePath(resource, namespace)}/${segment(name)}`;
  return subresource === undefined ? path : `${path}/${segment(subresource)}`;
}
