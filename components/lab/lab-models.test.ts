import { describe, expect, it } from "vitest";
import { Experiment, openingStory, storyById, type Scenario } from "#lib/lab/index.ts";
import { captionOf } from "./caption.model.ts";
import { chainOf } from "./chain.model.ts";
import { choicesAfter } from "./choices.model.ts";
import { deleteStep, insertAfter, moveStep } from "./edit.model.ts";
import { examinationWords } from "./examination.model.ts";
import { focusOf } from "./focus.model.ts";
import { headlineOf } from "./headline.model.ts";
import { examinationOf, outcomeOf } from "./outcome.model.ts";
import { placeBoxes } from "./places.model.ts";
import { marksOf, tintsOf } from "./scrubber.model.ts";
import { changedTitle, wantedBy } from "./source.model.ts";
import { operationWords, podWords } from "./words.model.ts";

function scenarioOf(id: string): Scenario {
  const story = storyById(id);
  if (story === undefined) throw new Error(`no story ${id}`);
  return story.scenario;
}

/** Everything that the page shows of a step. */
function shown(scenario: Scenario, step: number, room = 430) {
  const experiment = new Experiment(scenario);
  const pods = podWords(scenario);
  const frame = experiment.at(step);
  const uid = focusOf(experiment, step);
  const side = (scheme: "historical" | "current") => {
    const picture = frame.pictures[scheme];
    const examination = uid === undefined ? undefined : examinationOf(picture, uid);
    return {
      chain: chainOf({ scheme, picture, uid, examination, pods, room }),
      words: examinationWords(examination, uid, pods),
      outcome: outcomeOf(picture, { frame, uid, pods, maxParkedMs: 300_000 }),
    };
  };
  return { experiment, pods, frame, uid, historical: side("historical"), current: side("current") };
}

const facts = ({ words }: { readonly words: ReturnType<typeof examinationWords> }) =>
  words.facts.map(({ text }) => text);
const taken = ({ words }: { readonly words: ReturnType<typeof examinationWords> }) =>
  words.loop.findIndex(({ isTaken }) => isTaken);

describe("the step in which the queues part", () => {
  const { experiment, pods, frame, uid, historical, current } = shown(scenarioOf("busy-scheduler"), 10);

  it("is about the pod that comes back", () => {
    expect(uid).toBe("checkout");
    expect(operationWords(experiment, 10, pods)).toEqual({
      title: "B unschedulable",
      detail: "by NodeResourcesFit",
      glyph: "unschedulable",
    });
  });

  it("shows on the left a marker that was removed, and on the right the events behind the pod", () => {
    expect(historical.chain.focus).toMatchObject({ letter: "B", isBroken: true });
    expect(historical.chain.cells.map(({ text, isGone, references }) => [text, isGone, references])).toEqual([
      ["e1", true, undefined],
      ["e2", false, "1 ref"],
      ["e3", false, "1 ref"],
      ["e4", false, "1 ref"],
    ]);
    expect(historical.chain.unseen?.label).toBe("3 events not seen");
    expect(current.chain.windowLabel).toBe("more recent than B: 3 events");
    expect(current.chain.cells.filter(({ isGone }) => !isGone).map(({ text, hint }) => [text, hint])).toEqual([
      ["B", undefined],
      ["e2", "decides"],
      ["e3", "none"],
      ["e4", "queue"],
    ]);
  });

  it("says in words what the drawing shows", () => {
    expect(historical.chain.summary).toBe(
      "Old list, 3 elements. B starts at an event that was removed and does not see e2, e3, e4",
    );
    expect(current.chain.summary).toContain("e2 says Queue");
    expect(current.chain.cells.find(({ text }) => text === "e2")?.name).toBe(
      "event e2, AssignedPodDelete etl-11, Queue, decides",
    );
  });

  it("has the same four facts and the same loop on both sides, with another line taken", () => {
    expect(facts(historical)).toEqual(["e1, removed in step 7", "null", "0 of 3", "no Queue hint, so unschedulable"]);
    expect(facts(current)).toEqual([
      "B, inserted in step 3",
      "e2, then e3, e4",
      "1 of 3, e2 says Queue",
      "Queue, so backoffQ",
    ]);
    expect([taken(historical), taken(current)]).toEqual([2, 1]);
  });

  it("names the places that differ, the outcomes, and the first divergence", () => {
    const boxes = placeBoxes(frame, uid, false);
    const divergent = (side: "historical" | "current") =>
      boxes[side].filter((box) => box.isDivergent).map(({ place }) => place);
    expect([divergent("historical"), divergent("current")]).toEqual([["unschedulable"], ["backoff"]]);
    expect(historical.outcome).toMatchObject({ strong: "B sits in unschedulable", rest: " until the 5 minute flush." });
    expect(current.outcome).toMatchObject({ strong: "B retries in 1.0 s", rest: " because e2 says Queue." });
    expect(headlineOf(experiment, pods)).toEqual({
      isDivergent: true,
      title: "Same operations, different outcome for B from step 10: its marker e1 left the old list in step 7.",
      aside: "Old: waits up to 5 minutes. Fixed: retried in 1.0 s.",
    });
  });

  it("tints the scrubber until the queues agree again", () => {
    const tints = tintsOf(experiment);
    expect(tints.map(({ kind, label }) => [kind, label])).toEqual([
      ["blind", "sees less"],
      ["apart", "diverged for 3 steps"],
    ]);
    expect(tints.map(({ left, width }) => [Math.round((left * 13) / 100), Math.round((width * 13) / 100)])).toEqual([
      [6, 3],
      [9, 3],
    ]);
  });
});

