import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readConfig, type Config } from "./config.ts";

const environment = { HOME: "/home/me" };
let files: string;
let pem: string;

beforeAll(() => {
  files = mkdtempSync(join(tmpdir(), "kube-inflight-config-"));
  pem = join(files, "a.pem");
  writeFileSync(pem, "");
});
afterAll(() => rmSync(files, { recursive: true, force: true }));

function config(args: readonly string[], env: Record<string, string> = environment): Config {
  const read = readConfig(args, env, "1.2.3");
  if (read.outcome !== "config") throw new Error(read.text);
  return read.config;
}

function complaint(...args: readonly string[]): string {
  const read = readConfig(args, environment, "1.2.3");
  expect(read).toMatchObject({ outcome: "wrong", exitCode: 2 });
  return read.outcome === "wrong" ? read.text : "";
}

describe("config", () => {
  it("needs no argument", () => {
    expect(config([])).toEqual({
      isDemo: false,
      kubeconfigPaths: ["/home/me/.kube/config"],
      listen: { host: "127.0.0.1", port: 7474, whenTaken: "next" },
      isReadOnly: false,
      isExecAllowed: false,
      stateDir: "/home/me/.local/state/kube-inflight",
      isBrowserOpened: true,
      isNewSession: false,
      queue: "concurrent",
      logLevel: "info",
    });
  });

  it("takes all of them", () => {
    const args = ["--kubeconfig", pem, "--context", "prod", "--port", "8080", "--host", "[::1]", "--read-only"];
    const more = ["--allow-exec", "--scheduler-metrics", "https://10.0.0.1:10259/metrics", "--state-dir", "/s"];
    const scheduler = ["--scheduler-metrics-token", pem, "--scheduler-metrics-ca", pem, "--scheduler-config", pem];
    const rest = [
      ...scheduler,
      "--no-open",
      "--new-session",
      "--scenario",
      "small",
      "--queue=historical",
      "--log-level",
      "debug",
    ];
    expect(config([...args, ...more, ...rest])).toEqual({
      isDemo: false,
      kubeconfigPaths: [pem],
      context: "prod",
      listen: { host: "::1", port: 8080, whenTaken: "fail" },
      isReadOnly: true,
      isExecAllowed: true,
      schedulerMetrics: { url: "https://10.0.0.1:10259/metrics", tokenPath: pem, authorityPath: pem },
      schedulerConfigPath: pem,
      stateDir: "/s",
      isBrowserOpened: false,
      isNewSession: true,
      scenario: "small",
      queue: "historical",
      logLevel: "debug",
    });
  });

  it("reads the environment", () => {
    const env = { HOME: "/home/me", KUBECONFIG: "/a:/b::", XDG_STATE_HOME: "/state" };
    expect(config([], env)).toMatchObject({ kubeconfigPaths: ["/a", "/b"], stateDir: "/state/kube-inflight" });
    expect(config([], { HOME: "/home/me", KUBECONFIG: "", XDG_STATE_HOME: "relative" })).toMatchObject({
      kubeconfigPaths: ["/home/me/.kube/config"],
      stateDir: "/home/me/.local/state/kube-inflight",
    });
  });

  it.each(["127.0.0.1", "127.8.0.1", "localhost", "::1", "[0:0:0:0:0:0:0:1]"])("listens on %s without TLS", (host) => {
    expect(config(["--host", host]).listen.host).toMatch(/^(127\.[\d.]+|::1)$/);
  });

  it.each(["0.0.0.0", "::", "10.0.0.7", "flight.example.com"])(
    "listens on %s with TLS, or when told that it is insecure",
    (host) => {
      expect(complaint("--host", host)).toMatch(
        /can be reached from other machines: give --tls-cert and --tls-key, or --insecure-host/,
      );
      expect(config(["--host", host, "--insecure-host"]).listen).toMatchObject({ host });
      expect(config(["--host", host, "--tls-cert", pem, "--tls-key", pem]).listen).toMatchObject({
        host,
        tls: { certPath: pem, keyPath: pem },
      });
    },
  );

  it.each([
    [["--port", "http"], "--port"],
    [["--port", "65536"], "65535"],
    [["--host", "a b"], "expected an address or a name"],
    [["--host", "1.2.3"], "expected an address or a name"],
    [["--tls-cert", "/nope"], "belong together"],
    [["--tls-cert", "/nope", "--tls-key", "/nope"], "there is no such file"],
    [["--kubeconfig", "/nope"], "there is no such file"],
    [["--demo", "--context", "prod"], "exclude each other"],
    [["--scheduler-metrics", "10259"], "Expected a URL"],
    [["--scheduler-metrics-ca", "/nope"], "belong to --scheduler-metrics"],
    [["--scheduler-metrics", "http://s/metrics", "--scheduler-metrics-token", "/nope"], "in the clear"],
    [["--scheduler-metrics", "https://s/metrics", "--scheduler-metrics-token", "/nope"], "there is no such file"],
    [["--scheduler-config", "/nope"], "there is no such file"],
    [["--queue", "other"], "concurrent, historical"],
    [["--log-level", "loud"], "fatal"],
    [["--scenario", "../etc"], "Expected one of busy, small"],
    [["--context", ""], "must not be empty"],
    [["--prot", "1"], "--port"],
    [["pod"], "too many arguments"],
  ])("refuses %j with exit code 2 and says what it expected", (args, expected) => {
    const text = complaint(...args);
    expect(text).toContain(expected);
    expect(text).toMatch(/^kube-inflight: .*\nSee --help\.\n$/s);
  });

  it("answers --help and --version", () => {
    expect(readConfig(["--version"], environment, "1.2.3")).toEqual({ outcome: "done", text: "1.2.3\n", exitCode: 0 });
    expect(readConfig(["--help"], environment, "1.2.3")).toMatchObject({
      outcome: "done",
      text: expect.stringContaining("--new-session"),
    });
  });
});
