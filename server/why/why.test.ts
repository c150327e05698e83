import { createServer, type Server } from "node:http";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Cluster, Severity } from "#lib/protocol/index.ts";
import { cannotTell, exitCodeOf, exitCodeOfAll } from "./exit-codes.ts";
import { terminalOf } from "./layout.ts";
import { readWhyOptions } from "./options.ts";
import { podText } from "./pod-text.ts";
import { podsText } from "./pods-text.ts";
import { diagnosisReportOf } from "./report.ts";
import { why } from "./why.ts";

const cluster: Cluster = { id: "prod", name: "prod", mode: "shadow", phase: "connected", server: "https://p" };
const now = Date.UTC(2026, 0, 1);

function aPod(severity: Severity = "blocked", state: "pending" | "bound" | "gone" = "pending") {
  const verdict = {
    code: "no-fit",
    severity,
    row: ["No node fits."],
    headline: ["No node fits: 2 of 2 are full, for ", { since: now - 90_000 }, "."],
    provenance: "simulated",
    plugins: [],
  } as const;
  return {
    uid: "u",
    namespace: "shop",
    name: "web",
    provenance: "simulated" as const,
    state,
    verdict: { ...verdict, row: [...verdict.row], headline: [...verdict.headline], plugins: [] },
    evidence: [{ title: "Its Lease", detail: ["There is none."], holds: false, provenance: "observed" as const }],
    spec: { priority: 0, scheduler: "default-scheduler", requests: { cpu: "2" }, tolerations: [], nodeSelector: {} },
    pendingSince: now - 90_000,
    queue: "unschedulable" as const,
    rejectors: [],
    nearMisses: [
      {
        rank: 1,
        kind: "cordon" as const,
        title: "Uncordon a",
        detail: "1 node fits.",
        nodes: 1,
        nodeNames: ["a"],
        patch: { op: "replace" as const, target: { apiVersion: "v1", kind: "Node", name: "a" } },
        command: "kubectl uncordon a",
      },
    ],
    nearMissesTried: true,
    comparison: { state: "silent" as const, rows: [], differing: 0, oursOf: "now" as const },
    facts: [],
    waking: [],
    sinceFailure: { queue: 0, skip: 0, notRegistered: 0, events: [] },
    timeline: {
      from: now,
      stays: [],
      attempts: [],
      queued: [],
      skippedAt: [],
      queueTotal: 0,
      skipTotal: 0,
      records: [],
    },
    asOf: now,
  };
}

const row = (name: string, severity: Severity, count = 1) => ({
  key: name,
  count,
  uid: name,
  namespace: "shop",
  name,
  workload: { kind: "Deployment", name: "web" },
  code: "no-fit" as const,
  severity,
  sentence: ["No node fits."],
  provenance: "simulated" as const,
  queue: "unschedulable" as const,
  priority: 0,
  since: now,
  plugins: [],
  scheduler: "default-scheduler",
});
const pods = (...severities: readonly Severity[]) => ({
  rows: Object.fromEntries(severities.map((severity, index) => [`p${index}`, row(`p${index}`, severity, index + 1)])),
  order: severities.map((_, index) => `p${index}`),
  total: severities.length,
  rowCount: severities.length + 3,
});

describe("the command line", () => {
  it.each([
    [["web"], { pod: "web", namespace: undefined }],
    [["-n", "shop", "web"], { pod: "web", namespace: "shop" }],
    [["pod/web"], { pod: "web", namespace: undefined }],
    [["pod", "web"], { pod: "web", namespace: undefined }],
    [["po/web"], { pod: "web", namespace: undefined }],
    [["-A"], { isAll: true, pod: undefined }],
    [["--all-namespaces", "-n", "shop"], { isAll: true, namespace: "shop" }],
    [["shop/web"], { pod: "web", namespace: "shop" }],
    [["-n", "other", "shop/web"], { pod: "web", namespace: "other" }],
    [["--all", "-o", "json"], { isAll: true, output: "json", pod: undefined }],
    [["web", "--context", "prod"], { cluster: "prod", rest: ["--context", "prod"] }],
    [["web", "--cluster", "p-1", "--context", "prod"], { cluster: "p-1" }],
  ])("%j", (args, expected) => {
    expect(readWhyOptions(args)).toMatchObject(expected);
  });

  it.each([[[]], [["a", "b"]], [["--all", "a"]], [["a", "-o", "yaml"]], [["a", "--sideways"]]])(
    "%j is refused",
    (args) => {
      expect(() => readWhyOptions(args)).toThrow(TypeError);
    },
  );
});

