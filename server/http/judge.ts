import type { Credential } from "#server/session.ts";

/** Everything about a request that the gate decides by. Headers as they came, `undefined` where there is none. */
export interface RequestFacts {
  readonly method: string;
  /** The request target: path and query, undecoded. */
  readonly target: string;
  readonly host: string | undefined;
  readonly origin: string | undefined;
  readonly secFetchSite: string | undefined;
  readonly contentLength: string | undefined;
  readonly credential: Credential;
}

/** The names of this server: `127.0.0.1:7474` and `http://127.0.0.1:7474`, and so on for each. */
export interface Site {
  readonly hosts: ReadonlySet<string>;
  readonly origins: ReadonlySet<string>;
}

export interface Refusal {
  readonly status: 400 | 401 | 403 | 404 | 405 | 413 | 503;
  readonly code: string;
  /** What was expected and what to do. */
  readonly message: string;
}

export type Verdict = "allow" | Refusal;

export const maxBodyBytes = 64 * 1024;
export const allowedMethods: readonly string[] = ["GET", "HEAD", "POST", "PATCH", "DELETE"];
export const socketPath = "/socket.io/";

const safeMethods: readonly string[] = ["GET", "HEAD"];
const openPaths: readonly string[] = ["/healthz", "/readyz", "/login"];

/**
 * The one gate: HTTP and the socket's transports pass it with every request. Only what a browser cannot be made to
 * forge counts: an attacker's page controls neither Host (once it is compared with our own names: a rebound name is
 * the attacker's), nor Origin, nor Sec-Fetch-Site. A connection from loopback proves nothing.
 */
export function judge(facts: RequestFacts, site: Site): Verdict {
  return judgeShape(facts) ?? judgeSender(facts, site) ?? judgeCredential(facts) ?? judgeIntent(facts) ?? "allow";
}

function judgeShape({ method, target, contentLength }: RequestFacts): Refusal | undefined {
  if (!allowedMethods.includes(method)) {
    return refuse(
      405,
      "method-not-allowed",
      `${method} is not used here: expected one of ${allowedMethods.join(", ")}`,
    );
  }
  if (!isPlainTarget(target)) {
    return refuse(400, "bad-path", "expected a path without . or .. segments, backslashes and control characters");
  }
  if (contentLength !== undefined && !(Number(contentLength) <= maxBodyBytes)) {
    return refuse(413, "body-too-large", `expected a body of at most ${maxBodyBytes} bytes`);
  }
  return undefined;
}

function judgeSender({ host, origin, secFetchSite }: RequestFacts, site: Site): Refusal | undefined {
  if (host === undefined || !site.hosts.has(host.toLowerCase())) {
    return refuse(403, "host-not-allowed", "this name is not one of this server's: open the address that it printed");
  }
  if (origin !== undefined && !site.origins.has(origin)) {
    return refuse(403, "origin-not-allowed", "another site asked for this: only this server's own pages may");
  }
  if (secFetchSite !== undefined && secFetchSite !== "same-origin" && secFetchSite !== "none") {
    return refuse(403, "cross-site", "another site led here: type or paste the address into the browser instead");
  }
  return undefined;
}

function judgeCredential({ target, credential, method }: RequestFacts): Refusal | undefined {
  if (credential !== "none" || (safeMethods.includes(method) && openPaths.includes(pathOf(target)))) return undefined;
  return refuse(401, "not-signed-in", "open the link that kube-inflight printed, or send its token as a bearer token");
}

/** What changes something, and the socket, must come from our own page: then the browser says so. Or it is no browser. */
function judgeIntent({ method, target, origin, secFetchSite, credential }: RequestFacts): Refusal | undefined {
  const isRead = safeMethods.includes(method);
  if (isRead && !pathOf(target).startsWith(socketPath)) return undefined;
  // Browsers send no Origin with a GET to the page's own server, as polling does; then Sec-Fetch-Site tells as much.
  const isFromOurPage = origin !== undefined || (isRead && secFetchSite === "same-origin");
  if (isFromOurPage || credential === "bearer") return undefined;
  return refuse(403, "origin-required", "expected this server's own Origin, or its token as a bearer token");
}

export function pathOf(target: string): string {
  return target.split("?", 1)[0] ?? target;
}

/** Refuses what two readers of a path could read differently. An encoded slash is allowed: informer keys have one. */
function isPlainTarget(target: string): boolean {
  if (!target.startsWith("/") || target.startsWith("//")) return false;
  const path = decoded(pathOf(target));
  if (path === undefined || isSuspicious(path)) return false;
  // What is still encoded after decoding once would be a path to whoever decodes twice.
  const twice = decoded(path);
  return twice === undefined || !isSuspicious(twice);
}

function isSuspicious(path: string): boolean {
  // eslint-disable-next-line no-control-regex
  return /[\u0000-\u001f\u007f\\#]/.test(path) || path.split("/").some((part) => part === "." || part === "..");
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

function refuse(status: Refusal["status"], code: string, message: string): Refusal {
  return { status, code, message };
}
