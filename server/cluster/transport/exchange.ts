import { X509Certificate } from "node:crypto";
import type { Readable } from "node:stream";
import { isDeepStrictEqual } from "node:util";
import type { buildConnector, Dispatcher } from "undici";
import type { Instant, Signal } from "#lib/clock/index.ts";
import { apiStatusError, ConnectionError, DecodeError, type ApiStatusError } from "#lib/informer/index.ts";
import type { ClusterAccess, ServerAccess } from "#server/cluster/kubeconfig/index.ts";
import { codeOf, connectionError } from "./connection-errors.ts";
import { acceptEncoding, decoded } from "./content-encoding.ts";
import { ClientCertificateExpiredError } from "./credential-errors.ts";
import { Credentials, type Credential, type CredentialOptions } from "./credentials.ts";
import { Dispatchers, timeLimits } from "./dispatchers.ts";

export interface ExchangeOptions extends CredentialOptions {
  /** `kube-inflight/0.1.0` */
  readonly userAgent: string;
  /** How long an answer that is no stream may pause. */
  readonly bodyTimeoutMs?: number;
  /** How the server is reached, where that is not over the network. */
  readonly connect?: buildConnector.connector;
}

export type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

export interface ExchangeRequest {
  readonly method: Method;
  /** Below the server's URL; begins with a slash. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly accept: string;
  readonly body?: { readonly contentType: string; readonly text: string };
  readonly signal?: Signal;
  /** The body may be quiet for as long as it likes. */
  readonly isStream?: boolean;
}

/** The head of a good answer, with its body to be read. */
export interface Answer {
  readonly contentType: string | undefined;
  /** Ends when the body ends. Throws a ConnectionError when it breaks off. Leaving the loop early drops the rest. */
  readonly body: AsyncIterable<Buffer>;
  /** For a body that nobody is going to read. */
  readonly discard: () => void;
}

const errorBodyLimit = 1024 * 1024;

/** All that follows from one access. It is replaced as a whole, so that no request mixes two. */
interface Route {
  readonly server: ServerAccess;
  readonly origin: string;
  /** Below the origin. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string | string[]>>;
  readonly credentials: Credentials;
  readonly dispatchers: Dispatchers;
  readonly bodyTimeoutMs: number;
  /** What breaks off each request that has not ended. */
  readonly underWay: Set<(reason: ConnectionError) => void>;
}

/** Requests to one server, with credentials, and nothing retried but a refused sign-in, once. */
export class Exchange {
  readonly #options: ExchangeOptions;
  readonly #permits: (request: ExchangeRequest) => boolean;
  #route: Route;
  /** Earlier ones, until their last watch has ended. */
  readonly #retiring = new Set<Route>();

  /** @param permits what is refused here never reaches the network */
  constructor(access: ClusterAccess, options: ExchangeOptions, permits: (request: ExchangeRequest) => boolean) {
    this.#permits = permits;
    this.#options = options;
    this.#route = routeOf(access, options);
  }

