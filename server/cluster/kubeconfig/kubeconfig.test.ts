import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  authKind,
  contextSlugs,
  inClusterKubeconfig,
  KubeconfigError,
  listContexts,
  loadKubeconfig,
  mergeKubeconfigs,
  missingKubeconfig,
  parseKubeconfig,
  resolveContext,
} from "./index.ts";

const pemText = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
const pemData = Buffer.from(pemText).toString("base64");

/** One context `c` with this cluster and user, in `/k/config`. */
function withUser(user: unknown, cluster: Record<string, unknown> = {}) {
  const text = JSON.stringify({
    clusters: [{ name: "one", cluster: { server: "https://10.0.0.1:6443/", ...cluster } }],
    users: [{ name: "me", user }],
    contexts: [{ name: "c", context: { cluster: "one", user: "me" } }],
    "current-context": "c",
  });
  return parseKubeconfig(text, "/k/config", "/k");
}

function errorOf(run: () => unknown): KubeconfigError {
  try {
    run();
  } catch (error) {
    if (error instanceof KubeconfigError) return error;
    throw error;
  }
  throw new Error("expected a KubeconfigError");
}

describe("a kubeconfig file", () => {
  it("that is no YAML is refused with its place, and nothing of it is quoted", () => {
    const error = errorOf(() => parseKubeconfig("users:\n  - token: [canary\nx: 1\n", "/k/config"));
    expect(error).toMatchObject({ code: "kubeconfig-malformed" });
    expect(error.message).toMatch(/^\/k\/config is not a kubeconfig: line 3, column 1: /);
    expect(`${error.message} ${error.hint} ${String(error.cause)} ${error.stack}`).not.toContain("canary");
  });

  it.each([
    ["- a list", "expected object, received array"],
    ["just words", "expected object, received string"],
    ["contexts: {}", "contexts: expected array, received object"],
    ["users: [{user: {}}]", "users[0].name: expected string, received undefined"],
    ["users: [{name: a}, {name: a}]", "there are two entries named a under users"],
  ])("%s: says what was expected", (text, message) => {
    expect(errorOf(() => parseKubeconfig(text, "/k/config")).message).toContain(message);
  });

  it.each(["", "\n# nothing\n", "---\n", "apiVersion: v1\nkind: Config\nclusters: null\n"])(
    "%j has no contexts",
    (text) => {
      expect(listContexts(parseKubeconfig(text, "/k/config"))).toEqual([]);
    },
  );

  it("is merged with others: the first entry of a name wins, and the first current context", () => {
    const first = parseKubeconfig("users: [{name: a, user: {token: first}}]", "/1");
    const second = parseKubeconfig("users: [{name: a, user: {token: second}}, {name: b}]\ncurrent-context: x", "/2");
    const merged = mergeKubeconfigs([first, second]);
    expect(merged).toMatchObject({ files: ["/1", "/2"], currentContext: "x" });
    expect([...merged.users.values()].map(({ name, origin }) => [name, origin])).toEqual([
      ["a", "/1"],
      ["b", "/2"],
    ]);
  });
});

