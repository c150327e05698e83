import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { replayRecording, UnknownRecordingError } from "./testing/replay-recording.ts";

const read = (file: string): unknown =>
  JSON.parse(gunzipSync(readFileSync(new URL(`testdata/${file}.json.gz`, import.meta.url))).toString());

/** Cases per file: a file that shrinks would pass unnoticed. */
const files = {
  "filters-hand": 337,
  "filters-random": 640,
  "filters-wild": 336,
  "hints-hand": 215,
  "hints-random": 1565,
  "events-diff": 49,
  "events-pipeline": 53,
  "events-metrics": 4,
};

describe("what kube-scheduler 1.36.3 answered", () => {
  test.each(Object.entries(files))("%s: all %i cases", (file, count) => {
    const outcomes = replayRecording(read(file), () => read("events-pipeline"));
    const different = outcomes.filter(({ difference }) => difference !== undefined);
    expect(different.slice(0, 5)).toEqual([]);
    expect(outcomes).toHaveLength(count);
  });
});

describe("a recording that says something else turns red", () => {
  const planted = (file: keyof typeof files, from: RegExp, to: string): number => {
    const text = JSON.stringify(read(file));
    const changed = text.replace(from, to);
    expect(changed).not.toBe(text);
    const outcomes = replayRecording(JSON.parse(changed), () => read("events-pipeline"));
    return outcomes.filter(({ difference }) => difference !== undefined).length;
  };

  test.each([
    ["a message", "filters-hand", /"message":"0\/2/, '"message":"0/3'],
    ["a rejecting plugin", "filters-hand", /"plugin":"NodeUnschedulable","reasons"/, '"plugin":"NodeName","reasons"'],
    [
      "a nominated node",
      "filters-hand",
      /"nominatedNodeName":"[a-z]+","outcome"/,
      '"nominatedNodeName":"zz","outcome"',
    ],
    ["a hint", "hints-hand", /"hint":"QueueSkip"/, '"hint":"Queue"'],
    ["a place in the queue", "hints-random", /"queue":"unschedulable"/, '"queue":"active"'],
    ["a kind of change", "events-diff", /"action":"UpdateNodeLabel"/, '"action":"UpdateNodeTaint"'],
    ["a call of the queue", "events-pipeline", /"call":"Delete"/, '"call":"Add"'],
    ["a metric's series", "events-metrics", /event=\\"NodeAdd\\"/, 'event=\\"NodeAdded\\"'],
  ] as const)("%s", (_what, file, from, to) => {
    expect(planted(file, from, to)).toBe(1);
  });
});

test.each([{}, [{}], [{ name: "x" }], "text"])("%j is no recording", (content) => {
  expect(() => replayRecording(content, () => [])).toThrow(UnknownRecordingError);
});
