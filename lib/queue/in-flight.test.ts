import { describe, expect, it } from "vitest";
import { aPod, claimAdd, nodeAdd, podDelete, Stage, uid } from "./testing/stage.ts";

interface Scenario {
  readonly title: string;
  readonly steps: (stage: Stage) => void;
  readonly list: readonly string[];
  readonly seen?: Readonly<Record<string, readonly string[]>>;
}

const scenarios: readonly Scenario[] = [
  {
    title: "Q1 a pod that takes off is an element at the tail",
    steps: (stage) => {
      stage.takeOff("a");
      stage.event(nodeAdd);
      stage.takeOff("b");
    },
    list: ["pod a", "NodeAdd", "pod b"],
  },
  {
    title: "Q3 an event is not recorded while nothing is in flight",
    steps: (stage) => {
      stage.event(nodeAdd);
      stage.takeOff("a");
    },
    list: ["pod a"],
    seen: { a: [] },
  },
  {
    title: "Q3 Q11 an event that nobody registered is not recorded",
    steps: (stage) => {
      stage.takeOff("a");
      stage.event(podDelete);
    },
    list: ["pod a"],
  },
  {
    title: "Q4 an update of a pod in flight is recorded for every pod in flight, registered or not",
    steps: (stage) => {
      stage.takeOff("a", "b");
      stage.queue.update(aPod("a"), aPod("a", 0, { zone: "x" }));
    },
    list: ["pod a", "pod b", "UnschedulablePodUpdatePodLabel"],
    seen: { a: ["UnschedulablePodUpdatePodLabel"], b: ["UnschedulablePodUpdatePodLabel"] },
  },
  {
    title: "Q5 a pod sees what happened since its take-off and nothing before",
    steps: (stage) => {
      stage.takeOff("a");
      stage.event(claimAdd);
      stage.takeOff("b");
      stage.event(nodeAdd);
    },
    list: ["pod a", "ClaimAdd", "pod b", "NodeAdd"],
    seen: { a: ["ClaimAdd", "NodeAdd"], b: ["NodeAdd"] },
  },
  {
    title: "Q5 a pod goes on seeing its events when older and newer pods are done",
    steps: (stage) => {
      stage.takeOff("a");
      stage.event(claimAdd);
      stage.takeOff("b");
      stage.event(nodeAdd);
      stage.takeOff("c");
      stage.done("a");
      stage.done("c");
    },
    list: ["pod b", "NodeAdd"],
    seen: { b: ["NodeAdd"] },
  },
  {
    title: "Q6 done of a younger pod removes nothing but its own element",
    steps: (stage) => {
      stage.takeOff("a");
      stage.event(claimAdd);
      stage.takeOff("b");
      stage.event(nodeAdd);
      stage.done("b");
    },
    list: ["pod a", "ClaimAdd", "NodeAdd"],
  },
  {
    title: "Q6 done of the oldest pod drops the events before the next pod",
    steps: (stage) => {
      stage.takeOff("a");
      stage.event(claimAdd);
      stage.takeOff("b");
      stage.event(nodeAdd);
      stage.done("a");
    },
    list: ["pod b", "NodeAdd"],
  },
  {
    title: "Q7 the list is empty once all pods are done, and done twice is allowed",
    steps: (stage) => {
      stage.takeOff("a", "b");
      stage.event(nodeAdd);
      for (const name of ["b", "a", "a"]) stage.done(name);
    },
    list: [],
  },
];

