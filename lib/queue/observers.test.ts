import { describe, expect, it } from "vitest";
import type { Transition } from "./transitions.ts";
import { aNode, aPod, claimAdd, nodeAdd, Stage } from "./testing/stage.ts";

/** The story in words: what happened to whom and why. */
function tell(transition: Transition): string {
  switch (transition.kind) {
    case "moved":
    case "popped":
    case "handedBack":
      return `${transition.pod.uid} ${transition.kind} ${transition.from} > ${transition.to} ${because(transition.cause)}`;
    case "finished":
      return `${transition.pod.uid} finished`;
    case "updated":
      return `${transition.pod.uid} updated in ${transition.place}`;
    case "appended":
      return `appended ${transition.element.seq} ${transition.element.incoming.label}`;
    case "pruned":
      return `pruned ${transition.elements.map(({ seq }) => seq).join(" ")}`;
    default:
      return "unknown";
  }
}

function because({ event, plugin, object, decidedBy }: Extract<Transition, { kind: "moved" }>["cause"]): string {
  const why = [plugin && `by ${plugin}`, object && `about ${object}`, decidedBy && `at ${decidedBy}`].filter(Boolean);
  return [event, ...why].join(" ");
}

const storyOf = (stage: Stage): string[] => stage.told.map(tell);

describe("Q90 every change is told with its cause", () => {
  it("from the first entry to the return that an event decided", () => {
    const stage = new Stage();
    stage.takeOff("a");
    stage.event(nodeAdd, aNode("small"));
    stage.event(nodeAdd, aNode("big"));
    stage.fail("a", ["Fit"]);
    stage.advance(2_000);
    stage.queue.flushBackoffQCompleted();
    expect(storyOf(stage)).toEqual([
      "a moved outside > active UnschedulablePodAdd",
      "a popped active > inFlight Pop",
      "appended 2 NodeAdd",
      "appended 3 NodeAdd",
      "a handedBack inFlight > backoff ScheduleAttemptFailure by Fit about big at 3",
      "pruned 1 2 3",
      "a moved backoff > active BackoffComplete",
    ]);
  });

  it("when an event wakes a parked pod, and names the plugin whose hint did", () => {
    const stage = new Stage();
    stage.park("a", "Claims");
    stage.takeOff("b");
    stage.told.length = 0;
    stage.event(claimAdd, { kind: "ResourceClaim", metadata: { namespace: "default", name: "c" } });
    stage.done("b");
    stage.queue.delete(aPod("a"));
    expect(storyOf(stage)).toEqual([
      "a moved unschedulable > backoff resource.k8s.io/ResourceClaimAdd by Claims about default/c",
      "appended 3 resource.k8s.io/ResourceClaimAdd",
      "b finished",
      "pruned 2 3",
      "a moved backoff > outside Delete",
    ]);
  });

  it("when a gate holds a pod back, an update arrives, a record is replaced and a pod is popped early", () => {
    const stage = new Stage({
      preEnqueuePlugins: new Map([
        [
          "default-scheduler",
          [
            {
              name: "Gate",
              preEnqueue: (pod) =>
                pod.metadata.labels?.["hold"] === undefined ? undefined : { code: "unresolvable", reasons: [] },
            },
          ],
        ],
      ]),
    });
    stage.queue.add(aPod("a", 0, { hold: "yes" }));
    stage.queue.add(aPod("b"));
    stage.queue.update(aPod("b"), aPod("b", 1));
    stage.queue.add(aPod("b", 2));
    stage.pop();
    stage.event(nodeAdd);
    stage.fail("b", ["Fit"]);
    stage.pop();
    expect(storyOf(stage)).toEqual([
      "a moved outside > gated UnschedulablePodAdd by Gate",
      "b moved outside > active UnschedulablePodAdd",
      "b updated in active",
      "b moved active > outside Replaced",
      "b moved outside > active UnschedulablePodAdd",
      "b popped active > inFlight Pop",
      "appended 2 NodeAdd",
      "b handedBack inFlight > backoff ScheduleAttemptFailure by Fit about big at 2",
      "pruned 1 2",
      "b popped backoff > inFlight PopFromBackoffQ",
    ]);
  });

  it("in order, with a growing number and the instant", () => {
    const stage = new Stage();
    stage.takeOff("a", "b");
    stage.advance(5);
    stage.event(nodeAdd);
    expect(stage.told.map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5]);
    expect(stage.told.at(-1)?.at).toBe(stage.clock.now());
  });
});

describe("Q90 an observer", () => {
  it("is told once the operation is over", () => {
    const stage = new Stage();
    const sizes: number[] = [];
    stage.takeOff("a");
    stage.event(nodeAdd);
    stage.queue.observe(() => void sizes.push(stage.queue.view.inFlight.size));
    stage.fail("a", ["Fit"]);
    expect(sizes).toEqual([0, 0]);
  });

  it("may call the queue: what that brings about is told afterwards, to everybody", () => {
    const stage = new Stage();
    const stop = stage.queue.observe(() => {
      stop();
      stage.queue.add(aPod("b"));
    });
    stage.queue.add(aPod("a"));
    expect(stage.told.map((transition) => tell(transition).slice(0, 1))).toEqual(["a", "b"]);
  });

  it("that throws harms neither the queue nor the others", () => {
    const stage = new Stage();
    stage.queue.observe(() => {
      throw new Error("broken observer");
    });
    const heard: string[] = [];
    stage.queue.observe(({ kind }) => void heard.push(kind));
    stage.queue.add(aPod("a"));
    expect(heard).toEqual(["moved"]);
    expect(stage.queue.view.observerFailures()).toMatchObject({ count: 1, last: new Error("broken observer") });
  });

  it("registered twice hears twice; one registration ends alone, and ending it twice is harmless", () => {
    const stage = new Stage();
    let heard = 0;
    const observer = (): void => void heard++;
    const stop = stage.queue.observe(observer);
    stage.queue.observe(observer);
    stage.queue.add(aPod("a"));
    stop();
    stop();
    stage.queue.add(aPod("b"));
    expect(heard).toBe(3);
  });
});
