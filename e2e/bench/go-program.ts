import { execFile, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { basename, join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const execute = promisify(execFile);
const sources = fileURLToPath(new URL("go", import.meta.url));

/** A program of ./go. */
export function goProgram(name: "informer" | "queue"): Promise<string | undefined> {
  return builtGoProgram(join(sources, name));
}

/**
 * Built once and kept outside the repository: in KUBE_INFLIGHT_BENCH_CACHE, or below ~/.cache. `undefined` where Go is
 * not installed and nothing was built before.
 */
export async function builtGoProgram(folder: string): Promise<string | undefined> {
  const name = basename(folder);
  const cache = process.env["KUBE_INFLIGHT_BENCH_CACHE"] ?? join(homedir(), ".cache/kube-inflight-bench");
  const program = join(cache, `${name}-${hashOf(folder)}`);
  if (existsSync(program)) return program;
  if (spawnSync("go", ["version"]).status !== 0) return undefined;
  mkdirSync(cache, { recursive: true });
  console.error(`building ${name} (once; with an empty module cache this takes minutes)`);
  await execute("go", ["build", "-mod=mod", "-ldflags", "-s -w", "-o", program, "."], { cwd: folder });
  return program;
}

function hashOf(folder: string): string {
  const sum = createHash("sha256");
  for (const file of readdirSync(folder).sort()) sum.update(`${file}\0`).update(readFileSync(join(folder, file)));
  return sum.digest("hex").slice(0, 12);
}
