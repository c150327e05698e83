import { readFileSync, readdirSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { historicalStories, openingStory, otherStories } from "#lib/lab/index.ts";
import { labHrefOf } from "./from-pod.model.ts";
import { decodeScenario, encodeScenario, maxCodeLength } from "./ops-code.model.ts";
import { openRecording } from "./recording-file.model.ts";

const testdata = new URL("../../lib/queue/testdata/", import.meta.url);

describe("a link", () => {
  it.each([...historicalStories, ...otherStories])("holds $title and gives it back", async ({ title, scenario }) => {
    const code = await encodeScenario({ title, scenario });
    expect(code).toMatch(/^[\w-]+$/u);
    expect(code.length).toBeLessThan(maxCodeLength / 8);
    expect(await decodeScenario(code)).toEqual({ ok: true, value: { title, scenario } });
  });

  it("that is damaged, of another kind or incomplete says so", async () => {
    const { title, scenario } = openingStory;
    const code = await encodeScenario({ title, scenario });
    const problemIn = async (bad: string) => {
      const result = await decodeScenario(bad);
      return result.ok ? "none" : result.problem;
    };
    expect(await problemIn("%%%")).toMatch(/characters/);
    expect(await problemIn("a")).toMatch(/characters|damaged/);
    expect(await problemIn(code.slice(0, 40))).toMatch(/cut off or damaged/);
    const unknown = { ...scenario, operations: [{ op: "explode" }] };
    expect(await problemIn(await encodeScenario({ title, scenario: unknown }))).toMatch(/operations\[0\]\.op/);
    const nameless = { ...scenario, operations: [{ op: "done" }] };
    expect(await problemIn(await encodeScenario({ title, scenario: nameless }))).toMatch(/operations\[0\]\.uid/);
  });
});

describe("a pod that may have missed an event", () => {
  it("has a link to its last attempt", async () => {
    const event = { label: "NodeUpdateNodeTaint", object: "big", answers: { NodeResourcesFit: "Queue" } } as const;
    const href = await labHrefOf({
      namespace: "ml",
      name: "train-0",
      uid: "u1",
      rejectors: ["NodeResourcesFit"],
      events: [event, { ...event, label: "AssignedPodDelete" }, { ...event, label: "UnschedulableTimeout" }],
    });
    const query = new URL(href, "http://localhost").searchParams;
    const decoded = await decodeScenario(query.get("ops") ?? "");
    expect(query.get("scenario")).toBe("from-pod");
    expect(decoded.ok && decoded.value.title).toBe("From pod ml/train-0");
    const operations = decoded.ok ? decoded.value.scenario.operations : [];
    expect(operations.at(-1)).toMatchObject({ op: "fail", uid: "u1" });
    expect(operations.slice(4, -1).map(({ event: injected }) => injected?.label)).toEqual([
      "NodeUpdateNodeTaint",
      "AssignedPodDelete",
    ]);
  });
});

describe("a recording", () => {
  it.each(readdirSync(testdata))("%s opens, packed and unpacked", async (file) => {
    const packed = readFileSync(new URL(file, testdata));
    const opened = await openRecording(file, new Blob([packed]));
    const plain = await openRecording(file.replace(".gz", ""), new Blob([gunzipSync(packed)]));
    if (!opened.ok || !plain.ok) throw new Error(opened.ok ? "it does not open unpacked" : opened.problem);
    expect(opened.value.scenarios.length).toBeGreaterThan(0);
    expect(plain.value.scenarios).toEqual(opened.value.scenarios);
  });

  it("that is none says what is wrong and where", async () => {
    const problemIn = async (content: BlobPart) => {
      const result = await openRecording("x.json", new Blob([content]));
      return result.ok ? "none" : result.problem;
    };
    expect(await problemIn("{")).toBe("x.json cannot be opened: it is not JSON.");
    expect(await problemIn(new Uint8Array([0x1f, 0x8b, 1, 2]))).toMatch(/compression is damaged/);
    expect(await problemIn(JSON.stringify({ format: "other" }))).toMatch(/format/);
    const trace = { format: "kube-inflight/queue-trace@1", traces: [{ name: "a", config: {}, ops: [] }] };
    expect(await problemIn(JSON.stringify(trace))).toMatch(/traces\[0\]\.config\.podInitialBackoffSeconds/);
  });
});
