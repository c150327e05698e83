/** What `npm pack` makes, installed into an empty folder: it starts there, and other programs use its informers. */
import { execFile, spawn } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join, resolve } from "node:path";
import process from "node:process";
import { createInterface } from "node:readline";
import { promisify } from "node:util";
import { expect, test } from "playwright/test";
import { KubeApi } from "#e2e/kube-api.ts";
import { RunningServer } from "#e2e/running-server.ts";

const run = promisify(execFile);
const folder = mkdtempSync(join(tmpdir(), "kube-inflight-package-"));
const installed = join(folder, "node_modules/kube-inflight");
const entry = join(installed, "dist/kube-inflight.js");

/** What the plugin that was installed says, behind its exit code, with the Node of this run. */
async function kubectlInflight(...args: readonly string[]): Promise<string> {
  const path = `${dirname(process.execPath)}${delimiter}${process.env.PATH ?? ""}`;
  const env = { ...process.env, PATH: path, KUBECONFIG: "" };
  const plugin = spawn(join(folder, "node_modules/.bin/kubectl-inflight"), args, {
    env,
    stdio: ["ignore", "pipe", "inherit"],
  });
  let said = "";
  plugin.stdout.on("data", (piece: Buffer) => (said += piece.toString()));
  const code = await new Promise<number | null>((settle) => plugin.once("close", settle));
  return `${code ?? "killed"}: ${said}`;
}

test.beforeAll(async () => {
  test.setTimeout(300_000);
  const tarballs = join(folder, "tarballs");
  mkdirSync(tarballs);
  const { stdout } = await run("npm", ["pack", "--silent", "--pack-destination", tarballs]);
  const tarball = join(tarballs, stdout.trim().split("\n").at(-1) ?? "");
  writeFileSync(join(folder, "package.json"), JSON.stringify({ private: true, type: "module" }));
  await run("npm", ["install", "--no-audit", "--no-fund", "--loglevel=error", tarball], { cwd: folder });
});

test.afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("starts from an empty folder, with a worker and a page, without the packages that built them", async ({
  page,
}) => {
  for (const name of ["next", "react", "typescript", "node"])
    expect(existsSync(join(folder, "node_modules", name))).toBe(false);
  expect(existsSync(join(installed, "server"))).toBe(false);

  const server = await RunningServer.start(["--demo", "--scenario", "small"], {}, entry);
  try {
    await page.goto(server.loginUrl);
    await page.goto(`${server.origin}/queue`);
    await expect(page.getByRole("listbox", { name: /unschedulable/i })).toBeVisible();
    await page.goto(`${server.origin}/informers?resource=v1/pods`);
    await expect(page.getByRole("heading", { level: 1, name: "Informers" })).toBeVisible();
    await expect(page.getByTestId(/^handler-delivered-/).first()).not.toHaveText("0");
    // As kubectl calls it: no terminal, so no colours.
    const said = () => kubectlInflight("why", "--all", "--cluster", "demo", "--state-dir", server.stateDir);
    await expect.poll(said).toMatch(/^1: \d+ pods? (?:is|are) pending: \d+ blocked[\x20-\x7e\n]*$/);
  } finally {
    await server.stop();
  }
});

test("the example type-checks against the packed types and counts the pods of a cluster", async () => {
  cpSync("docs/examples/pods-by-node.ts", join(folder, "example.ts"));
  writeFileSync(
    join(folder, "tsconfig.json"),
    JSON.stringify({
      compilerOptions: {
        module: "nodenext",
        target: "es2024",
        strict: true,
        noEmit: true,
        exactOptionalPropertyTypes: true,
        typeRoots: [resolve("node_modules/@types")],
        types: ["node"],
      },
      files: ["example.ts"],
    }),
  );
  await run("tsc", ["-p", folder]).catch(({ stdout }: { stdout: string }) => expect(stdout).toBe(""));

  const server = await RunningServer.start(["--demo", "--scenario", "small"], {}, entry);
  try {
    const kubeconfig = join(server.stateDir, "demo.kubeconfig");
    await expect.poll(() => existsSync(kubeconfig)).toBe(true);
    const lines: string[] = [];
    const example = spawn(process.execPath, ["example.ts"], {
      cwd: folder,
      env: { ...process.env, KUBECONFIG: kubeconfig },
      stdio: ["ignore", "pipe", "inherit"],
    });
    createInterface({ input: example.stdout }).on("line", (line) => lines.push(line));
    const ended = new Promise<number | null>((settle) => example.once("exit", settle));
    await expect.poll(() => lines).toContainEqual(expect.stringMatching(/^\d+ pods on \d+ nodes$/));
    await new KubeApi(kubeconfig).createPod("default", "late", "10m");
    await expect.poll(() => lines).toContainEqual(expect.stringMatching(/^late came to \S+$/));
    example.kill("SIGINT");
    expect(await ended).toBe(0);
  } finally {
    await server.stop();
  }
});
