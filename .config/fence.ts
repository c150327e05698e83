/** The import fence (dependency-cruiser), and the check that it looked at anything: a fence round nothing is no fence. */
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import process from "node:process";
import { promisify } from "node:util";
import { z } from "zod";

const report = z.object({
  summary: z.object({
    totalCruised: z.number(),
    violations: z.array(z.object({ from: z.string(), to: z.string(), rule: z.object({ name: z.string() }) })),
  }),
});

const rooms = ["app", "components", "lib", "server", "e2e"].filter((room) => existsSync(room));
const fewestModules = 100;

const args = ["--config", ".config/dependency-cruiser.cjs", "--output-type", "json", "--no-progress", ...rooms];
const { stdout } = await promisify(execFile)("depcruise", args, { maxBuffer: 1 << 28 }).catch(
  (failed: { stdout: string; message: string }) => (failed.stdout === "" ? Promise.reject(failed) : failed),
);
const { totalCruised, violations } = report.parse(JSON.parse(stdout)).summary;

for (const { from, to, rule } of violations) console.error(`${from} → ${to}: ${rule.name}`);
if (totalCruised < fewestModules) console.error(`saw only ${totalCruised} modules, expected at least ${fewestModules}`);
if (violations.length > 0 || totalCruised < fewestModules) process.exitCode = 1;
else console.log(`import fence: ${totalCruised} modules, none crosses it`);
