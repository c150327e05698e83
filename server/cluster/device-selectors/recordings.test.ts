import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { replayRecording } from "#lib/scheduler/testing/replay-recording.ts";
import { deviceSelectorCompiler } from "./index.ts";

const read = (file: string): string =>
  gunzipSync(readFileSync(new URL(`../../../lib/scheduler/testdata/${file}.json.gz`, import.meta.url))).toString();
const replay = (text: string) => replayRecording(JSON.parse(text), () => [], deviceSelectorCompiler());

test.each([
  ["devices-hand", 178],
  ["devices-random", 475],
])("V1 to V9 %s: what kube-scheduler 1.36.3 says of %i pods that need devices", (file, count) => {
  const outcomes = replay(read(file));
  const different = outcomes.filter(({ difference }) => difference !== undefined);
  expect(different.slice(0, 5)).toEqual([]);
  expect(outcomes).toHaveLength(count);
});

test("a recording that says something else turns red", () => {
  const text = read("devices-hand");
  const changed = text.replace(/"cannot allocate all claims"/, '"cannot fit resource"');
  expect(changed).not.toBe(text);
  expect(replay(changed).filter(({ difference }) => difference !== undefined)).toHaveLength(1);
});
