import { describe, expect, it } from "vitest";
import { FakeClock } from "#lib/clock/testing/fake-clock.ts";
import type { InFlight, InFlightElement, PodElement } from "./in-flight.ts";
import { findViolations } from "./invariants.ts";
import { assembleParts } from "./queue-parts.ts";
import { QueuedPodInfo } from "./queued-pod-info.ts";
import { RegisteredEvents } from "./registered-events.ts";
import { aPod, nodeAdd } from "./testing/stage.ts";

/** A list that nothing keeps in order: what the real one must never become. */
function violationsOf(elements: readonly InFlightElement[], flying: readonly PodElement[]): string[] {
  const clock = new FakeClock();
  const parts = assembleParts({ clock, queueingHintMap: new Map() });
  const broken: Partial<InFlight> = {
    scheme: "current",
    eventCount: 0,
    has: () => false,
    pods: () => flying,
    elements: () => elements,
    markerOf: (uid) => {
      const marker = elements.find((element) => element.kind === "pod" && element.uid === uid);
      return marker === undefined ? undefined : { kind: "own", seq: marker.seq };
    },
  };
  return findViolations({ ...parts, inFlight: broken as InFlight }).map(({ rule }) => rule);
}

const podElement = (name: string, seq: number): PodElement => {
  const info = new QueuedPodInfo(aPod(name), 0);
  return { kind: "pod", seq, at: 0, uid: info.uid, pod: info.pod, info, popIndex: seq };
};
const incoming = new RegisteredEvents(new Map(), true).of(nodeAdd);
const eventElement = (seq: number): InFlightElement => {
  return { kind: "event", seq, at: 0, incoming, oldObj: undefined, newObj: undefined };
};

describe("Q93 a broken in-flight list", () => {
  const a = podElement("a", 1);

  it("is none as long as each pod has its element and the first is a pod", () => {
    expect(violationsOf([a, eventElement(2)], [a])).toEqual([]);
  });

  it("begins with an event", () => {
    expect(violationsOf([eventElement(0), a], [a])).toEqual(["list-begins-with-event"]);
  });

  it("holds a marker whose pod is not in flight", () => {
    expect(violationsOf([a, podElement("b", 2)], [a])).toEqual(["marker-without-pod"]);
  });

  it("misses the marker of a pod in flight, or has another one for it", () => {
    expect(violationsOf([a], [a, podElement("b", 2)])).toEqual(["pod-without-marker"]);
    expect(violationsOf([podElement("a", 7)], [a])).toEqual(["pod-without-marker"]);
  });
});
