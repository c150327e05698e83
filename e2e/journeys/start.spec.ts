/** `npm start`, as a user types it: the last line names the URL, and Ctrl-C leaves nothing behind. */
import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { createInterface } from "node:readline";
import { expect, test } from "playwright/test";
import { freePort } from "#e2e/running-server.ts";

/** Everything below a process, itself included. */
function tree(pid: number): number[] {
  const rows = execFileSync("ps", ["-eo", "pid=,ppid="], { encoding: "utf8" }).trim().split("\n");
  const processes = rows.map((row) => row.trim().split(/\s+/).map(Number));
  const below = (parent: number): number[] =>
    processes.flatMap(([child = 0, of]) => (of === parent ? [child, ...below(child)] : []));
  return [pid, ...below(pid)];
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  test(`prints the URL, and ${signal} ends every child`, async () => {
    const stateDir = mkdtempSync(join(tmpdir(), "kube-inflight-start-"));
    const port = await freePort();
    const args = ["--demo", "--scenario", "small", "--no-open", "--port", `${port}`, "--state-dir", stateDir];
    const child = spawn(process.execPath, ["server/start.mjs", ...args], { stdio: ["ignore", "pipe", "ignore"] });
    const lines: string[] = [];
    const output = createInterface({ input: child.stdout });
    await new Promise<void>((resolve) =>
      output.on("line", (line) => {
        lines.push(line);
        if (line.startsWith("kube-inflight ready: ")) resolve();
      }),
    );
    expect(lines.at(-1)).toMatch(new RegExp(`^kube-inflight ready: http://127\\.0\\.0\\.1:${port}/login\\?code=\\S+$`));
    expect(statSync(join(stateDir, "token")).mode & 0o077).toBe(0);
    expect(readFileSync(join(stateDir, "demo.kubeconfig"), "utf8")).toContain("certificate-authority-data");

    const processes = tree(child.pid ?? 0);
    expect(processes.length).toBeGreaterThan(1);
    const ended = new Promise<number | null>((resolve) => child.once("exit", resolve));
    child.kill(signal);
    expect(await ended).toBe(0);
    await expect.poll(() => processes.filter(isAlive)).toEqual([]);
    rmSync(stateDir, { recursive: true, force: true });
  });
}

test("a killed starter takes its server along", async () => {
  const stateDir = mkdtempSync(join(tmpdir(), "kube-inflight-start-"));
  const args = ["--demo", "--scenario", "empty", "--no-open", "--port", `${await freePort()}`, "--state-dir", stateDir];
  const child = spawn(process.execPath, ["server/start.mjs", ...args], { stdio: ["ignore", "pipe", "ignore"] });
  await new Promise<void>((resolve) =>
    createInterface({ input: child.stdout }).on("line", (line) => {
      if (line.startsWith("kube-inflight ready: ")) resolve();
    }),
  );
  const processes = tree(child.pid ?? 0);
  child.kill("SIGKILL");
  await expect.poll(() => processes.filter(isAlive)).toEqual([]);
  rmSync(stateDir, { recursive: true, force: true });
});
