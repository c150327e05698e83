import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import type { PodUid } from "#lib/kube/index.ts";
import type { ComparisonRecording } from "#lib/queue/testing/comparison.ts";
import type { RecordedOp } from "#lib/queue/index.ts";
import { examined, unseen } from "../examination.ts";
import { Experiment, type Both } from "../experiment.ts";
import type { PlaceName } from "../picture.ts";
import type { Operation, Scenario } from "../scenario.ts";
import { historicalStories, openingStory, otherStories, storyById } from "./index.ts";
import type { Story } from "./script.ts";

const uid = (name: string): PodUid => name as PodUid;

/** The experiment of a story, and where its pods are after a step: the historical queue first. */
function played(id: string) {
  const story = storyById(id);
  if (story === undefined) throw new Error(`no story ${id}`);
  const experiment = new Experiment(story.scenario);
  const placeIn = (step: number, name: string): Both<PlaceName | undefined> => {
    const { historical, current } = experiment.at(step).pictures;
    const placeOf = ({ places }: typeof current) =>
      (Object.keys(places) as PlaceName[]).find((place) => places[place].some((pod) => pod.uid === name));
    return { historical: placeOf(historical), current: placeOf(current) };
  };
  return { experiment, placeIn };
}

const both = <T>(value: T): Both<T> => ({ historical: value, current: value });

describe("the historical bug", () => {
  it("is the opening story: B is parked by the removed marker and noticed by the own element", () => {
    const { experiment, placeIn } = played(openingStory.id);
    expect(placeIn(6, "b")).toEqual({ historical: "unschedulable", current: "backoff" });
    expect(experiment.divergences).toEqual([{ from: 5, to: 6, apartFrom: 6, pod: "b" }]);
    const back = experiment.handBackIn(6, uid("b"));
    expect(back?.historical).toMatchObject({
      marker: { kind: "foreign", event: "e1", removedIn: 4 },
      since: ["e2"],
      seen: [],
      decision: { to: "unschedulable", decidedBy: undefined },
    });
    expect(back?.current).toMatchObject({
      marker: { kind: "own" },
      takenOffIn: 3,
      seen: [{ name: "e2", answer: "Queue", decides: true }],
      decision: { to: "backoff", decidedBy: "e2", plugin: "Fit" },
    });
  });

  it("does not show while another pod keeps the marker", () => {
    const { experiment, placeIn } = played("marker-kept-by-third-pod");
    expect(placeIn(7, "c")).toEqual(both("backoff"));
    expect(experiment.divergences).toEqual([]);
  });

  it("shows once the last older pod is done, and loses both events", () => {
    const { experiment, placeIn } = played("marker-lost-later");
    expect(placeIn(9, "c")).toEqual({ historical: "unschedulable", current: "backoff" });
    const back = experiment.handBackIn(9, uid("c"));
    expect(back && unseen(back.historical)).toEqual(["e2", "e3"]);
    expect(back?.current.seen.map(({ name, answer }) => [name, answer])).toEqual([
      ["e2", "Skip"],
      ["e3", "Queue"],
    ]);
    expect(back && examined(back.current)).toBe(2);
  });

  it("takes away what was visible already", () => {
    const { experiment } = played("loss-of-events-already-seen");
    const seenIn = (step: number) =>
      experiment
        .at(step)
        .pictures.historical.examinations.get(uid("b"))
        ?.seen.map(({ name }) => name);
    expect(seenIn(4)).toEqual(["e2"]);
    expect(seenIn(5)).toEqual([]);
    expect(experiment.divergences).toEqual([{ from: 5, to: 7, apartFrom: 7, pod: "b" }]);
  });

  it("spares a pod that was popped while the list was empty", () => {
    const { experiment, placeIn } = played("first-in-list-is-safe");
    expect(placeIn(6, "b")).toEqual(both("backoff"));
    expect(experiment.divergences).toEqual([]);
  });

  it("hits one of two pods on a busy scheduler, until the flush five minutes later", () => {
    const { experiment, placeIn } = played("busy-scheduler");
    expect(placeIn(9, "runner")).toEqual(both("backoff"));
    expect(placeIn(10, "checkout")).toEqual({ historical: "unschedulable", current: "backoff" });
    expect(placeIn(12, "checkout").historical).toBe("active");
    expect(placeIn(13, "checkout")).toEqual(both("active"));
    expect(experiment.divergences).toEqual([{ from: 7, to: 12, apartFrom: 10, pod: "checkout" }]);
    expect(experiment.at(10).pictures.historical.elements).toMatchObject([
      { name: "e2", neededBy: 1 },
      { name: "e3", neededBy: 1 },
      { name: "e4", neededBy: 1 },
    ]);
  });
});

