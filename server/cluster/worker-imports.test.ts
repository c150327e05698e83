import { execFile } from "node:child_process";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, it } from "vitest";

it("a worker loads no more than it needs: each cluster pays for it anew", async () => {
  const program = fileURLToPath(new URL("./testing/loaded-packages.ts", import.meta.url));
  const { stdout } = await promisify(execFile)(process.execPath, [program]);
  const packages = stdout.trim().split("\n");
  expect(packages).toContain("undici");
  // The first alone is 90 MB, for reading YAML; the others belong to the main thread.
  for (const name of ["@kubernetes/client-node", "socket.io", "hono", "prom-client", "pino", "commander"]) {
    expect(packages).not.toContain(name);
  }
});