describe("a context", () => {
  it("that is not there is refused with those that are", () => {
    const error = errorOf(() => resolveContext(withUser({}), "prod"));
    expect(error).toMatchObject({
      code: "context-missing",
      message: "There is no context prod in /k/config. There is c.",
    });
    expect(error.hint).toContain("--context");
  });

  it.each([
    ["cluster", "clusters: []\ncontexts: [{name: c, context: {cluster: gone}}]", "names the cluster gone"],
    [
      "user",
      "clusters: [{name: one, cluster: {server: 'https://a'}}]\ncontexts: [{name: c, context: {cluster: one, user: gone}}]",
      "names the user gone",
    ],
  ])("that names a missing %s says so", (what, text, message) => {
    const error = errorOf(() => resolveContext(parseKubeconfig(text, "/k/config"), "c"));
    expect(error.code).toBe(`${what}-missing`);
    expect(error.message).toContain(message);
    expect(error.hint).toContain(`--${what}=NAME`);
  });

  it("with a broken cluster harms no other context", () => {
    const text = `
clusters: [{name: good, cluster: {server: "https://a:1"}}, {name: bad, cluster: {server: 7}}, {name: none}]
contexts: [{name: g, context: {cluster: good}}, {name: b, context: {cluster: bad}}, {name: n, context: {cluster: none}}]`;
    const found = listContexts(parseKubeconfig(text, "/k/config"));
    expect(found.map(({ name, server, error }) => [name, server, error?.code])).toEqual([
      ["g", "https://a:1", undefined],
      ["b", "", "cluster-malformed"],
      ["n", "", "cluster-malformed"],
    ]);
    expect(found[1]?.error?.message).toBe(
      "Cluster bad in /k/config cannot be used: server: expected string, received number.",
    );
  });

  it("keeps the path of its server, and shows no password of its URL", () => {
    const access = resolveContext(withUser({}, { server: "https://me:canary@rancher/k8s/clusters/c-1/" }), "c");
    expect(access.server.url).toBe("https://rancher/k8s/clusters/c-1");
  });

  it.each([
    [{ server: "10.0.0.1:6443" }, "server: expected a URL"],
    [{ server: "ftp://a" }, "server: expected a URL"],
    [{ "proxy-url": "socks4://a" }, "proxy-url: expected a URL"],
    [{ "certificate-authority-data": "bm90IGEgY2VydA==" }, "PEM in base64"],
  ])("with %j says what was expected", (cluster, message) => {
    expect(errorOf(() => resolveContext(withUser({}, cluster), "c")).message).toContain(message);
  });

  it("reads CA, TLS name, proxy and verification of its cluster; relative paths are relative to the file", () => {
    const { server } = resolveContext(
      withUser(
        {},
        {
          "certificate-authority": "ca.crt",
          "insecure-skip-tls-verify": true,
          "tls-server-name": "kube",
          "proxy-url": "socks5://localhost:1080",
        },
      ),
      "c",
    );
    expect(server).toEqual({
      url: "https://10.0.0.1:6443",
      authority: { kind: "file", path: "/k/ca.crt" },
      isTlsVerified: false,
      tlsServerName: "kube",
      proxyUrl: "socks5://localhost:1080",
      execConfig: undefined,
    });
    const withData = resolveContext(
      withUser({}, { "certificate-authority": "x", "certificate-authority-data": pemData }),
      "c",
    );
    expect(withData.server.authority).toEqual({ kind: "text", pem: pemText });
  });
});

describe("a user", () => {
  const certificate = { "client-certificate-data": pemData, "client-key": "key.pem" };
  const exec = { apiVersion: "client.authentication.k8s.io/v1", command: "aws", args: ["eks", "get-token"] };

  it.each([
    ["token", { token: "t" }, { kind: "token", token: "t" }],
    ["token file", { token: "t", tokenFile: "t.txt" }, { kind: "tokenFile", path: "/k/t.txt", isInCluster: false }],
    ["basic", { username: "u", password: "p" }, { kind: "basic", username: "u", password: "p" }],
    ["client certificate", certificate, { kind: "none" }],
    ["token", { ...certificate, token: "t" }, { kind: "token", token: "t" }],
    ["none", {}, { kind: "none" }],
    ["none", null, { kind: "none" }],
    ["none", { token: "", tokenFile: null }, { kind: "none" }],
    ["token", { "auth-provider": { name: "oidc", config: { "id-token": "t" } } }, { kind: "token", token: "t" }],
  ])("signs in by %s with %j", (kind, user, signIn) => {
    const access = resolveContext(withUser(user), "c");
    expect(authKind(access)).toBe(kind);
    expect(access.signIn).toEqual(signIn);
  });

  it("has its certificate as data or as a file, and needs its key", () => {
    expect(resolveContext(withUser(certificate), "c").clientCertificate).toEqual({
      certificate: { kind: "text", pem: pemText },
      key: { kind: "file", path: "/k/key.pem" },
    });
    const error = errorOf(() => resolveContext(withUser({ "client-certificate-data": pemData }), "c"));
    expect(error.message).toContain("no client key");
  });

  it("of a dropped auth provider is told what to do", () => {
    const [context] = listContexts(withUser({ "auth-provider": { name: "gcp" } }));
    expect(context).toMatchObject({ auth: "auth provider", server: "https://10.0.0.1:6443", user: "me" });
    expect(context?.error).toMatchObject({ code: "sign-in-unsupported", hint: expect.stringContaining("exec plugin") });
  });

  it("may act as another", () => {
    const user = { token: "t", as: "joe", "as-groups": ["g"], "as-user-extra": { scopes: ["a"] } };
    expect(resolveContext(withUser(user), "c").impersonation).toEqual({
      user: "joe",
      uid: undefined,
      groups: ["g"],
      extra: new Map([["scopes", ["a"]]]),
    });
    expect(errorOf(() => resolveContext(withUser({ "as-groups": ["g"] }), "c")).message).toContain("need as");
  });

  it("with a command shows its line, without what looks secret", () => {
    const [context] = listContexts(
      withUser({
        exec: {
          ...exec,
          command: "./bin/log in",
          args: ["--oidc-client-secret=canary", "--password", "canary", "--cluster", "it's"],
          env: [
            { name: "AWS_PROFILE", value: "dev" },
            { name: "CLIENT_SECRET", value: "canary" },
          ],
        },
      }),
    );
    expect(context).toMatchObject({ auth: "exec" });
    expect(context?.exec?.commandLine).toBe(
      String.raw`AWS_PROFILE=dev CLIENT_SECRET=… '/k/bin/log in' --oidc-client-secret=… --password … --cluster 'it'\''s'`,
    );
  });

  it("with a command is another one as soon as command, argument or environment differ", () => {
    const hashOf = (change: object) => listContexts(withUser({ exec: { ...exec, ...change } }))[0]?.exec?.hash;
    const hashes = [{}, { command: "aws2" }, { args: ["eks", "get-token", "x"] }, { args: ["eks get-token"] }].map(
      hashOf,
    );
    const withEnv = [[{ name: "A", value: "1" }], [{ name: "A", value: "2" }]].map((env) => hashOf({ env }));
    expect(new Set([...hashes, ...withEnv]).size).toBe(6);
    expect(hashOf({ installHint: "elsewhere" })).toBe(hashes[0]);
  });

  it("with a command of an unknown version says which are known", () => {
    const [context] = listContexts(
      withUser({ exec: { apiVersion: "client.authentication.k8s.io/v1alpha1", command: "x" } }),
    );
    expect(context?.error?.message).toContain("exec.apiVersion");
    expect(context?.error?.message).toContain("client.authentication.k8s.io/v1beta1");
  });
});

