import { cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { runFiltersConformance } from "./filters.ts";

const testdata = new URL("../../lib/scheduler/testdata/", import.meta.url).pathname;

let dir: string;
let lines: string[];
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "conformance-"));
  lines = [];
});
afterEach(() => rmSync(dir, { recursive: true }));

const run = () => runFiltersConformance(dir, (line) => void lines.push(line));
const copy = (file: string): void => cpSync(join(testdata, file), join(dir, file));

describe("the recordings of filters, hints and events", () => {
  it("pass, the metrics with the scenarios beside them", async () => {
    copy("events-metrics.json.gz");
    copy("events-pipeline.json.gz");
    copy("events-diff.json.gz");
    expect(await run()).toEqual({ passed: 106, failed: 0 });
    expect(lines).toEqual([]);
  });

  it("fail for metrics without scenarios", async () => {
    copy("events-metrics.json.gz");
    expect(await run()).toEqual({ passed: 0, failed: 4 });
  });

  it("fail on what is no recording", async () => {
    writeFileSync(join(dir, "other.json"), "[{}]");
    expect(await run()).toEqual({ passed: 0, failed: 1 });
    expect(lines[0]).toContain("expected an array of scenarios");
  });
});
