import { readdirSync, readFileSync } from "node:fs";
import { setImmediate } from "node:timers/promises";
import { gunzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import type { Recording } from "./testing/recording.ts";
import { replayRecordings } from "./testing/replay-recording.ts";

const testdata = new URL("testdata/", import.meta.url);
const files = readdirSync(testdata).sort();
const read = (file: string): { recordings: Recording[] } =>
  JSON.parse(gunzipSync(readFileSync(new URL(file, testdata))).toString());
const replay = (content: unknown) => replayRecordings(content, () => setImmediate());

describe("the informer does what client-go v0.36 was recorded to do", () => {
  it.each(files)("%s", async (file) => {
    const outcomes = await replay(read(file));
    expect(outcomes.filter(({ isBinding, difference }) => isBinding && difference !== undefined)).toEqual([]);
  });

  it("in every recording there is", async () => {
    const recordings = files.flatMap((file) => read(file).recordings);
    const outcomes = await replay({ schema: "informer-traces/1", recordings });
    expect(outcomes.filter(({ isBinding }) => isBinding).length).toBe(218);
    expect(outcomes.filter(({ isBinding }) => !isBinding).map(({ name }) => name)).toEqual([
      "mode-delta-fifo.list",
      "mode-no-batch.list",
      "mode-not-atomic-resync.list",
      "mode-not-atomic.list",
    ]);
    expect(recordings.reduce((sum, { steps }) => sum + steps.length, 0)).toBe(4_681);
  });

  it("and that other queues differ from it is seen", async () => {
    const outcomes = await replay(read("other-queues.json.gz"));
    expect(outcomes.filter(({ difference }) => difference !== undefined).length).toBe(3);
  });
});

/** One wrong expectation of every kind. */
const planted: readonly {
  readonly in: string;
  readonly from: string | RegExp;
  readonly to: string;
  readonly says: string;
}[] = [
  {
    in: "initial-list.list",
    from: '"key":"a/y","newRV":"102"',
    to: '"key":"a/y","newRV":"103"',
    says: "notifications of h1",
  },
  {
    in: "initial-list.list",
    from: '"isInInitialList":true',
    to: '"isInInitialList":false',
    says: "notifications of h1",
  },
  { in: "initial-list.watchlist", from: '"key":"a/y"', to: '"key":"a/q"', says: "notifications of h1 in any order" },
  { in: "initial-list.list", from: '"limit":"500"', to: '"limit":"499"', says: "request A1" },
  { in: "initial-list.list", from: '"path":"/api/v1/pods"', to: '"path":"/api/v1/nodes"', says: "request A1" },
  { in: "list-500-backoff.list", from: '"t":1200,"id"', to: '"t":1201,"id"', says: "request A2" },
  { in: "initial-list.list", from: '"store":{"a/x":"101"', to: '"store":{"a/x":"102"', says: "state of A" },
  { in: "initial-list.list", from: '"openStreams":["A2"]', to: '"openStreams":["A3"]', says: "state of A" },
  {
    in: "initial-list.list",
    from: /"h1":true/,
    to: '"h1":false',
    says: "state of A",
  },
  {
    in: "list-403.list",
    from: '"reason":"Forbidden","class"',
    to: '"reason":"NotFound","class"',
    says: "watch errors of A",
  },
  { in: "transform.list", from: /"transforms":\{"a\/x@101":1/, to: '"transforms":{"a/x@101":2', says: "transforms" },
  {
    in: "indexers.list",
    from: /"op":"indexValues"(.*?)"result":\[/,
    to: '"op":"indexValues"$1"result":["q",',
    says: "result",
  },
  { in: "handler-add-stopped.list", from: '"result":{"error"', to: '"result":{"refused"', says: "result" },
  {
    in: "handler-queries-store.list",
    from: '"exists":true,"rv":"104"',
    to: '"exists":true,"rv":"105"',
    says: "reactions",
  },
];

describe("a wrong expectation", () => {
  const all = files.flatMap((file) => read(file).recordings);

  it.each(planted)("of $says in $in is found", async ({ in: name, from, to, says }) => {
    const recording = all.find(({ scenario, mode }) => `${scenario.name}.${mode}` === name);
    const text = JSON.stringify(recording);
    const wrong = text.replace(from, to);
    expect(wrong).not.toBe(text);
    const [outcome] = await replay(JSON.parse(wrong));
    expect(outcome?.difference).toContain(says);
  });

  it.each([
    ["another schema", { schema: "informer-trace/2", steps: [{}] }],
    ["no steps", { schema: "informer-trace/1", steps: [] }],
    ["an empty pack", { schema: "informer-traces/1", recordings: [] }],
    ["nothing", null],
  ])("as %s is refused", async (_what, content) => {
    await expect(replay(content)).rejects.toThrow(/recording/);
  });
});
