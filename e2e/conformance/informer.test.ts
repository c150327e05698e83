import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { runInformerConformance } from "./informer.ts";

const testdata = new URL("../../lib/informer/testdata/", import.meta.url).pathname;

let dir: string;
let lines: string[];
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "conformance-"));
  lines = [];
});
afterEach(() => rmSync(dir, { recursive: true }));

const run = () => runInformerConformance(dir, (line) => void lines.push(line));

function recordingsIn(file: string): readonly { scenario: { name: string } }[] {
  return JSON.parse(gunzipSync(readFileSync(join(testdata, file))).toString()).recordings;
}

describe("the informer's recordings", () => {
  it("pass one by one, packed or not, and those of other queues are reported without being counted", async () => {
    for (const [index, recording] of recordingsIn("handlers.json.gz").entries()) {
      const text = JSON.stringify(recording);
      if (index % 2 === 0) writeFileSync(join(dir, `${index}.json`), text);
      else writeFileSync(join(dir, `${index}.json.gz`), gzipSync(text));
    }
    writeFileSync(join(dir, "other.json"), JSON.stringify(recordingsIn("other-queues.json.gz")[0]));
    writeFileSync(join(dir, "index.json"), "[]");
    expect(await run()).toEqual({ passed: recordingsIn("handlers.json.gz").length, failed: 0 });
    expect(lines).toEqual([expect.stringMatching(/^not binding: other\.json mode-/)]);
  });

  it("turn red when something is expected that did not come, with the first difference", async () => {
    const text = JSON.stringify(
      recordingsIn("handlers.json.gz").find(({ scenario }) => scenario.name === "handler-late"),
    );
    const wrong = text.replace('"type":"delete","key":"', '"type":"delete","key":"not-');
    expect(wrong).not.toBe(text);
    writeFileSync(join(dir, "planted.json"), wrong);
    expect(await run()).toEqual({ passed: 0, failed: 1 });
    expect(lines[0]).toMatch(/^FAILED planted\.json handler-late\.list: step \d+ \(\w+\) at \d+ ms: notifications of /);
  });

  it("fail on a file that is none, and on an empty directory", async () => {
    expect(await run()).toEqual({ passed: 0, failed: 1 });
    writeFileSync(join(dir, "other.json"), '{"schema":"queue-trace/1"}');
    expect(await run()).toEqual({ passed: 0, failed: 1 });
    expect(lines[1]).toContain("informer-trace/1");
  });
});