  /**
   * What is under way goes on as it was sent, as long as it goes to the same server: a watch need not begin anew
   * because of a new token. Towards another server it is broken off.
   */
  setAccess(access: ClusterAccess): void {
    const before = this.#route;
    this.#route = routeOf(access, this.#options);
    if (!isDeepStrictEqual(before.server, access.server)) {
      void closed(before, "the kubeconfig names another server now");
      return;
    }
    before.credentials.close();
    this.#retiring.add(before);
    void before.dispatchers.retire().then(() => this.#retiring.delete(before));
  }

  /** @throws ApiStatusError, ConnectionError, or what signing in throws */
  async send(request: ExchangeRequest): Promise<Answer> {
    if (!this.#permits(request)) throw new RangeError(`${request.method} ${request.path} is not for this cluster`);
    const { clock } = this.#options;
    const route = this.#route;
    const credential = await unlessAborted(route.credentials.current(), request.signal);
    const answer = await attempt(route, request, credential);
    if (!("refusal" in answer)) return answer;
    if (answer.refusal.code !== 401) throw answer.refusal;
    route.credentials.drop(credential);
    const renewed = await unlessAborted(route.credentials.current(), request.signal);
    if (renewed === credential) throw explained(answer.refusal, credential, clock.now());
    const second = await attempt(route, request, renewed);
    if ("refusal" in second) throw explained(second.refusal, renewed, clock.now());
    return second;
  }

  /** Breaks off what is under way. */
  async close(): Promise<void> {
    await Promise.all([this.#route, ...this.#retiring].map((route) => closed(route, "the cluster is detached")));
  }
}

async function closed({ credentials, dispatchers, underWay }: Route, why: string): Promise<void> {
  credentials.close();
  for (const breakOff of underWay) breakOff(new ConnectionError("closed", why));
  await dispatchers.close();
}

function routeOf(access: ClusterAccess, options: ExchangeOptions): Route {
  const { server } = access;
  const { origin } = new URL(server.url);
  return {
    server,
    origin,
    path: server.url.slice(origin.length),
    headers: { "user-agent": options.userAgent, ...impersonationHeaders(access) },
    credentials: new Credentials(access, options),
    dispatchers: new Dispatchers(server, options),
    bodyTimeoutMs: options.bodyTimeoutMs ?? timeLimits.bodyTimeout,
    underWay: new Set(),
  };
}

async function attempt(
  { origin, path: base, headers: fixed, dispatchers, underWay, bodyTimeoutMs }: Route,
  request: ExchangeRequest,
  credential: Credential,
): Promise<Answer | { readonly refusal: ApiStatusError }> {
  const { method, path, query = {}, accept, body, signal, isStream = false } = request;
  const abort = linkedTo(signal, underWay);
  const options = {
    origin,
    path: `${base}${path}`,
    query,
    method,
    ...timeLimits,
    bodyTimeout: isStream ? 0 : bodyTimeoutMs,
    signal: abort.signal,
    headers: {
      ...fixed,
      accept,
      "accept-encoding": acceptEncoding(new URL(origin), isStream),
      ...(credential.authorization === undefined ? {} : { authorization: credential.authorization }),
      ...(body === undefined ? {} : { "content-type": body.contentType }),
    },
    body: body?.text ?? null,
  };
  const response = await responseTo(() => dispatchers.for(credential), options).catch((error: unknown) => {
    abort.unlink();
    throw error;
  });
  const { statusCode, headers } = response;
  const contentType = headerOf(headers["content-type"]);
  const discard = (): void => {
    response.body.destroy();
    abort.unlink();
  };
  // Left without a listener, an error that comes when nobody reads any more would end the process.
  response.body.on("error", () => {});
  const pieces = piecesOf(contentOf(response, discard), discard);
  if (statusCode >= 200 && statusCode < 300) return { contentType, body: pieces, discard };
  const text = await textOf(pieces, errorBodyLimit);
  return { refusal: apiStatusError(statusBody(text, contentType), statusCode, headerOf(headers["retry-after"])) };
}

/** @param find throws for certificates and keys that are none */
async function responseTo(
  find: () => Dispatcher,
  options: Dispatcher.RequestOptions,
): Promise<Dispatcher.ResponseData> {
  try {
    return await find().request(options);
  } catch (error) {
    throw connectionError(error);
  }
}

function contentOf({ body, headers }: Dispatcher.ResponseData, discard: () => void): Readable {
  try {
    return decoded(body, headerOf(headers["content-encoding"]));
  } catch (error) {
    discard();
    throw error;
  }
}

/** Servers say only that a certificate was not accepted. */
function explained(refusal: ApiStatusError, { certificate }: Credential, now: Instant): ApiStatusError {
  const validTo = certificate === undefined ? undefined : validityEnd(certificate);
  if (refusal.code === 401 && validTo !== undefined && validTo.getTime() < now) {
    refusal.cause = new ClientCertificateExpiredError(validTo.toISOString().slice(0, 10));
  }
  return refusal;
}

function validityEnd(pem: string): Date | undefined {
  try {
    return new X509Certificate(pem).validToDate;
  } catch {
    return undefined;
  }
}

/** What is read of a body, as text. */
export async function textOf(pieces: AsyncIterable<Buffer>, limit: number): Promise<string> {
  const read: Buffer[] = [];
  let length = 0;
  for await (const piece of pieces) {
    read.push(piece);
    length += piece.length;
    if (length > limit) break;
  }
  return Buffer.concat(read).subarray(0, limit).toString("utf8");
}

async function* piecesOf(body: Readable, discard: () => void): AsyncGenerator<Buffer, void, void> {
  try {
    for await (const piece of body) yield piece as Buffer;
  } catch (error) {
    throw codeOf(error) === "Z_DATA_ERROR" ? new DecodeError("the body is not gzip") : connectionError(error);
  } finally {
    discard();
  }
}

/** A Status, if the body is one; else the text, unless it is a page. */
function statusBody(text: string, contentType = "text/plain"): unknown {
  if (contentType.startsWith("text/plain")) return text;
  if (!contentType.startsWith("application/json")) return "";
  try {
    return JSON.parse(text);
  } catch {
    return "";
  }
}

/** Signing in may take as long as a command does, and goes on for the others who wait for it. */
async function unlessAborted<T>(promise: Promise<T>, signal: Signal | undefined): Promise<T> {
  if (signal === undefined) return promise;
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const abort = (): void => reject(new ConnectionError("other", "the request was aborted"));
  if (signal.aborted) abort();
  else signal.addEventListener("abort", abort, { once: true });
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    signal.removeEventListener("abort", abort);
  }
}

interface LinkedAbort {
  readonly signal: AbortSignal;
  /** The signal may live as long as the program; what hangs on it must not. */
  readonly unlink: () => void;
}

function linkedTo(signal: Signal | undefined, underWay: Route["underWay"]): LinkedAbort {
  const controller = new AbortController();
  const abort = (): void => controller.abort();
  const breakOff = (reason: ConnectionError): void => controller.abort(reason);
  underWay.add(breakOff);
  if (signal?.aborted === true) abort();
  else signal?.addEventListener("abort", abort, { once: true });
  return {
    signal: controller.signal,
    unlink: () => {
      underWay.delete(breakOff);
      signal?.removeEventListener("abort", abort);
    },
  };
}

function headerOf(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value[0] : value;
}

function impersonationHeaders({ impersonation }: ClusterAccess): Readonly<Record<string, string | string[]>> {
  if (impersonation === undefined) return {};
  const { user, uid, groups, extra } = impersonation;
  return {
    "impersonate-user": user,
    ...(uid === undefined ? {} : { "impersonate-uid": uid }),
    ...(groups.length === 0 ? {} : { "impersonate-group": [...groups] }),
    ...Object.fromEntries(
      [...extra].map(([key, values]) => [`impersonate-extra-${encodeURIComponent(key)}`, [...values]]),
    ),
  };
}
