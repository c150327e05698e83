import { describe, expect, it } from "vitest";
import { judge, type RequestFacts, type Verdict } from "./judge.ts";
import { siteOf } from "./site.ts";

const site = siteOf({ scheme: "http", host: "127.0.0.1", port: 7474 });
const ours = "http://127.0.0.1:7474";

/** What a page of ours sends with a read: a cookie, and no Origin. */
const pageReads: RequestFacts = {
  method: "GET",
  target: "/api/clusters",
  host: "127.0.0.1:7474",
  origin: undefined,
  secFetchSite: "same-origin",
  contentLength: undefined,
  credential: "cookie",
};
const pageWrites: RequestFacts = { ...pageReads, method: "POST", origin: ours };
const socket: RequestFacts = { ...pageReads, target: "/socket.io/?EIO=4&transport=websocket", origin: ours };
const polling: RequestFacts = { ...pageReads, target: "/socket.io/?EIO=4&transport=polling" };
const cli: RequestFacts = { ...pageReads, secFetchSite: undefined, credential: "bearer" };
const stranger: RequestFacts = { ...pageReads, secFetchSite: "none", credential: "none" };

interface Case {
  readonly title: string;
  readonly facts: RequestFacts;
  readonly verdict: "allow" | `${number} ${string}`;
}

const cases: readonly Case[] = [
  { title: "our page reads", facts: pageReads, verdict: "allow" },
  { title: "our page writes", facts: pageWrites, verdict: "allow" },
  { title: "our page opens a WebSocket", facts: socket, verdict: "allow" },
  { title: "our page polls: a GET to its own server has no Origin", facts: polling, verdict: "allow" },
  { title: "our page as localhost", facts: { ...pageReads, host: "localhost:7474" }, verdict: "allow" },
  {
    title: "our page as [::1]",
    facts: { ...pageWrites, host: "[::1]:7474", origin: "http://[::1]:7474" },
    verdict: "allow",
  },
  { title: "a host in capitals", facts: { ...pageReads, host: "LOCALHOST:7474" }, verdict: "allow" },
  { title: "the address is typed", facts: { ...pageReads, secFetchSite: "none" }, verdict: "allow" },
  { title: "the command line reads", facts: cli, verdict: "allow" },
  { title: "the command line writes", facts: { ...cli, method: "DELETE" }, verdict: "allow" },
  { title: "the command line opens a socket", facts: { ...cli, target: "/socket.io/?EIO=4" }, verdict: "allow" },
  { title: "a probe", facts: { ...stranger, target: "/healthz" }, verdict: "allow" },
  { title: "a probe with a query", facts: { ...stranger, target: "/readyz?verbose" }, verdict: "allow" },
  { title: "a login link is opened", facts: { ...stranger, target: "/login?code=abc" }, verdict: "allow" },
  {
    title: "an informer's key has an encoded slash",
    facts: { ...pageReads, target: "/api/x/v1%2Fpods" },
    verdict: "allow",
  },
  { title: "dots inside a name", facts: { ...pageReads, target: "/a..b/c.js?..=/../" }, verdict: "allow" },

  { title: "a method that nobody needs", facts: { ...cli, method: "PUT" }, verdict: "405 method-not-allowed" },
  { title: "a preflight", facts: { ...stranger, method: "OPTIONS" }, verdict: "405 method-not-allowed" },
  { title: "TRACE", facts: { ...cli, method: "TRACE" }, verdict: "405 method-not-allowed" },

  { title: "..", facts: { ...cli, target: "/../etc/passwd" }, verdict: "400 bad-path" },
  { title: "..%2f", facts: { ...cli, target: "/..%2fetc/passwd" }, verdict: "400 bad-path" },
  { title: "%2e%2e/", facts: { ...cli, target: "/_next/%2e%2e/%2e%2e/package.json" }, verdict: "400 bad-path" },
  { title: "..%252f, for who decodes twice", facts: { ...cli, target: "/..%252fetc" }, verdict: "400 bad-path" },
  { title: "%5c", facts: { ...cli, target: "/..%5cetc" }, verdict: "400 bad-path" },
  { title: "a backslash", facts: { ...cli, target: "/a\\b" }, verdict: "400 bad-path" },
  { title: "NUL", facts: { ...cli, target: "/index.html%00.png" }, verdict: "400 bad-path" },
  { title: "a line break", facts: { ...cli, target: "/a%0d%0aSet-Cookie:x" }, verdict: "400 bad-path" },
  { title: "broken encoding", facts: { ...cli, target: "/%zz" }, verdict: "400 bad-path" },
  { title: "another server's path", facts: { ...cli, target: "//evil.example/x" }, verdict: "400 bad-path" },
  { title: "an absolute target", facts: { ...cli, target: "http://evil.example/" }, verdict: "400 bad-path" },
  { title: "an asterisk", facts: { ...cli, target: "*" }, verdict: "400 bad-path" },

  { title: "a body of 2 MB", facts: { ...pageWrites, contentLength: "2000000" }, verdict: "413 body-too-large" },
  {
    title: "a length that is no number",
    facts: { ...pageWrites, contentLength: "1e9999" },
    verdict: "413 body-too-large",
  },

  { title: "a rebound name", facts: { ...pageReads, host: "evil.example:7474" }, verdict: "403 host-not-allowed" },
  {
    title: "a rebound name that agrees with its Origin",
    facts: { ...pageWrites, host: "evil.example:7474", origin: "http://evil.example:7474" },
    verdict: "403 host-not-allowed",
  },
  {
    title: "a rebound name at a probe",
    facts: { ...stranger, target: "/healthz", host: "evil" },
    verdict: "403 host-not-allowed",
  },
  { title: "no Host", facts: { ...cli, host: undefined }, verdict: "403 host-not-allowed" },
  { title: "another port as Host", facts: { ...cli, host: "127.0.0.1:7475" }, verdict: "403 host-not-allowed" },
  { title: "no port", facts: { ...cli, host: "127.0.0.1" }, verdict: "403 host-not-allowed" },
  { title: "a name inside the Host", facts: { ...cli, host: "evil@127.0.0.1:7474" }, verdict: "403 host-not-allowed" },
  { title: "a trailing dot", facts: { ...cli, host: "localhost.:7474" }, verdict: "403 host-not-allowed" },

  {
    title: "a foreign Origin reads",
    facts: { ...pageReads, origin: "https://evil.example" },
    verdict: "403 origin-not-allowed",
  },
  {
    title: "a foreign Origin writes",
    facts: { ...pageWrites, origin: "https://evil.example" },
    verdict: "403 origin-not-allowed",
  },
  {
    title: "a foreign Origin opens a socket",
    facts: { ...socket, origin: "https://evil.example" },
    verdict: "403 origin-not-allowed",
  },
  {
    title: "a foreign Origin with our token",
    facts: { ...cli, origin: "https://evil.example" },
    verdict: "403 origin-not-allowed",
  },
  {
    title: "a page on another port",
    facts: { ...pageWrites, origin: "http://127.0.0.1:3000" },
    verdict: "403 origin-not-allowed",
  },
  {
    title: "our host by another scheme",
    facts: { ...pageWrites, origin: "https://127.0.0.1:7474" },
    verdict: "403 origin-not-allowed",
  },
  { title: "a sandboxed frame", facts: { ...pageWrites, origin: "null" }, verdict: "403 origin-not-allowed" },
  {
    title: "two Origins",
    facts: { ...pageWrites, origin: `${ours}, https://evil` },
    verdict: "403 origin-not-allowed",
  },
  { title: "a link on another site", facts: { ...pageReads, secFetchSite: "cross-site" }, verdict: "403 cross-site" },
  {
    title: "a page on another port reads",
    facts: { ...pageReads, secFetchSite: "same-site" },
    verdict: "403 cross-site",
  },
  {
    title: "a login link on another site",
    facts: { ...stranger, target: "/login?code=a", secFetchSite: "cross-site" },
    verdict: "403 cross-site",
  },

  { title: "no cookie", facts: stranger, verdict: "401 not-signed-in" },
  { title: "no cookie, a page", facts: { ...stranger, target: "/" }, verdict: "401 not-signed-in" },
  { title: "no cookie, a script", facts: { ...stranger, target: "/_next/static/a.js" }, verdict: "401 not-signed-in" },
  { title: "no cookie, a socket", facts: { ...socket, credential: "none" }, verdict: "401 not-signed-in" },
  {
    title: "no cookie, something like a probe",
    facts: { ...stranger, target: "/healthz/" },
    verdict: "401 not-signed-in",
  },
  {
    title: "a probe that writes",
    facts: { ...stranger, target: "/healthz", method: "POST" },
    verdict: "401 not-signed-in",
  },

  { title: "a write without Origin", facts: { ...pageWrites, origin: undefined }, verdict: "403 origin-required" },
  {
    title: "a write without Origin that claims to come from our page",
    facts: { ...pageWrites, origin: undefined, secFetchSite: "same-origin" },
    verdict: "403 origin-required",
  },
  {
    title: "a socket without Origin",
    facts: { ...socket, origin: undefined, secFetchSite: undefined },
    verdict: "403 origin-required",
  },
];

