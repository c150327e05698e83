import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { runQueueConformance } from "./queue.ts";

const testdata = new URL("../../lib/queue/testdata/", import.meta.url).pathname;
const recording = "01-in-flight-list.json.gz";

let dir: string;
let lines: string[];
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "conformance-"));
  lines = [];
});
afterEach(() => rmSync(dir, { recursive: true }));

const run = () => runQueueConformance(dir, (line) => void lines.push(line));
const textOf = (file: string): string => gunzipSync(readFileSync(join(testdata, file))).toString();

/** The recording with `from` replaced once: a wrong expectation. */
function plant(from: string | RegExp, to: string): void {
  const text = textOf(recording);
  const planted = text.replace(from, to);
  expect(planted).not.toBe(text);
  writeFileSync(join(dir, "planted.json.gz"), gzipSync(planted));
}

describe("the queue's recordings", () => {
  it("pass, packed or not, and what is no recording beside them is passed over", async () => {
    cpSync(join(testdata, recording), join(dir, recording));
    writeFileSync(join(dir, "plain.json"), textOf("08-delete.json.gz"));
    writeFileSync(join(dir, "index.json"), "[]");
    writeFileSync(join(dir, "meta.json"), "{}");
    const { passed, failed } = await run();
    expect(lines).toEqual([]);
    expect(failed).toBe(0);
    expect(passed).toBeGreaterThan(20);
  });

  it.each([
    ["a state", /"inFlightEvents":\[\{"pod":"/, '"inFlightEvents":[{"pod":"not-'],
    ["a result", /"result":\{"pod":\{"uid":"/, '"result":{"pod":{"uid":"not-'],
    [
      "a metric",
      /"queueIncomingPodsTotal":\{"active\|UnschedulablePodAdd":1/,
      '"queueIncomingPodsTotal":{"active|UnschedulablePodAdd":7',
    ],
  ])("turn red when %s is expected that did not come", async (_what, from, to) => {
    plant(from, to);
    const { failed } = await run();
    expect(failed).toBe(1);
    expect(lines[0]).toMatch(/^FAILED planted\.json\.gz .*: op \d+ \(\w+\) at \d+ ms: (state|result|metrics)/);
  });

  it("turn red when a hash is expected that did not come", async () => {
    const text = textOf("random-0003.json.gz");
    writeFileSync(
      join(dir, "planted.json"),
      text.replace(/"h":"(.)/, (_, digit) => `"h":"${digit === "0" ? "1" : "0"}`),
    );
    expect((await run()).failed).toBe(1);
    expect(lines[0]).toContain("h: expected");
  });

  it.each([
    ["an unknown file", "notes.txt", "hello", "neither .json nor .json.gz"],
    ["an unknown format", "other.json", '{"format":"other@1","traces":[]}', "expected kube-inflight/queue-trace@1"],
    ["broken JSON", "broken.json", "{", "cannot be read"],
    ["a recording without traces", "empty.json", '{"format":"kube-inflight/queue-trace@1","traces":[]}', "no traces"],
  ])("fail on %s", async (_what, file, text, why) => {
    writeFileSync(join(dir, file), text);
    expect(await run()).toEqual({ passed: 0, failed: 1 });
    expect(lines[0]).toContain(why);
  });

  it("fail on an empty directory", async () => {
    expect(await run()).toEqual({ passed: 0, failed: 1 });
  });
});
