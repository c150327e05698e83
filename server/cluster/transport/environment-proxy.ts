import { BlockList, isIP, isIPv6 } from "node:net";
import type { Environment } from "./exec-runner.ts";

/**
 * The proxy that the environment wants for this server, as every program of the Go world reads it. Upstream:
 * `httpproxy.FromEnvironment`, whose exceptions know networks (`10.0.0.0/8`), which those of the HTTP client do not.
 */
export function environmentProxy(server: string, environment: Environment): string | undefined {
  const read = (name: string): string => environment[name.toUpperCase()] || environment[name] || "";
  const url = new URL(server);
  const proxy = read(url.protocol === "https:" ? "https_proxy" : "http_proxy");
  if (proxy === "" || isExempt(url, read("no_proxy"))) return undefined;
  return /^(?:https?|socks5):\/\//.test(proxy) ? proxy : `http://${proxy}`;
}

export function isLoopback(url: URL): boolean {
  const host = bareHost(url);
  return host === "localhost" || host === "::1" || (isIP(host) === 4 && host.startsWith("127."));
}

function bareHost({ hostname }: URL): string {
  return hostname.replace(/^\[(.*)\]$/, "$1").replace(/\.$/, "");
}

/** Loopback never goes through a proxy, whatever is said. */
function isExempt(url: URL, exceptions: string): boolean {
  if (isLoopback(url)) return true;
  const { protocol, port } = url;
  const host = bareHost(url);
  const entries = exceptions.split(",").map((entry) => entry.trim().toLowerCase());
  const effectivePort = port === "" ? (protocol === "https:" ? "443" : "80") : port;
  return entries.some((entry) => entry === "*" || (entry !== "" && matches(entry, host, effectivePort)));
}

function matches(entry: string, host: string, port: string): boolean {
  if (isNetwork(entry)) return isWithin(entry, host);
  const { name, port: wanted } = splitPort(entry);
  if (wanted !== undefined && wanted !== port) return false;
  if (isIP(name) > 0) return name === host;
  if (isIP(host) > 0) return false;
  // With a dot in front it is those below the name only.
  const below = name.replace(/^\*\./, ".");
  return below.startsWith(".") ? host.endsWith(below) : host === below || host.endsWith(`.${below}`);
}

function isNetwork(entry: string): boolean {
  const [address = "", prefix = "", ...rest] = entry.split("/");
  const longest = isIPv6(address) ? 128 : 32;
  return rest.length === 0 && isIP(address) > 0 && /^\d{1,3}$/.test(prefix) && Number(prefix) <= longest;
}

function isWithin(network: string, host: string): boolean {
  if (isIP(host) === 0) return false;
  const [address = "", prefix = ""] = network.split("/");
  const list = new BlockList();
  list.addSubnet(address, Number(prefix), isIPv6(address) ? "ipv6" : "ipv4");
  return list.check(host, isIPv6(host) ? "ipv6" : "ipv4");
}

function splitPort(entry: string): { readonly name: string; readonly port?: string } {
  const found = /^(?:\[([^\]]+)\]|([^:]+)):(\d+)$/.exec(entry);
  if (found === null) return { name: entry.replace(/^\[(.*)\]$/, "$1") };
  const [, bracketed, plain, port = ""] = found;
  return { name: bracketed ?? plain ?? "", port };
}
