import { isIP } from "node:net";
import { hostname, networkInterfaces } from "node:os";
import type { Site } from "./judge.ts";

export interface Address {
  readonly scheme: "http" | "https";
  /** As configured: a name, an address, or an unspecified address that stands for all of this machine's. */
  readonly host: string;
  readonly port: number;
}

/** Loopback by its three names, and the configured host. A list, not a comparison with what the request says of itself. */
export function siteOf({ scheme, host, port }: Address): Site {
  const names = new Set(["127.0.0.1", "localhost", "[::1]", ...namesOf(host)]);
  const defaultPort = scheme === "https" ? 443 : 80;
  const hosts = [...names].flatMap((name) => [`${name}:${port}`, ...(port === defaultPort ? [name] : [])]);
  return {
    hosts: new Set(hosts),
    origins: new Set([...names].map((name) => new URL(`${scheme}://${name}:${port}`).origin)),
  };
}

/** Where a browser on this machine finds the server. */
export function originOf({ scheme, host, port }: Address): string {
  const name = isUnspecified(host) ? "127.0.0.1" : bracketed(host);
  return new URL(`${scheme}://${name}:${port}`).origin;
}

function namesOf(host: string): readonly string[] {
  if (!isUnspecified(host)) return [bracketed(host)];
  const addresses = Object.values(networkInterfaces()).flatMap((all) => all ?? []);
  return [hostname().toLowerCase(), ...addresses.map(({ address }) => bracketed(address))];
}

function isUnspecified(host: string): boolean {
  return host === "0.0.0.0" || host === "::";
}

function bracketed(host: string): string {
  return isIP(host) === 6 ? `[${host.replace(/%.*$/, "")}]` : host;
}
