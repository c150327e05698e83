import { once } from "node:events";
import { createServer as createHttp } from "node:http";
import { createServer as createHttps } from "node:https";
import { connect, createServer as createTcp, type AddressInfo, type Server, type Socket } from "node:net";
import type { Issued } from "./certificates.ts";

/** A proxy on loopback. Wherever somebody wants to go, the way leads to one server. */
export interface Proxy {
  readonly port: number;
  /** `host:port` of each tunnel that was asked for, with what it was asked with. */
  readonly tunnels: readonly string[];
  stop(): Promise<void>;
}

/** Speaks HTTP, over TLS if it has a certificate. */
export async function httpProxy(target: number, issued?: Issued): Promise<Proxy> {
  const tunnels: string[] = [];
  const server = issued === undefined ? createHttp() : createHttps({ cert: issued.certificate, key: issued.key });
  server.on("connect", (request, client: Socket) => {
    const said = request.headers["proxy-authorization"];
    tunnels.push(said === undefined ? (request.url ?? "") : `${request.url} ${said}`);
    join(client, target, () => client.write("HTTP/1.1 200 Connection established\r\n\r\n"));
  });
  return listening(server, tunnels);
}

/** RFC 1928, without authentication, for names and IPv4. */
export async function socksProxy(target: number): Promise<Proxy> {
  const tunnels: string[] = [];
  const server = createTcp((client) => {
    client.once("data", () => {
      client.write(Buffer.from([5, 0]));
      client.once("data", (wanted: Buffer) => {
        const isName = wanted[3] === 3;
        const length = isName ? (wanted[4] ?? 0) : 4;
        const from = isName ? 5 : 4;
        const address = wanted.subarray(from, from + length);
        const host = isName ? address.toString() : address.join(".");
        tunnels.push(`${host}:${wanted.readUInt16BE(from + length)}`);
        join(client, target, () => client.write(Buffer.from([5, 0, 0, 1, 0, 0, 0, 0, 0, 0])));
      });
    });
  });
  return listening(server, tunnels);
}

function join(client: Socket, target: number, established: () => void): void {
  const upstream = connect(target, "127.0.0.1", () => {
    established();
    upstream.pipe(client);
    client.pipe(upstream);
  });
  client.on("error", () => upstream.destroy()).on("close", () => upstream.destroy());
  upstream.on("error", () => client.destroy());
}

async function listening(server: Server, tunnels: readonly string[]): Promise<Proxy> {
  const sockets = new Set<Socket>();
  server.on("connection", (socket: Socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    port: (server.address() as AddressInfo).port,
    tunnels,
    stop: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, "close");
    },
  };
}
