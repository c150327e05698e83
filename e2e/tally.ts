import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { z } from "zod";

const vitestReport = z.object({ numPassedTests: z.number(), numFailedTests: z.number() });
const playwrightReport = z.object({
  stats: z.object({ expected: z.number(), unexpected: z.number(), flaky: z.number() }),
});

/** Of one suite in a browser, on a machine that others share. */
const toleratedFlakes = 2;

/** Runs the parts of a suite one after the other, all of them whatever fails, and adds up what they counted. */
export class Tally {
  #passed = 0;
  #failed = 0;
  readonly #reports = mkdtempSync(join(tmpdir(), "kube-inflight-reports-"));

  /** A command that passes or fails as one. */
  async check(name: string, command: readonly string[]): Promise<void> {
    const code = await run(command);
    this.#add(name, code === 0 ? 1 : 0, code === 0 ? 0 : 1);
  }

  async vitest(name: string, args: readonly string[]): Promise<void> {
    const file = join(this.#reports, "vitest.json");
    await run(["vitest", "run", "--reporter=default", "--reporter=json", `--outputFile=${file}`, ...args]);
    this.#addReport(name, file, (text) => {
      const report = vitestReport.parse(text);
      return { passed: report.numPassedTests, failed: report.numFailedTests };
    });
  }

  /**
   * A test that passed only when it was tried again is named by the reporter; more than `toleratedFlakes` of them fail the
   * run. What fails outside of every test fails it, too.
   */
  async playwright(name: string, config: string, environment: Readonly<Record<string, string>>): Promise<void> {
    const file = join(this.#reports, "playwright.json");
    const code = await run(["playwright", "test", "--config", config, "--reporter=list,json"], {
      ...environment,
      PLAYWRIGHT_JSON_OUTPUT_NAME: file,
    });
    this.#addReport(name, file, (text) => {
      const { stats } = playwrightReport.parse(text);
      const flaky =
        stats.flaky <= toleratedFlakes ? { passed: stats.flaky, failed: 0 } : { passed: 0, failed: stats.flaky };
      const failed = stats.unexpected + flaky.failed;
      return { passed: stats.expected + flaky.passed, failed: code === 0 ? failed : Math.max(1, failed) };
    });
  }

  /** Prints the sum as the last line and sets the exit code. */
  finish(): void {
    rmSync(this.#reports, { recursive: true, force: true });
    if (this.#failed > 0) process.exitCode = 1;
    console.log(`${this.#passed} passed, ${this.#failed} failed`);
  }

  /** A runner that left no report, or ran nothing, has failed. */
  #addReport(name: string, file: string, read: (report: unknown) => { passed: number; failed: number }): void {
    let counted = { passed: 0, failed: 0 };
    try {
      counted = read(JSON.parse(readFileSync(file, "utf8")));
    } catch (error) {
      console.error(`${name}: no readable report: ${String(error)}`);
    }
    const ranNothing = counted.passed + counted.failed === 0;
    this.#add(name, counted.passed, ranNothing ? 1 : counted.failed);
  }

  #add(name: string, passed: number, failed: number): void {
    this.#passed += passed;
    this.#failed += failed;
    console.log(`── ${name}: ${failed === 0 ? "ok" : "FAILED"}`);
  }
}

function run(command: readonly string[], environment: Readonly<Record<string, string>> = {}): Promise<number> {
  const [program = "", ...args] = command;
  return new Promise((resolve) => {
    const child = spawn(program, args, {
      stdio: ["ignore", "inherit", "inherit"],
      env: { ...process.env, ...environment },
    });
    child.once("error", (error) => {
      console.error(`${program}: ${error.message}`);
      resolve(1);
    });
    child.once("close", (code) => resolve(code ?? 1));
  });
}
