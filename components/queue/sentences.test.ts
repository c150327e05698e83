import { describe, expect, it } from "vitest";
import { columnsOf, nextPicture, type Column } from "./columns.model.ts";
import { asDecided, finishings } from "./finishings.model.ts";
import { columnName, decide, eventName, listSentence, recentSentence, stepSentence } from "./sentences.model.ts";
import { event, list, marker, pod, queueHint } from "./testing/pictures.ts";

const decider = event(4, "AssignedPodDelete", "batch/etl-11");
const b = pod(3, "b", {
  hints: { 4: queueHint },
  wouldGoTo: { queue: "backoff", decidedBy: 4, plugin: "NodeResourcesFit", backoffUntil: 5_000 },
});

describe("the list in a sentence", () => {
  it("says how many pods hold how many events, and who is the oldest", () => {
    const events = list([marker(1, "a"), event(2), marker(3, "b"), event(4)], [pod(1, "a"), b]);
    expect(listSentence(events, "A")).toEqual([
      "2 pods in flight hold 2 events.",
      "A is the oldest: nothing before it is kept.",
    ]);
    expect(listSentence(list([marker(1, "a"), event(2)], [pod(1, "a")]), "A")[0]).toBe(
      "1 pod in flight holds 1 event.",
    );
    expect(listSentence(list([]), undefined)[0]).toBe("No pod is in flight, so no event is kept.");
  });

  it("says how many events decide", () => {
    expect(recentSentence("B", 10)).toBe("more recent than B: 10 events decide");
    expect(recentSentence("B", 1)).toBe("more recent than B: 1 event decides");
    expect(recentSentence("B", 0)).toBe("more recent than B: nothing yet");
  });
});

describe("the decision", () => {
  it("names the plugins, the queue, for how long, and the event that decides", () => {
    const decision = decide(b, list([marker(3, "b"), decider], [b]));
    expect(decision.condition.join("")).toBe("came back unschedulable now, rejected by");
    expect(decision).toMatchObject({ outcome: "backoffQ for 4.0 s", because: "since", event: decider });
  });

  it("tells no time left when the backoff would be over", () => {
    const late = pod(3, "b", { wouldGoTo: { queue: "backoff", backoffUntil: 900 } });
    expect(decide(late, list([marker(3, "b")], [late])).outcome).toBe("backoffQ");
  });

  it("says why nothing decides", () => {
    const c = pod(3, "c");
    expect(decide(c, list([marker(3, "c")], [c])).because).toBe("since nothing happened behind its marker");
    expect(decide(c, list([marker(3, "c"), event(4), event(5)], [c])).because).toBe(
      "since none of the 2 events behind it helps",
    );
  });

  it("says whose word it is when this attempt has rejected nothing yet", () => {
    const last = pod(3, "c", { rejectorsOf: "lastAttempt" });
    expect(decide(last, list([marker(3, "c")], [last])).condition[2]).toContain("like last time");
    const none = pod(3, "c", { rejectorsOf: "none", rejectors: [], wouldGoTo: { queue: "backoff" } });
    expect(decide(none, list([marker(3, "c")], [none])).condition.join("")).toBe(
      "failed now, with no plugin rejecting it",
    );
  });

  it("is applied as it reads", () => {
    expect(asDecided(b)).toEqual({ step: "finish", uid: "b", as: "unschedulable", plugins: ["NodeResourcesFit"] });
    expect(asDecided(pod(3, "c", { rejectors: [] }))).toMatchObject({ as: "error" });
    expect(finishings(b).map(({ words }) => words)).toEqual(["schedulable", "unschedulable", "error"]);
  });
});

describe("the name of an element", () => {
  it("says number, label, object, where it stands, and what the hint said", () => {
    expect(eventName(decider, { pod: b, letter: "B" })).toBe(
      "event 4, AssignedPodDelete batch/etl-11, after marker B, NodeResourcesFit says Queue, decides",
    );
    expect(eventName(event(2), { pod: b, letter: "B" })).toBe("event 2, NodeAdd, before marker B");
    expect(eventName(event(2), undefined)).toBe("event 2, NodeAdd");
  });

  it("of a fold says how many, which, and from where to where", () => {
    const elements = Array.from({ length: 8 }, (_, index) => event(5 + index));
    const [fold] = columnsOf(nextPicture(undefined, list(elements), false), []).columns;
    expect(columnName(fold as Column, undefined)).toBe("8 events NodeAdd, 5 to 12, folded");
  });
});

it("a step by hand is told by whom it concerned and where that went", () => {
  const done = { ok: true, pod: { uid: "b", namespace: "shop", name: "cart-b" } } as const;
  expect(stepSentence({ step: "pop" }, done)).toBe("shop/cart-b was popped.");
  expect(stepSentence(asDecided(b), { ...done, queue: "backoffQ" })).toBe("shop/cart-b is finished: backoffQ.");
  expect(stepSentence({ step: "inject", event: "NodeAdd" }, { ok: true })).toBe("NodeAdd injected.");
});