describe("a step before anybody comes back", () => {
  it("asks what would be if the pod came back now", () => {
    const { historical, current } = shown(openingStory.scenario, 5);
    expect(current.words.title).toBe("What B would examine now, rejected by Fit");
    expect(current.outcome.strong).toBe("B would go to backoffQ");
    expect(historical.outcome.strong).toBe("B would go to unschedulable");
  });

  it("shows on the left every pod over the place where it reads from", () => {
    const { historical } = shown(scenarioOf("busy-scheduler"), 5);
    expect(historical.chain.focus?.letter).toBe("C");
    expect(historical.chain.others.map(({ letter }) => letter)).toEqual(["A", "B"]);
    expect(historical.chain.startX).toBeLessThan(historical.chain.headX ?? 0);
  });

  it("needs no pod in flight", () => {
    const { uid, current } = shown(openingStory.scenario, 0);
    expect(uid).toBe("b");
    expect(current.chain.captions).toEqual(["No pod is in flight, so the list is empty."]);
    expect(current.outcome.strong).toBe("B is ready");
  });
});

describe("a pod that came back after an error", () => {
  it("is retried without a look at events", () => {
    const scenario = { ...openingStory.scenario, operations: [{ op: "pop" }, { op: "fail", uid: "a", plugins: [] }] };
    const { current } = shown(scenario, 2);
    expect(facts(current).slice(2)).toEqual(["none: after an error it is retried anyway", "an error, so backoffQ"]);
    expect(taken(current)).toBe(0);
  });
});

describe("a list longer than the picture", () => {
  it("keeps its head and its tail, and says what is left out", () => {
    const event = openingStory.scenario.operations[1];
    if (event === undefined) throw new Error("the story has an event");
    const operations = [{ op: "pop" }, ...Array.from({ length: 100 }, () => event)];
    const { current } = shown({ ...openingStory.scenario, operations }, 101);
    expect(current.chain.cells).toHaveLength(60);
    expect(current.chain.undrawn).toBe(41);
    expect(current.chain.cells.at(0)?.text).toBe("A");
    expect(current.chain.cells.at(-1)?.text).toBe("e100");
  });
});

