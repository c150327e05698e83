import { describe, expect, it } from "vitest";
import { shortest } from "#lib/queue/testing/shortest.ts";
import {
  firstDivergence,
  type Operation as PropertyOperation,
  type SideBySideOptions,
} from "#lib/queue/testing/side-by-side.ts";
import { openingStory } from "./stories/index.ts";

const current: SideBySideOptions = { inFlightScheme: "current", isEarlyPop: true, maxBackoffMs: 10_000 };
const historical: SideBySideOptions = { ...current, inFlightScheme: "historical" };

/** The story in the words of the property tests, which number pods. */
function asProperty(): readonly PropertyOperation[] {
  const { given, operations } = openingStory.scenario;
  const numberOf = (uid = ""): number => given.findIndex((pod) => pod.uid === uid);
  const flying: string[] = [];
  const flightOf = (uid = ""): number => flying.splice(flying.indexOf(uid), 1).length - 1;
  return [
    ...given.map(({ uid, priority = 0 }) => ({ do: "add", pod: numberOf(uid), labels: {}, priority }) as const),
    ...operations.map((operation): PropertyOperation => {
      const { op, uid, plugins = [], event, new: object } = operation;
      switch (op) {
        case "pop":
          flying.push(given[flying.length]?.uid ?? "");
          return { do: "pop" };
        case "done":
          return { do: "done", flight: flightOf(uid) };
        case "fail":
          return { do: "fail", flight: flightOf(uid), plugins, pending: [] };
        case "moveAll":
          return { do: "event", event: event?.label.replace(/^.*Resource/u, "") ?? "", labels: object?.labels ?? {} };
        default:
          throw new Error(`${op} is not in the story`);
      }
    }),
  ];
}

describe("Q103 the opening story is the shortest script on which the historical in-flight list loses an event", () => {
  const operations = asProperty();

  it("parks the pod, although an event during its flight would have helped it", () => {
    expect(firstDivergence(operations, historical)).toMatch(
      /after operation 7 .*: state.backoff\[0\]: expected .*1\.2/,
    );
  });

  it("loses nothing once any of its operations is left out", () => {
    expect(shortest(operations, (shorter) => firstDivergence(shorter, historical) !== undefined)).toEqual(operations);
  });

  it("does no harm to the current list", () => {
    expect(firstDivergence(operations, current)).toBeUndefined();
  });
});