describe("slugs", () => {
  it("are words of the name, and do not change when other contexts come and go", () => {
    const slugs = contextSlugs(["Prod/EU", "prod-eu", "dev", "…", "x".repeat(70)], ["dev"]);
    expect(slugs.get("Prod/EU")).toMatch(/^prod-eu-[0-9a-f]{8}$/);
    expect(slugs.get("prod-eu")).toMatch(/^prod-eu-[0-9a-f]{8}$/);
    expect(slugs.get("dev")).toMatch(/^dev-[0-9a-f]{8}$/);
    expect(slugs.get("…")).toMatch(/^context-[0-9a-f]{8}$/);
    expect(slugs.get("x".repeat(70))).toMatch(/^x{54}-[0-9a-f]{8}$/);
    expect(new Set(slugs.values()).size).toBe(5);
    expect(contextSlugs(["dev"]).get("dev")).toBe("dev");
    expect(contextSlugs(["prod-eu", "Prod/EU"]).get("prod-eu")).toBe(slugs.get("prod-eu"));
  });
});

describe("files", () => {
  let directory: string;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), "kubeconfig-"));
  });
  afterEach(() => rmSync(directory, { recursive: true, force: true }));

  it("that do not exist are left out; without any there is a hint", () => {
    const present = join(directory, "config");
    writeFileSync(present, "current-context: c");
    const absent = join(directory, "none", "config");
    expect(loadKubeconfig([absent, present])).toMatchObject({ files: [present], currentContext: "c" });
    expect(loadKubeconfig([absent])).toBeUndefined();
    expect(missingKubeconfig([absent])).toMatchObject({
      message: `No kubeconfig found. Tried: ${absent}.`,
      hint: expect.stringContaining("--demo"),
    });
  });

  it("that cannot be read are an error", () => {
    expect(errorOf(() => loadKubeconfig([directory]))).toMatchObject({
      code: "kubeconfig-unreadable",
      message: `${directory} cannot be read (EISDIR).`,
    });
  });

  it("of a service account are the context of a pod", () => {
    mkdirSync(join(directory, "account"));
    writeFileSync(join(directory, "account", "token"), "t");
    const environment = { KUBERNETES_SERVICE_HOST: "fd00::1", KUBERNETES_SERVICE_PORT: "443" };
    const kubeconfig = inClusterKubeconfig(environment, join(directory, "account"));
    expect(kubeconfig && listContexts(kubeconfig)).toMatchObject([{ name: "in-cluster", server: "https://[fd00::1]" }]);
    expect(kubeconfig && resolveContext(kubeconfig, "in-cluster")).toMatchObject({
      server: { authority: { kind: "file", path: join(directory, "account", "ca.crt") }, isTlsVerified: true },
      signIn: { kind: "tokenFile", path: join(directory, "account", "token") },
    });
    expect(inClusterKubeconfig({}, join(directory, "account"))).toBeUndefined();
    expect(inClusterKubeconfig(environment, join(directory, "elsewhere"))).toBeUndefined();
  });
});
