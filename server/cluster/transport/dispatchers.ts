import type { Socket } from "node:net";
import { createSecureContext, getCACertificates } from "node:tls";
import { Agent, buildConnector, type Dispatcher } from "undici";
import type { ServerAccess } from "#server/cluster/kubeconfig/index.ts";
import type { Credential } from "./credentials.ts";
import { environmentProxy } from "./environment-proxy.ts";
import type { Environment } from "./exec-runner.ts";
import { tunnel, type TunnelOptions } from "./tunnel.ts";

/**
 * Of every request. A server gives up one that is no watch after 60 s, so whoever hears nothing for longer waits for
 * nobody. A watch may be quiet for as long as it likes: bookmarks tell whether it is alive, and TCP keep-alive whether
 * the peer is.
 */
export const timeLimits = { bodyTimeout: 75_000, headersTimeout: 75_000 } as const;

/**
 * HTTP/1.1: each watch has a connection of its own, so none waits behind the list of another. Measured with this
 * client and 60 watches of 100 events each, HTTP/2 takes a third of the time (43 ms instead of 138), which is 16 us an
 * event. But beyond the streams that one connection may have a watch waits without a word, and a list that is read
 * slowly, as ours are to let others run, stops the whole connection until the server breaks it off.
 */
export const connectionOptions = {
  ...timeLimits,
  keepAliveTimeout: 30_000,
  allowH2: false,
  pipelining: 1,
} as const satisfies Agent.Options;

const connectOptions = { timeout: 10_000, keepAlive: true, keepAliveInitialDelay: 30_000 } as const;

export interface DispatcherOptions {
  readonly environment: Environment;
  /** How the server is reached, where that is not over the network. */
  readonly connect?: buildConnector.connector;
}

/** Connections that are shared by all requests with the same TLS material. */
export class Dispatchers {
  readonly #server: ServerAccess;
  readonly #options: DispatcherOptions;
  #current: { readonly credential: Credential; readonly dispatcher: Dispatcher } | undefined;
  /** Replaced ones, until their last watch has ended. */
  readonly #retiring = new Map<Dispatcher, Promise<void>>();

  constructor(server: ServerAccess, options: DispatcherOptions) {
    this.#server = server;
    this.#options = options;
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

  /** What is under way goes on to its end, and this resolves with it. */
  async retire(): Promise<void> {
    if (this.#current !== undefined) this.#retire(this.#current.dispatcher);
    this.#current = undefined;
    await Promise.all(this.#retiring.values());
  }

  /** Breaks off what is under way. */
  async close(): Promise<void> {
    const all = [...this.#retiring.keys(), ...(this.#current === undefined ? [] : [this.#current.dispatcher])];
    this.#retiring.clear();
    this.#current = undefined;
    await Promise.all(all.map((dispatcher) => dispatcher.destroy()));
  }

  #retire(dispatcher: Dispatcher): void {
    const forget = (): void => void this.#retiring.delete(dispatcher);
    this.#retiring.set(dispatcher, dispatcher.close().then(forget, forget));
  }

  #create(credential: Credential): Dispatcher {
    const { environment, connect } = this.#options;
    if (connect !== undefined) return new Agent({ ...connectionOptions, connect });
    const { url, proxyUrl = environmentProxy(url, environment) } = this.#server;
    const tlsOptions = { ...connectOptions, allowH2: false, ...this.#tlsOptions(credential) };
    if (proxyUrl === undefined) return new Agent({ ...connectionOptions, connect: tlsOptions });
    const proxied = { proxyUrl, tls: this.#proxyTlsOptions(credential), timeoutMs: connectOptions.timeout };
    return new Agent({ ...connectionOptions, connect: connectorThrough(proxied, buildConnector(tlsOptions)) });
  }

  /** A proxy shows a certificate of the company's or of the cluster's. */
  #proxyTlsOptions({ authority }: Credential) {
    const ca = [...systemAuthorities(), ...(authority === undefined ? [] : [authority])];
    return { rejectUnauthorized: this.#server.isTlsVerified, ca };
  }

  #tlsOptions({ authority, certificate, key }: Credential) {
    const { url, isTlsVerified, tlsServerName } = this.#server;
    if (!url.startsWith("https:")) return {};
    const material = {
      // Without one of its own, the system's authorities count, as for kubectl.
      ...(isTlsVerified ? { ca: authority ?? systemAuthorities() } : {}),
      ...(certificate === undefined || key === undefined ? {} : { cert: certificate, key }),
    };
    return {
      rejectUnauthorized: isTlsVerified,
      // Once for all connections: reading the system's authorities takes 40 ms.
      secureContext: createSecureContext(material),
      ...(tlsServerName === undefined ? {} : { servername: tlsServerName }),
    };
  }
}

/** Connects as the HTTP client wants it, on a socket that a proxy leads to the server. */
function connectorThrough(proxied: TunnelOptions, connector: buildConnector.connector): buildConnector.connector {
  return (wanted, callback) => {
    const isSecure = wanted.protocol === "https:";
    const host = wanted.hostname.replace(/^\[(.*)\]$/, "$1");
    const connect = async (): Promise<void> => {
      let httpSocket: Socket;
      try {
        httpSocket = await tunnel({ host, port: Number(wanted.port || (isSecure ? 443 : 80)) }, proxied);
      } catch (error) {
        callback(error instanceof Error ? error : new Error(String(error)), null);
        return;
      }
      httpSocket.setKeepAlive(true, connectOptions.keepAliveInitialDelay);
      if (isSecure) connector({ ...wanted, httpSocket }, callback);
      else callback(null, httpSocket);
    };
    void connect();
  };
}

function systemAuthorities(): string[] {
  return [...getCACertificates("default"), ...getCACertificates("system")];
}

function isSameMaterial(one: Credential, other: Credential): boolean {
  return one.authority === other.authority && one.certificate === other.certificate && one.key === other.key;
}