describe("captions", () => {
  const pods = podWords(openingStory.scenario);

  it("are the author's, until the list is changed: then the queues tell what they did", () => {
    const experiment = new Experiment(openingStory.scenario);
    expect(captionOf(experiment, 0, pods, "lesson")).toBe("lesson");
    expect(captionOf(experiment, 5, pods, "")).toBe("The event that would make B schedulable.");
    const changed = new Experiment(insertAfter(openingStory.scenario, 6, { op: "advance", afterMs: 5 }));
    expect(captionOf(changed, 5, pods, "")).toBe("e2 is kept for the pods in flight.");
    expect(captionOf(changed, 6, pods, "")).toBe(
      "Old: B goes to unschedulable. Fixed: B goes to backoffQ, because e2 says Queue.",
    );
    expect(captionOf(changed, 7, pods, "")).toBe("Time passes.");
  });

  it("say why an operation does nothing", () => {
    const twice = new Experiment(insertAfter(openingStory.scenario, 4, { op: "done", uid: "a" }));
    expect(captionOf(twice, 5, pods, "")).toBe("This does nothing: not in flight.");
    expect(operationWords(twice, 5, pods).detail).toBe("does nothing: not in flight");
  });
});

describe("changes of the list", () => {
  const { scenario } = openingStory;
  const ops = ({ operations }: Scenario) => operations.map(({ op }) => op);

  it("move, delete and insert one operation", () => {
    expect(ops(moveStep(scenario, 3, 2))).toEqual(["pop", "pop", "moveAll", "done", "moveAll", "fail"]);
    expect(ops(moveStep(scenario, 1, 99))).toEqual(["moveAll", "pop", "done", "moveAll", "fail", "pop"]);
    expect(ops(deleteStep(scenario, 4))).toEqual(["pop", "moveAll", "pop", "moveAll", "fail"]);
    expect(ops(insertAfter(scenario, 0, { op: "flushBackoff" }))[0]).toBe("flushBackoff");
  });

  it("offer to end the flights that there are, and events that the plugins wait for", () => {
    const experiment = new Experiment(scenario);
    const titles = choicesAfter(experiment, 3, podWords(scenario)).flatMap(({ choices }) =>
      choices.map(({ title, hint }) => `${title}: ${hint}`),
    );
    expect(titles).toContain("B unschedulable: by Fit");
    expect(titles).toContain("NodeAdd big: Fit: Queue");
    expect(titles).toContain("NodeAdd no big: Fit: Skip");
    for (const { choices } of choicesAfter(experiment, 3, podWords(scenario))) {
      for (const { operation } of choices) {
        const { summaries } = new Experiment(insertAfter(scenario, 3, operation));
        expect(summaries[4]?.played.current.problem).toBeUndefined();
      }
    }
  });
});

describe("an address", () => {
  it("without a name is the opening story; an unknown one says so", () => {
    expect(wantedBy({ scenario: null, ops: null }).story).toBe(openingStory);
    expect(wantedBy({ scenario: "leaked-marker", ops: null }).story.id).toBe("leaked-marker");
    expect(wantedBy({ scenario: "nowhere", ops: null }).problem).toMatch(/no story nowhere/);
    expect(wantedBy({ scenario: "recording", ops: null }).problem).toMatch(/open the file again/);
    expect(wantedBy({ scenario: "from-pod", ops: null }).problem).toMatch(/names no operations/);
    expect(wantedBy({ scenario: "from-pod", ops: "abc" })).toMatchObject({ code: "abc", problem: undefined });
  });

  it("says once that a story was changed", () => {
    expect(changedTitle(changedTitle("Gated forever"))).toBe("Gated forever, changed");
  });
});

describe("the marks of the scrubber", () => {
  it("are one per step of a story, and few enough for a long recording", () => {
    expect(marksOf(6)).toEqual([1, 2, 3, 4, 5, 6]);
    expect(marksOf(1_945).length).toBeLessThanOrEqual(32);
  });
});