function told(verdict: Verdict): string {
  return verdict === "allow" ? verdict : `${verdict.status} ${verdict.code}`;
}

describe("judge", () => {
  it.each(cases)("$verdict: $title", ({ facts, verdict }) => {
    expect(told(judge(facts, site))).toBe(verdict);
  });

  it("says what was expected, whatever it refuses", () => {
    for (const { facts } of cases) {
      const verdict = judge(facts, site);
      if (verdict !== "allow") expect(verdict.message).toMatch(/expected|open|only|type|another/);
    }
  });
});

describe("the names of a server", () => {
  it("are loopback's and the configured one", () => {
    expect([...siteOf({ scheme: "https", host: "flight.example.com", port: 8443 }).hosts]).toEqual([
      "127.0.0.1:8443",
      "localhost:8443",
      "[::1]:8443",
      "flight.example.com:8443",
    ]);
  });

  it("may go without the scheme's own port", () => {
    const { hosts, origins } = siteOf({ scheme: "https", host: "flight.example.com", port: 443 });
    expect(hosts).toContain("flight.example.com");
    expect(origins).toContain("https://flight.example.com");
  });

  it("are this machine's addresses when it listens on all of them, never any name", () => {
    const { hosts } = siteOf({ scheme: "http", host: "0.0.0.0", port: 7474 });
    expect(hosts).toContain("127.0.0.1:7474");
    expect(hosts).not.toContain("0.0.0.0:7474");
    expect(hosts).not.toContain("evil.example:7474");
  });
});