describe("what is printed", () => {
  const report = (severity?: Severity, state?: "pending" | "bound" | "gone") =>
    diagnosisReportOf(cluster, aPod(severity, state), now);

  const plain = { columns: 60, hasColor: false };

  it("says the sentence first, then what would unblock it, then the proof, as wide as the terminal", () => {
    const text = podText(report(), plain, now);
    expect(text.split("\n").slice(0, 2)).toEqual(["shop/web", "No node fits: 2 of 2 are full, for 1m 30s."]);
    expect(text).toContain("What would unblock it\n  1. Uncordon a. 1 node fits.\n     $ kubectl uncordon a\n");
    expect(text.indexOf("What would unblock it")).toBeLessThan(text.indexOf("Evidence: 0 of 1 hold\n  no   Its Lease"));
    expect(text).toMatch(/^[\x20-\x7e\n]*$/);
    expect(text.split("\n").every((line) => line.length <= 60)).toBe(true);
  });

  it("a command stays in one line, however narrow the terminal is", () => {
    const long = diagnosisReportOf(cluster, aPod(), now);
    const [nearMiss] = long.pod.nearMisses;
    if (nearMiss === undefined) throw new Error("expected a near miss");
    const command = `kubectl patch pod web -p '${"x".repeat(200)}'`;
    const pod = { ...long.pod, nearMisses: [{ ...nearMiss, command }] };
    expect(podText({ ...long, pod }, { columns: 40, hasColor: false }, now)).toContain(`     $ ${command}\n`);
  });

  it.each([
    ["a terminal", { isTTY: true, columns: 200 }, {}, { columns: 100, hasColor: true }],
    ["a narrow one", { isTTY: true, columns: 10 }, {}, { columns: 40, hasColor: true }],
    ["a pipe", {}, {}, { columns: 80, hasColor: false }],
    ["NO_COLOR", { isTTY: true, columns: 90 }, { NO_COLOR: "1" }, { columns: 90, hasColor: false }],
    ["a dumb terminal", { isTTY: true, columns: 90 }, { TERM: "dumb" }, { columns: 90, hasColor: false }],
  ])("%s", (_what, stdout, environment, expected) => {
    expect(terminalOf(stdout, environment)).toEqual(expected);
  });

  it("on a terminal that has colours says the same words", () => {
    const colored = podText(report(), { columns: 60, hasColor: true }, now);
    expect(colored).toContain("\u001b[1m");
    // oxlint-disable-next-line no-control-regex -- what makes the colours
    expect(colored.replaceAll(/\u001b\[\d+m/g, "")).toBe(podText(report(), plain, now));
  });

  it("of a pod that has a node says where, and no more than that", () => {
    const text = podText(report("info", "bound"), plain, now);
    expect(text).not.toContain("What would unblock it");
  });

  it("the report for a channel has the same in Markdown, without tables", () => {
    const { markdown } = report();
    expect(markdown).toContain("**No node fits: 2 of 2 are full, for 1m 30s.**");
    expect(markdown).toContain("1. Uncordon a. 1 node fits.\n   ```sh\n   kubectl uncordon a\n   ```");
    expect(markdown).toContain("- [ ] Its Lease: There is none.");
    expect(markdown).not.toMatch(/^\|/m);
  });

  it.each([
    ["blocked", "pending", 1],
    ["waiting", "pending", 1],
    ["critical", "pending", 2],
    ["warning", "pending", 2],
    ["unknown", "pending", 3],
    ["info", "bound", 0],
    ["blocked", "gone", 4],
  ] as const)("%s and %s ends with %i", (severity, state, code) => {
    expect(exitCodeOf(report(severity, state))).toBe(code);
  });

  it("of all ends with what needs somebody first, then what cannot be told", () => {
    const codeOf = (...severities: readonly Severity[]) => exitCodeOfAll(pods(...severities) as never);
    expect([codeOf(), codeOf("held"), codeOf("held", "unknown"), codeOf("unknown", "warning")]).toEqual([0, 1, 3, 2]);
  });

  it("of all has an entry for each group, and says how many more there are", () => {
    const text = podsText(pods("blocked", "held") as never, plain, now);
    expect(text).toContain("2 pods are pending.\n");
    expect(text).toContain("blocked   shop/p0, 0.0 s\n          No node fits.");
    expect(text).toContain("held      shop/web (2 pods)");
    expect(text).toContain("… and 3 more groups");
    const whole = { ...pods("critical", "blocked"), total: 3, rowCount: 2 };
    expect(podsText(whole as never, plain, now)).toContain("3 pods are pending: 1 need you, 2 blocked.");
    const none = { ...whole, order: [], rows: {}, rowCount: 0 };
    expect(podsText(none as never, plain, now)).toBe("No pods are pending.\n");
    const unread = { ...none, doubt: "not allowed to list pods" };
    expect(podsText(unread as never, plain, now)).toBe("Cannot tell: not allowed to list pods.\n");
    expect(podsText({ ...whole, doubt: "pods are not up to date" } as never, plain, now)).toContain(
      "This may not be all",
    );
    expect([exitCodeOfAll(none as never), exitCodeOfAll(unread as never)]).toEqual([0, cannotTell]);
  });
});

describe("beside a server that runs", () => {
  let folder: string;
  let server: Server;
  let asked: string[];
  let clusters: readonly Cluster[] = [];
  /** What it answers about all pods, one after the other. */
  let lists: unknown[] = [];
  const stream = { out: "", error: "" };

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), "kube-inflight-why-"));
    asked = [];
    server = createServer((request, response) => {
      const path = request.url ?? "";
      const isSignedIn = request.headers.authorization === "Bearer secret";
      asked.push(path);
      response.setHeader("content-type", "application/json");
      const answer = path.endsWith("/clusters")
        ? { clusters, contexts: [] }
        : path.includes("/pods?")
          ? lists.shift()
          : diagnosisReportOf(cluster, aPod(), now);
      response.end(JSON.stringify(isSignedIn ? answer : { ok: false, code: "forbidden", message: "no" }));
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    writeFileSync(join(folder, "address"), `http://127.0.0.1:${(server.address() as AddressInfo).port}\n`);
    writeFileSync(join(folder, "token"), "secret\n");
    writeFileSync(
      join(folder, "config"),
      "clusters: [{name: c, cluster: {server: 'https://127.0.0.1:1'}}]\ncontexts: [{name: prod, context: {cluster: c}}, {name: stage, context: {cluster: c, namespace: checkout}}]\ncurrent-context: stage\n",
    );
    Object.assign(stream, { out: "", error: "" });
    vi.spyOn(process.stdout, "write").mockImplementation((text) => (stream.out += String(text)) !== "");
    vi.spyOn(process.stderr, "write").mockImplementation((text) => (stream.error += String(text)) !== "");
  });
  afterEach(async () => {
    vi.restoreAllMocks();
    await new Promise((resolve) => server.close(resolve));
    rmSync(folder, { recursive: true });
  });

  const ask = (...args: readonly string[]) =>
    why([...args, "--state-dir", folder, "--kubeconfig", join(folder, "config")], "test");
  const [prod, stage] = [cluster, { ...cluster, id: "stage", name: "stage" }];

  it("looks in the namespace of its context, and of the current one first", async () => {
    clusters = [prod, stage];
    expect(await ask("web")).toBe(1);
    expect(asked.at(-1)).toBe("/api/clusters/stage/pods/checkout/web/diagnosis");
    expect(stream.error).toContain("2 clusters are attached. This is stage; others: --cluster prod.");
    expect(stream.out).toContain("No node fits: 2 of 2 are full");
  });

  it("looks in the cluster that is named, without a word about the others", async () => {
    clusters = [prod, stage];
    await ask("web", "--cluster", "prod");
    expect(asked.at(-1)).toBe("/api/clusters/prod/pods/default/web/diagnosis");
    expect(stream.error).toBe("");
  });

  it("never answers for another cluster than the one that is meant, and says why it asks it itself", async () => {
    clusters = [prod];
    expect(await ask("web")).toBe(3);
    expect(asked).toEqual(["/api/clusters"]);
    expect(stream.error).toContain("has not attached stage: this is one look at the cluster, without history.");
  });

  it("knows a cluster by its address where it has another name", async () => {
    clusters = [prod, { ...prod, id: "demo", name: "demo", server: "https://127.0.0.1:1" }];
    await ask("web");
    expect(asked.at(-1)).toBe("/api/clusters/demo/pods/checkout/web/diagnosis");
  });

  it("takes the namespace that is given", async () => {
    clusters = [stage];
    await ask("-n", "shop", "web", "-o", "json");
    expect(asked.at(-1)).toBe("/api/clusters/stage/pods/shop/web/diagnosis");
    expect(JSON.parse(stream.out)).toMatchObject({ ok: true, pod: { name: "web" } });
  });

  it("does not say that nobody waits before the server has read all pods", async () => {
    clusters = [stage];
    lists = [{ ...pods(), rowCount: 0, isStarting: true }, pods("blocked")];
    expect(await ask("--all")).toBe(1);
    expect(lists).toEqual([]);
    expect(stream.out).toContain("shop/p0");
  });

  it("cannot tell what it does not understand", async () => {
    expect(await ask("a", "b")).toBe(3);
    expect(stream.error).toContain("expected one pod, or --all");
  });
});
