import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import type { Comparison } from "./testing/comparison.ts";
import { replayRecording } from "./testing/replay-recording.ts";
import type { Trace } from "./recordings/recording.ts";

const testdata = new URL("testdata/", import.meta.url);
const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");
const read = (file: string): unknown => JSON.parse(gunzipSync(readFileSync(new URL(file, testdata))).toString());
const files = readdirSync(testdata).sort();

describe("the queue does what kube-scheduler 1.36 was recorded to do", () => {
  for (const file of files) {
    it(file, () => {
      const outcomes = replayRecording(read(file), sha256);
      expect(outcomes.filter(({ difference }) => difference !== undefined)).toEqual([]);
    });
  }

  it("in every trace there is", () => {
    const recordings = files.map((file) => read(file) as { traces?: Trace[]; comparisons?: Comparison[] });
    const traces = recordings.flatMap(({ traces = [] }) => traces);
    expect(traces.length).toBe(232);
    expect(traces.reduce((sum, { ops }) => sum + ops.length, 0)).toBe(30_976);
    expect(recordings.flatMap(({ comparisons = [] }) => comparisons).length).toBe(5);
  });
});
