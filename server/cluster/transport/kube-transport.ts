import type { Clock, Signal } from "#lib/clock/index.ts";
import { DecodeError, listQuery, watchQuery, type ListerWatcher } from "#lib/informer/index.ts";
import type { KubeObject } from "#lib/kube/index.ts";
import type { ClusterAccess } from "#server/cluster/kubeconfig/index.ts";
import { isSecret } from "#server/cluster/redaction/index.ts";
import { listParts, watchEvents } from "./bodies.ts";
import { acceptedMediaTypes, codecFor, type Codec, type Codecs } from "./codec.ts";
import { discover, serverVersion, type ApiResource } from "./discovery.ts";
import { Exchange, textOf, type Answer, type ExchangeOptions, type ExchangeRequest } from "./exchange.ts";
import { jsonCodec } from "./json-codec.ts";
import { resourcePath, segment, selectorQuery, type ResourceName, type ResourceSelection } from "./resource-path.ts";

/** The questions about oneself that are asked by POST. A server stores nothing of them. */
export type SelfReview =
  | { readonly kind: "SelfSubjectReview" }
  | { readonly kind: "SelfSubjectAccessReview"; readonly spec: unknown }
  | { readonly kind: "SelfSubjectRulesReview"; readonly spec: unknown };

const reviews = {
  SelfSubjectReview: { apiVersion: "authentication.k8s.io/v1", resource: "selfsubjectreviews" },
  SelfSubjectAccessReview: { apiVersion: "authorization.k8s.io/v1", resource: "selfsubjectaccessreviews" },
  SelfSubjectRulesReview: { apiVersion: "authorization.k8s.io/v1", resource: "selfsubjectrulesreviews" },
} as const satisfies Record<SelfReview["kind"], { readonly apiVersion: string; readonly resource: string }>;

const reviewPaths: ReadonlySet<string> = new Set((Object.keys(reviews) as SelfReview["kind"][]).map(reviewPath));

function reviewPath(kind: SelfReview["kind"]): string {
  return `/apis/${reviews[kind].apiVersion}/${reviews[kind].resource}`;
}

function reads({ method, path }: ExchangeRequest): boolean {
  return method === "GET" || (method === "POST" && reviewPaths.has(path));
}

/** Larger answers come from lists and watches, which are read as streams. */
const wholeBodyLimit = 64 * 1024 * 1024;

/**
 * The reading end of one cluster. It gets, lists and watches, and posts the three self-reviews; there is no method for
 * anything else, here or behind it. What writes is a KubeWriter, which only an embedded cluster has.
 */
export class KubeTransport {
  readonly #exchange: Exchange;
  readonly #clock: Clock;
  readonly #codecs: Codecs;

  /** @param codecs for what is asked for, best first */
  constructor(access: ClusterAccess, options: ExchangeOptions, codecs: Codecs = [jsonCodec]) {
    this.#codecs = codecs;
    this.#exchange = new Exchange(access, options, reads);
    this.#clock = options.clock;
  }

  /** Not for Secrets. */
  listerWatcher<T extends KubeObject>(selection: ResourceSelection): ListerWatcher<T> {
    if (isSecret(selection)) throw new RangeError("Secrets are not read: choose another resource");
    const path = resourcePath(selection, selection.namespace);
    const selectors = selectorQuery(selection);
    const get = async (query: Readonly<Record<string, string>>, signal: Signal, isStream: boolean): Promise<Answer> =>
      this.#get({ path, query: { ...selectors, ...query }, signal, isStream });
    return {
      list: async (options, signal) => {
        const answer = await get(listQuery(options), signal, false);
        return listParts<T>(answer.body, this.#codecOf(answer), this.#clock);
      },
      watch: async (options, signal) => {
        const answer = await get(watchQuery(options), signal, true);
        return watchEvents<T>(answer.body, this.#codecOf(answer), this.#clock);
      },
    };
  }

  /** One object by name. */
  async getObject<T extends KubeObject>(
    resource: ResourceName,
    name: { readonly name: string; readonly namespace?: string },
    signal?: Signal,
  ): Promise<T> {
    if (isSecret(resource)) throw new RangeError("Secrets are not read: choose another resource");
    const path = `${resourcePath(resource, name.namespace)}/${segment(name.name)}`;
    return (await this.getJson({ path, ...(signal === undefined ? {} : { signal }) })) as T;
  }

  /** What an informer can be started for. */
  discover(signal?: Signal): Promise<readonly ApiResource[]> {
    return discover((path, accept) => this.getJson(getRequest(path, accept, signal)));
  }

  /** `v1.36.3` */
  serverVersion(signal?: Signal): Promise<string> {
    return serverVersion((path, accept) => this.getJson(getRequest(path, accept, signal)));
  }

  /** A small answer as parsed JSON. Its content is still to be looked at. */
  async getJson(request: GetRequest): Promise<unknown> {
    return this.#wholeBody(await this.#get(request));
  }

  /** A small answer as text: metrics through `pods/proxy`. */
  async getText(request: GetRequest): Promise<string> {
    const { body } = await this.#get({ ...request, accept: request.accept ?? "*/*" });
    return textOf(body, wholeBodyLimit);
  }

  async review(review: SelfReview, signal?: Signal): Promise<unknown> {
    const { apiVersion } = reviews[review.kind];
    const answer = await this.#exchange.send({
      method: "POST",
      path: reviewPath(review.kind),
      accept: acceptedMediaTypes([jsonCodec]),
      body: { contentType: jsonCodec.mediaType, text: JSON.stringify({ apiVersion, ...review }) },
      ...(signal === undefined ? {} : { signal }),
    });
    return this.#wholeBody(answer);
  }

  /** Requests that are sent from now on go where it says, as whom it says. */
  setAccess(access: ClusterAccess): void {
    this.#exchange.setAccess(access);
  }

  /** Breaks off what is under way. */
  close(): Promise<void> {
    return this.#exchange.close();
  }

  #get({ accept = acceptedMediaTypes(this.#codecs), ...request }: StreamRequest): Promise<Answer> {
    return this.#exchange.send({ ...request, method: "GET", accept });
  }

  #codecOf({ contentType, discard }: Answer): Codec {
    try {
      return codecFor(contentType, this.#codecs);
    } catch (error) {
      discard();
      throw error;
    }
  }

  async #wholeBody(answer: Answer): Promise<unknown> {
    const codec = this.#codecOf(answer);
    const pieces: Buffer[] = [];
    let length = 0;
    for await (const piece of answer.body) {
      pieces.push(piece);
      length += piece.length;
      if (length > wholeBodyLimit) throw new DecodeError(`the answer is larger than ${wholeBodyLimit} bytes`);
    }
    return codec.decode(Buffer.concat(pieces));
  }
}

function getRequest(path: string, accept: string | undefined, signal: Signal | undefined): GetRequest {
  return { path, ...(accept === undefined ? {} : { accept }), ...(signal === undefined ? {} : { signal }) };
}

export interface GetRequest {
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly accept?: string;
  readonly signal?: Signal;
}

interface StreamRequest extends GetRequest {
  readonly isStream?: boolean;
}