describe("what both schemes do alike", () => {
  it("a leaked marker keeps every event, and one done empties both lists", () => {
    const { experiment } = played("leaked-marker");
    const sizes = (step: number) => {
      const { historical, current } = experiment.at(step).pictures;
      return { historical: historical.elements.length, current: current.elements.length };
    };
    expect(sizes(9)).toEqual({ historical: 4, current: 5 });
    expect(sizes(10)).toEqual(both(0));
    expect(experiment.divergences).toEqual([]);
  });

  it("a gated pod stays, whatever happens, until the event that its plugin registered", () => {
    const { experiment, placeIn } = played("gated-forever");
    for (const step of [2, 3, 4, 5, 6]) expect(placeIn(step, "cart")).toEqual(both("gated"));
    expect(placeIn(7, "cart")).toEqual(both("active"));
    expect(experiment.divergences).toEqual([]);
  });

  it("a pod of high priority that comes straight back is popped three times before the small one", () => {
    const { experiment, placeIn } = played("head-of-line");
    const popped = experiment.summaries.filter(({ step }) => experiment.scenario.operations[step - 1]?.op === "pop");
    expect(popped.map(({ subject }) => subject)).toEqual(["worker", "worker", "worker", "cart"]);
    expect(placeIn(8, "worker")).toEqual(both("unschedulable"));
    expect(experiment.divergences).toEqual([]);
  });

  it("an event before the pop is no news: A is retried for it, B is parked", () => {
    const { experiment, placeIn } = played("event-before-pop");
    expect(placeIn(5, "cart")).toEqual(both("backoff"));
    expect(placeIn(5, "checkout")).toEqual(both("unschedulable"));
    expect(experiment.handBackIn(5, uid("checkout"))?.current.since).toEqual([]);
    expect(experiment.divergences).toEqual([]);
  });

  it("a wrong Skip parks the pod on both sides until the flush", () => {
    const { experiment, placeIn } = played("wrong-skip");
    expect(experiment.handBackIn(3, uid("worker"))?.current.seen).toEqual([
      { name: "e1", answer: "Skip", decides: false },
    ]);
    expect(placeIn(4, "worker")).toEqual(both("unschedulable"));
    expect(placeIn(5, "worker")).toEqual(both("active"));
    expect(placeIn(7, "worker")).toEqual(both("bound"));
    expect(experiment.divergences).toEqual([]);
  });
});

describe.each([...historicalStories, ...otherStories])("$title", ({ scenario, lesson, opensAt }: Story) => {
  it("has two sentences, and operations that all do something on both sides", () => {
    expect(lesson.match(/\.(?= |$)/gu)).toHaveLength(2);
    const { summaries, length } = new Experiment(scenario);
    expect(opensAt).toBeLessThanOrEqual(length);
    for (const { played: on } of summaries) {
      expect([on.historical.problem, on.current.problem]).toEqual([undefined, undefined]);
    }
  });
});

describe("the five scripts of the recording", () => {
  const url = new URL("../../queue/testdata/historical-bug.json.gz", import.meta.url);
  const { plugins, comparisons } = JSON.parse(gunzipSync(readFileSync(url)).toString()) as ComparisonRecording;

  it.each(comparisons)("$name: the story is the script, and differs where it says so", ({ name, steps }) => {
    const story = storyById(name);
    if (story === undefined) throw new Error(`no story ${name}`);
    const { scenario } = story;
    expect(bare(scenario.config.plugins)).toEqual(bare(plugins));
    expect(operationsOf(scenario).map(bareOp)).toEqual(steps.map(({ op }) => bareOp(op)));
    const { summaries } = new Experiment({ ...scenario, given: [], operations: operationsOf(scenario) });
    // The last step of a script says whether the verdicts agree, which is where the pod is.
    const agrees = summaries.slice(1).map(({ difference }) => difference.blind.length + difference.apart.length === 0);
    expect(agrees).toEqual(steps.map(({ agree }) => agree));
  });
});

function operationsOf({ given, operations }: Scenario): readonly Operation[] {
  return [...given.map((pod) => ({ op: "add", pod })), ...operations];
}

/** Without times, results and words. */
function bareOp(op: Operation | RecordedOp): unknown {
  const { op: name, pod, uid: subject, event, new: updated, plugins = [] } = op;
  return bare({ name, pod, subject, event, updated, plugins });
}

/** Recordings spell out actions that stand in the mask as well. */
function bare(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value, (key, inner: unknown) => (key === "action" ? undefined : inner)));
}
