import { once } from "node:events";
import { request as requestHttp, type ClientRequest, type IncomingMessage } from "node:http";
import { request as requestHttps } from "node:https";
import { connect, isIP, isIPv4, isIPv6, type Socket } from "node:net";
import type { ConnectionOptions } from "node:tls";
import { ConnectionError } from "#lib/informer/index.ts";

export interface Destination {
  /** IPv6 without brackets. */
  readonly host: string;
  readonly port: number;
}

export interface TunnelOptions {
  /** `http:`, `https:` or `socks5:`, with name and password if it wants them. */
  readonly proxyUrl: string;
  /** For a proxy that is spoken to in TLS. */
  readonly tls: ConnectionOptions;
  readonly timeoutMs: number;
}

/**
 * A connection to the destination by way of a proxy, with nothing said on it yet. Names are not looked up here: the
 * proxy may know others.
 *
 * @throws ConnectionError, or what connecting to the proxy throws
 */
export async function tunnel(to: Destination, { proxyUrl, tls, timeoutMs }: TunnelOptions): Promise<Socket> {
  const proxy = new URL(proxyUrl);
  const signal = AbortSignal.timeout(timeoutMs);
  try {
    return await (proxy.protocol === "socks5:" ? throughSocks(to, proxy, signal) : throughHttp(to, proxy, tls, signal));
  } catch (error) {
    if (signal.aborted)
      throw new ConnectionError("timeout", `the proxy ${proxy.host} did not answer`, { cause: error });
    throw error;
  }
}

async function throughHttp(to: Destination, proxy: URL, tls: ConnectionOptions, signal: AbortSignal): Promise<Socket> {
  const authority = `${isIPv6(to.host) ? `[${to.host}]` : to.host}:${to.port}`;
  const options = {
    method: "CONNECT",
    host: bareHost(proxy),
    port: proxy.port === "" ? (proxy.protocol === "https:" ? 443 : 80) : proxy.port,
    path: authority,
    agent: false,
    signal,
    headers: { host: authority, ...(proxy.username === "" ? {} : { "proxy-authorization": basic(proxy) }) },
  } as const;
  // Without it the name would be taken from the Host header, which names the destination.
  const servername = isIP(options.host) === 0 ? options.host : "";
  const request = proxy.protocol === "https:" ? requestHttps({ ...options, ...tls, servername }) : requestHttp(options);
  request.end();
  const { answer, socket } = await connected(request);
  if (answer.statusCode === 200) return socket;
  socket.destroy();
  const said = `${answer.statusCode} ${answer.statusMessage}`;
  throw new ConnectionError("other", `the proxy ${proxy.host} refuses to connect to ${authority}: ${said}`);
}

function connected(request: ClientRequest): Promise<{ readonly answer: IncomingMessage; readonly socket: Socket }> {
  return new Promise((resolve, reject) => {
    request.once("error", reject);
    request.once("connect", (answer, socket) => resolve({ answer, socket }));
    request.once("response", (answer) => resolve({ answer, socket: answer.socket }));
  });
}

const version = 5;
const withoutSignIn = 0;
const withPassword = 2;
const domainName = 3;

/** RFC 1928, RFC 1929. */
async function throughSocks(to: Destination, proxy: URL, signal: AbortSignal): Promise<Socket> {
  const socket = connect({ host: bareHost(proxy), port: proxy.port === "" ? 1080 : Number(proxy.port), signal });
  try {
    await once(socket, "connect");
    const read = reader(socket, signal);
    const methods = proxy.username === "" ? [withoutSignIn] : [withoutSignIn, withPassword];
    socket.write(Buffer.from([version, methods.length, ...methods]));
    const [, method] = await read(2);
    if (method === withPassword) {
      socket.write(
        Buffer.from([
          1,
          ...counted(decodeURIComponent(proxy.username)),
          ...counted(decodeURIComponent(proxy.password)),
        ]),
      );
      const [, status] = await read(2);
      if (status !== 0) throw new ConnectionError("other", `the proxy ${proxy.host} refuses name and password`);
    } else if (method !== withoutSignIn) {
      throw new ConnectionError("other", `the proxy ${proxy.host} wants a name and a password`);
    }
    socket.write(Buffer.from([version, 1, 0, ...addressOf(to.host), to.port >> 8, to.port & 255]));
    const [, reply = 1, , kind] = await read(4);
    if (reply !== 0) throw refusal(reply, to, proxy);
    await read((kind === domainName ? ((await read(1))[0] ?? 0) : kind === 4 ? 16 : 4) + 2);
    return socket;
  } catch (error) {
    socket.destroy();
    throw error;
  }
}

/** Takes exactly as many bytes as are asked for: what follows is the other end's. */
function reader(socket: Socket, signal: AbortSignal): (length: number) => Promise<Buffer> {
  return async (length) => {
    for (;;) {
      const found = socket.read(length) as Buffer | null;
      if (found !== null && found.length === length) return found;
      if (socket.readableEnded) throw new ConnectionError("eof", "the proxy ended the connection");
      await Promise.race([once(socket, "readable", { signal }), once(socket, "end", { signal })]);
    }
  };
}

function addressOf(host: string): readonly number[] {
  if (isIPv4(host)) return [1, ...host.split(".").map(Number)];
  if (!isIPv6(host)) return [domainName, ...counted(host)];
  return [4, ...bytesOfIpv6(host)];
}

function bytesOfIpv6(address: string): readonly number[] {
  const [head = "", tail] = address.split("::");
  const groups = (text: string): number[] =>
    text === "" ? [] : text.split(":").map((group) => Number.parseInt(group, 16));
  const [front, back] = [groups(head), groups(tail ?? "")];
  const middle = tail === undefined ? 0 : 8 - front.length - back.length;
  return [...front, ...Array.from({ length: middle }, () => 0), ...back].flatMap((group) => [group >> 8, group & 255]);
}

function counted(text: string): readonly number[] {
  const bytes = Buffer.from(text).subarray(0, 255);
  return [bytes.length, ...bytes];
}

const replies: Readonly<Record<number, readonly [ConnectionError["kind"], string]>> = {
  3: ["other", "the network cannot be reached"],
  4: ["dns", "the host cannot be reached"],
  5: ["refused", "connection refused"],
  6: ["timeout", "it took too long"],
};

function refusal(reply: number, { host, port }: Destination, proxy: URL): ConnectionError {
  const [kind, why] = replies[reply] ?? (["other", `code ${reply}`] as const);
  return new ConnectionError(kind, `the proxy ${proxy.host} cannot connect to ${host}:${port}: ${why}`);
}

function bareHost({ hostname }: URL): string {
  return hostname.replace(/^\[(.*)\]$/, "$1");
}

function basic({ username, password }: URL): string {
  const pair = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return `Basic ${Buffer.from(pair).toString("base64")}`;
}
