import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import process from "node:process";
import { chromium } from "playwright";

const systemChromium = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

/**
 * Finds a Chromium, or gets one: Playwright's own download, else Debian's package where that needs no question (root, in
 * CI). Answers the environment that e2e/*.config.ts read.
 *
 * @throws when there is none and none can be installed without asking; the message has the command to type.
 */
export async function ensureChromium(): Promise<Record<string, string>> {
  const found = find();
  if (found !== undefined) return environmentOf(found);
  spawnSync("playwright", ["install", "chromium"], { stdio: "inherit" });
  const downloaded = find();
  if (downloaded !== undefined) return environmentOf(downloaded);
  const mayInstall = process.platform === "linux" && process.getuid?.() === 0 && isTruthy(process.env.CI);
  if (mayInstall) {
    spawnSync("apt-get", ["update"], { stdio: ["ignore", "ignore", "inherit"] });
    spawnSync("apt-get", ["install", "-y", "--no-install-recommends", "chromium"], {
      stdio: ["ignore", "ignore", "inherit"],
    });
    const installed = find();
    if (installed !== undefined) return environmentOf(installed);
  }
  throw new Error(
    "expected a Chromium for the browser tests and found none. Install one: sudo apt-get install chromium",
  );
}

function find(): string | undefined {
  return [chromium.executablePath(), ...systemChromium].find((path) => existsSync(path));
}

function environmentOf(path: string): Record<string, string> {
  return { KUBE_INFLIGHT_CHROMIUM: path };
}

function isTruthy(value: string | undefined): boolean {
  return value !== undefined && !["", "0", "false"].includes(value);
}
