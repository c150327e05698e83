import { describe, expect, it } from "vitest";
import type { Compared, Measured } from "#lib/protocol/index.ts";
import { differencesIn, type Interval } from "./explained-differences.ts";

const at: Measured = {
  at: 0,
  source: "https://127.0.0.1:10259/metrics",
  everyMs: 5_000,
  pending: { unschedulable: { measured: 100, ours: 100 } },
  inFlight: { measured: 0, ours: 0 },
  inFlightEvents: {},
  inFlightEventsTrend: [],
  bindings: 0,
  incoming: {},
  hints: {},
  attempts: {},
  since: 0,
};

type Rows = Readonly<Record<string, readonly [measured: number, ours: number]>>;

function differences(
  { incoming = {}, attempts = {}, hints = {} }: { incoming?: Rows; attempts?: Rows; hints?: Rows },
  changes: Interval["changes"] = [],
) {
  const compared = (rows: Rows): Record<string, Compared> =>
    Object.fromEntries(Object.entries(rows).map(([row, [measured, ours]]) => [row, { measured, ours }]));
  const named = Object.fromEntries(
    Object.entries(compared(incoming)).map(([row, of]) => {
      const [queue = "", event = ""] = row.split("/");
      return [row, { queue, event, ...of }];
    }),
  );
  const to = { ...at, incoming: named, attempts: compared(attempts), hints: compared(hints) };
  return differencesIn({ from: at, to, changes });
}

const change = { event: "NodeAdd", isOverlapped: false, isNearSecond: false };

describe("a difference", () => {
  it("is none where both count the same", () => {
    expect(differences({ incoming: { "backoff/NodeAdd": [7, 7] } }, [change])).toEqual([]);
  });

  it("has no reason where nothing changed that has to do with it", () => {
    const other = { ...change, event: "NodeUpdateNodeTaint" };
    const [difference] = differences({ incoming: { "backoff/NodeAdd": [7, 6] } }, [other]);
    expect(difference).toMatchObject({ row: "incoming backoff/NodeAdd", because: [], atMost: 0, isExplained: false });
  });

  it("is one pod for each change at most where one came after the other had been dealt with", () => {
    const explained = (ours: number) => differences({ incoming: { "backoff/NodeAdd": [100, ours] } }, [change]);
    expect(explained(99)).toMatchObject([{ because: ["order"], atMost: 1, isExplained: true }]);
    expect(explained(98)).toMatchObject([{ isExplained: false }]);
  });

  it("of pods that came has no reason, whatever else happened", () => {
    const changes = [{ ...change, isOverlapped: true }];
    const rows = differences({ incoming: { "active/UnschedulablePodAdd": [7, 6] } }, changes);
    expect(rows).toMatchObject([{ because: [], isExplained: false }]);
  });

  it("is explained by the order where changes overlapped, as far as there were pods to be moved", () => {
    const changes = [change, { ...change, isOverlapped: true }];
    const explained = (ours: number) => differences({ incoming: { "backoff/NodeAdd": [100, ours] } }, changes);
    expect(explained(0)).toMatchObject([{ because: ["order"], atMost: 102, isExplained: true }]);
    expect(explained(203)).toMatchObject([{ because: ["order"], atMost: 102, isExplained: false }]);
  });

  it("at the turn of a second is explained by those who are in the other queue", () => {
    const changes = [{ ...change, isNearSecond: true }];
    const rows = (active: number): Rows => ({ "backoff/NodeAdd": [50, 40], "active/NodeAdd": [0, active] });
    expect(differences({ incoming: rows(10) }, changes)).toMatchObject([
      { because: ["order", "second"], atMost: 11, isExplained: true },
      { because: ["order", "second"], atMost: 11, isExplained: true },
    ]);
    expect(differences({ incoming: rows(8) }, changes)).toMatchObject([{ isExplained: false }, { isExplained: true }]);
    expect(differences({ incoming: rows(10) }, [change])).toMatchObject([
      { isExplained: false },
      { isExplained: false },
    ]);
  });

  it("of attempts is explained by pods that were bound, and by nothing else", () => {
    const attempts = (ours: number): Rows => ({ scheduled: [2, 2], unschedulable: [50, ours] });
    expect(differences({ attempts: attempts(52) })).toMatchObject([{ because: ["assumed"], isExplained: true }]);
    expect(differences({ attempts: attempts(53) })).toMatchObject([{ isExplained: false }]);
    expect(differences({ attempts: { scheduled: [2, 1] } })).toMatchObject([{ isExplained: false }]);
  });

  it("between the ways out of backoffQ is none", () => {
    const incoming: Rows = {
      "active/PopFromBackoffQ": [10, 7],
      "active/BackoffComplete": [2, 3],
      "active/ForceActivate": [0, 2],
    };
    expect(differences({ incoming })).toEqual([]);
  });

  it("of hints is explained by answers that kube-scheduler lost by its own count of moved pods", () => {
    const rows = (ours: number) => ({
      incoming: { "backoff/NodeAdd": [10, 10] } satisfies Rows,
      hints: { "Fit/NodeAdd/Queue": [4, ours - 5], "Taints/NodeAdd/Queue": [0, 5] } satisfies Rows,
    });
    expect(differences(rows(10), [change])).toMatchObject([
      { row: "hints NodeAdd/Queue", measured: 4, ours: 10, because: ["order", "lost"], isExplained: true },
    ]);
    expect(differences(rows(12), [change])).toMatchObject([{ isExplained: false }]);
  });

  it("of Skips is explained where kube-scheduler has fewer, or asked in another order", () => {
    const rows = (measured: number) => ({
      incoming: { "backoff/NodeAdd": [10, 10] } satisfies Rows,
      hints: { "Fit/NodeAdd/QueueSkip": [measured, 5] } satisfies Rows,
    });
    expect(differences(rows(1), [change])).toMatchObject([{ isExplained: true }]);
    expect(differences(rows(16), [change])).toMatchObject([{ because: ["order", "anyOrder"], isExplained: true }]);
    expect(differences(rows(17), [change])).toMatchObject([{ isExplained: false }]);
  });
});