describe("the in-flight list", () => {
  for (const { title, steps, list, seen = {} } of scenarios) {
    it(title, () => {
      const stage = new Stage();
      steps(stage);
      expect(stage.list).toEqual(list);
      for (const [name, events] of Object.entries(seen)) expect(stage.seenBy(name)).toEqual(events);
      expect(stage.queue.view.invariants()).toEqual([]);
    });
  }

  it("Q2 drops a duplicate of a pod in flight, though its attempt counts", () => {
    const stage = new Stage();
    stage.takeOff("a");
    stage.queue.add(aPod("a"));
    const duplicate = stage.queue.getPod("a", "default");
    expect(stage.queue.canPop).toBe(false);
    expect(stage.queue.pop()).toBeUndefined();
    expect(duplicate?.attempts).toBe(1);
    expect(stage.list).toEqual(["pod a"]);
  });

  it("Q8 numbers its elements and remembers when they came", () => {
    const stage = new Stage();
    stage.takeOff("a");
    stage.advance(500);
    stage.event(nodeAdd);
    const [first, second] = stage.queue.view.inFlight.elements();
    expect(second?.seq).toBe((first?.seq ?? 0) + 1);
    expect((second?.at ?? 0) - (first?.at ?? 0)).toBe(500);
  });

  it("keeps the last three elements that left, and counts all", () => {
    const stage = new Stage();
    stage.takeOff("a");
    for (let times = 0; times < 5; times++) stage.event(nodeAdd);
    stage.done("a");
    const { inFlight } = stage.queue.view;
    expect(inFlight.prunedTotal).toBe(6);
    expect(inFlight.lastPruned().map(({ seq }) => seq)).toEqual([4, 5, 6]);
    expect([inFlight.size, inFlight.eventCount, inFlight.podCount]).toEqual([0, 0, 0]);
  });

  it("can be walked from the tail", () => {
    const stage = new Stage();
    stage.takeOff("a");
    stage.event(nodeAdd);
    expect(Array.from(stage.queue.view.inFlight.elementsNewestFirst(), ({ seq }) => seq)).toEqual([2, 1]);
  });
});

describe("the historical in-flight list", () => {
  const staged = (): Stage => {
    const stage = new Stage({ inFlightScheme: "historical" });
    stage.takeOff("a");
    stage.event(claimAdd);
    stage.takeOff("b");
    return stage;
  };
  const neededBy = (stage: Stage): (number | undefined)[] =>
    Array.from(stage.queue.view.inFlight.elements(), (element) =>
      element.kind === "event" ? element.neededBy : undefined,
    );

  it("Q100 holds events only, each with the number of pods that need it", () => {
    const stage = staged();
    stage.event(nodeAdd);
    expect(stage.list).toEqual(["ClaimAdd", "NodeAdd"]);
    expect(neededBy(stage)).toEqual([1, 2]);
  });

  it("Q101 gives a pod the newest event as its marker, or the start", () => {
    const { inFlight } = staged().queue.view;
    expect(inFlight.markerOf(uid("a"))).toEqual({ kind: "start" });
    expect(inFlight.markerOf(uid("b"))).toMatchObject({ kind: "foreign", element: { seq: 2 }, isRemoved: false });
  });

  it("Q102 counts down, and leaves nothing behind", () => {
    const stage = staged();
    stage.event(nodeAdd);
    stage.done("a");
    expect(neededBy(stage)).toEqual([1]);
    stage.done("b");
    expect(stage.list).toEqual([]);
    expect(stage.queue.view.inFlight.prunedTotal).toBe(2);
  });

  it("Q103 shows a pod nothing once its marker was removed, and the invariants say so", () => {
    const stage = staged();
    stage.event(nodeAdd);
    expect(stage.seenBy("b")).toEqual(["NodeAdd"]);
    stage.done("a");
    expect(stage.seenBy("b")).toEqual([]);
    expect(stage.list).toEqual(["NodeAdd"]);
    expect(stage.queue.view.invariants().map(({ rule }) => rule)).toEqual(["events-lost"]);
    stage.fail("b", ["Fit"]);
    expect(stage.placeOf("b")).toBe("unschedulable");
  });

  it("loses nothing while an older pod still needs the marker", () => {
    const stage = new Stage({ inFlightScheme: "historical" });
    stage.takeOff("a", "z");
    stage.event(claimAdd);
    stage.takeOff("b");
    stage.done("a");
    stage.event(nodeAdd);
    stage.fail("b", ["Fit"]);
    expect(stage.placeOf("b")).toBe("backoff");
  });
});
