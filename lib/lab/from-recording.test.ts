import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import type { ComparisonRecording } from "#lib/queue/testing/comparison.ts";
import type { Recording } from "#lib/queue/index.ts";
import { Experiment } from "./experiment.ts";
import { scenariosOf } from "./from-recording.ts";

type Recorded = Pick<Recording, "traces"> & Pick<ComparisonRecording, "plugins" | "comparisons">;

function recorded(file: string): Recorded {
  const url = new URL(`../queue/testdata/${file}`, import.meta.url);
  return JSON.parse(gunzipSync(readFileSync(url)).toString()) as Recorded;
}

interface RecordedState {
  readonly activeQ: readonly string[];
  readonly unschedulable: readonly string[];
  readonly inFlightEvents: readonly { readonly pod?: string; readonly event?: string }[];
}

const files = [
  "01-in-flight-list",
  "06-pre-enqueue",
  "10-flush-leftover",
  "15-hints-off",
  "random-0003",
  "random-0006",
];

describe.each(files)("the recording %s", (file) => {
  const { traces } = recorded(`${file}.json.gz`);
  const scenarios = scenariosOf({ traces });

  it("plays on the current queue as it was recorded, at the same times", () => {
    for (const [index, { scenario }] of scenarios.entries()) {
      const ops = traces[index]?.ops ?? [];
      const experiment = new Experiment(scenario);
      const start = experiment.at(0).now - scenario.config.startOffsetMs;
      expect(experiment.summaries.slice(1).map(({ now }) => now - start)).toEqual(ops.map(({ t }) => t));
      for (const [step, { op, state }] of ops.entries()) {
        if (state === undefined) continue;
        const { activeQ, unschedulable, inFlightEvents } = state as RecordedState;
        const { places, elements } = experiment.at(step + 1).pictures.current;
        const inPool = [...places.unschedulable, ...places.gated].map(({ uid }) => uid).sort();
        expect(places.active.map(({ uid }) => uid)).toEqual(activeQ);
        expect(inPool).toEqual(unschedulable);
        // A step that hands a pod back shows the list as it was before.
        if (op === "fail") continue;
        expect(elements.map((one) => (one.kind === "pod" ? one.uid : one.label))).toEqual(
          inFlightEvents.map(({ pod, event }) => pod ?? event),
        );
      }
    }
  });
});

describe("an experiment", () => {
  const [first] = scenariosOf(recorded("historical-bug.json.gz"));

  it("reads comparisons as well, with the words of the recording", () => {
    expect(first?.name).toBe("marker-removed");
    expect(first?.scenario.operations.map(({ note }) => note)).toContain("a takes off; both schemes agree");
  });

  it("looks the same in a step, however it was reached", () => {
    if (first === undefined) throw new Error("the recording has no script");
    const forward = new Experiment(first.scenario);
    const steps = Array.from({ length: forward.length + 1 }, (_, step) => step);
    const frames = steps.map((step) => forward.at(step));
    const backward = new Experiment(first.scenario);
    for (const step of [...steps].reverse()) expect(backward.at(step)).toEqual(frames[step]);
  });
});
