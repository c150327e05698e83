import { getCACertificates } from "node:tls";
import { Agent, EnvHttpProxyAgent, ProxyAgent, type Dispatcher } from "undici";
import type { ServerAccess } from "#server/cluster/kubeconfig/index.ts";
import type { Credential } from "./credentials.ts";
import type { Environment } from "./exec-runner.ts";

/**
 * Explicit for every connection. A watch may be quiet for as long as it likes, so nothing limits the time between two
 * pieces of a body: bookmarks tell whether it is alive, and TCP keep-alive whether the peer is. HTTP/1.1 gives each
 * watch a connection of its own: none waits behind the list of another.
 */
export const connectionOptions = {
  bodyTimeout: 0,
  /** A server gives up a request that is no watch after 60 s. */
  headersTimeout: 75_000,
  keepAliveTimeout: 30_000,
  allowH2: false,
  pipelining: 1,
} as const satisfies Agent.Options;

const connectOptions = { timeout: 10_000, keepAlive: true, keepAliveInitialDelay: 30_000 } as const;

/** Connections that are shared by all requests with the same TLS material. */
export class Dispatchers {
  readonly #server: ServerAccess;
  readonly #environment: Environment;
  #current: { readonly credential: Credential; readonly dispatcher: Dispatcher } | undefined;
  /** Replaced ones, until their last watch has ended. */
  readonly #retiring = new Set<Dispatcher>();

  constructor(server: ServerAccess, environment: Environment) {
    this.#server = server;
    this.#environment = environment;
  }

  for(credential: Credential): Dispatcher {
    if (this.#current !== undefined && isSameMaterial(this.#current.credential, credential)) {
      return this.#current.dispatcher;
    }
    const dispatcher = this.#create(credential);
    if (this.#current !== undefined) this.#retire(this.#current.dispatcher);
    this.#current = { credential, dispatcher };
    return dispatcher;
  }

  /** Breaks off what is under way. */
  async close(): Promise<void> {
    const all = [...this.#retiring, ...(this.#current === undefined ? [] : [this.#current.dispatcher])];
    this.#retiring.clear();
    this.#current = undefined;
    await Promise.all(all.map((dispatcher) => dispatcher.destroy()));
  }

  #retire(dispatcher: Dispatcher): void {
    this.#retiring.add(dispatcher);
    void dispatcher.close().then(
      () => this.#retiring.delete(dispatcher),
      () => this.#retiring.delete(dispatcher),
    );
  }

  #create(credential: Credential): Dispatcher {
    const { url, proxyUrl } = this.#server;
    const tlsOptions = { ...connectOptions, allowH2: false, ...this.#tlsOptions(credential) };
    const options = { ...connectionOptions, connect: tlsOptions };
    if (proxyUrl !== undefined) {
      return new ProxyAgent({ ...options, connect: connectOptions, uri: proxyUrl, requestTls: tlsOptions });
    }
    const proxies = this.#environmentProxies();
    if (proxies === undefined || isLoopback(new URL(url).hostname)) return new Agent(options);
    return new EnvHttpProxyAgent({ ...options, ...proxies, requestTls: tlsOptions });
  }

  #tlsOptions({ authority, certificate, key }: Credential) {
    const { isTlsVerified, tlsServerName } = this.#server;
    return {
      rejectUnauthorized: isTlsVerified,
      // Without one of its own, the system's authorities count, as for kubectl.
      ...(isTlsVerified ? { ca: authority ?? systemAuthorities() } : {}),
      ...(certificate === undefined || key === undefined ? {} : { cert: certificate, key }),
      ...(tlsServerName === undefined ? {} : { servername: tlsServerName }),
    };
  }

  /** The proxy variables, as every program of the Go world reads them. Upstream: `http.ProxyFromEnvironment`. */
  #environmentProxies(): EnvHttpProxyAgent.Options | undefined {
    const read = (name: string): string | undefined => this.#environment[name.toUpperCase()] ?? this.#environment[name];
    const httpProxy = read("http_proxy") ?? "";
    const httpsProxy = read("https_proxy") ?? "";
    const isNeeded = (this.#server.url.startsWith("https:") ? httpsProxy : httpProxy) !== "";
    return isNeeded ? { httpProxy, httpsProxy, noProxy: read("no_proxy") ?? "" } : undefined;
  }
}

function systemAuthorities(): string[] {
  return [...getCACertificates("default"), ...getCACertificates("system")];
}

function isLoopback(hostname: string): boolean {
  return hostname === "localhost" || hostname === "[::1]" || hostname.startsWith("127.");
}

function isSameMaterial(one: Credential, other: Credential): boolean {
  return one.authority === other.authority && one.certificate === other.certificate && one.key === other.key;
}
