import { describe, expect, test } from "vitest";
import { aPod } from "#lib/kube/testing/builders.ts";
import { missedEventConditions, type SuspectedEvent } from "./missed-event.ts";
import type { SentencePart } from "./sentence.ts";
import type { Situation } from "./situation.ts";
import { judge } from "./verdict.ts";

const now = Date.UTC(2026, 0, 1, 12);
const minute = 60_000;

const scheduler: Situation["scheduler"] = {
  name: "default-scheduler",
  isModelled: true,
  isOurs: false,
  leaseRenewedAt: now - 1_000,
  lastActivityAt: now - 1_000,
  watchedSince: now - 60 * minute,
  hasFittingPod: false,
};

const created = new Date(now - 10 * minute).toISOString();
const pod = aPod("web");
const aged = { ...pod, metadata: { ...pod.metadata, creationTimestamp: created } };

const record: NonNullable<Situation["record"]> = {
  attempts: 2,
  isAttemptsAtLeast: false,
  since: now - minute,
  backoffUntil: undefined,
  gatingPlugin: "",
  gatingMessage: undefined,
};
const cause = { code: "no-fit", row: ["No node fits: 3 of 3 are full."], plugins: ["NodeResourcesFit"] } as const;
const parked: Situation = {
  pod: aged,
  now,
  mode: "simulated",
  scheduler,
  place: "unschedulable",
  record,
  hasBeenReported: true,
  cause,
};
const actual: Situation = { ...parked, mode: "actual", scheduler: { ...scheduler, isOurs: true } };
const flight = { phase: "PostFilter", since: now - 31_000, isHeld: false } as const;
const unmodelled = { ...scheduler, name: "other", isModelled: false, leaseRenewedAt: undefined };

const suspected: SuspectedEvent = {
  failedAt: now - 5 * minute,
  event: { at: now - 2 * minute, label: "AssignedPodDelete", object: "batch/x", plugin: "NodeResourcesFit" },
  rejectedBy: new Set(["NodeResourcesFit"]),
  maxBackoffMs: 10_000,
  fitsSince: now - 2 * minute,
  lastOtherPodAt: now - 1_000,
  finishedSince: 3,
  ahead: 0,
};
const missed: Situation = { ...parked, cause: undefined, fittingNode: "a", suspected };

function textOf(parts: readonly SentencePart[]): string {
  return parts.map((part) => (typeof part === "string" ? part : `{${Object.keys(part)[0] ?? ""}}`)).join("");
}

const cases: readonly (readonly [string, Situation, code: string, row?: string])[] = [
  ["parked without a node", parked, "no-fit", "No node fits: 3 of 3 are full."],
  ["its Lease is 60 s old", { ...parked, scheduler: { ...scheduler, leaseRenewedAt: now - 60_000 } }, "no-fit"],
  [
    "its Lease is older than that",
    { ...parked, scheduler: { ...scheduler, leaseRenewedAt: now - 60_001 } },
    "no-scheduler",
    "No scheduler answers to default-scheduler.",
  ],
  [
    "its Lease is older than that, but we stood still ourselves",
    { ...parked, scheduler: { ...scheduler, leaseRenewedAt: now - 90_000 }, isCatchingUp: true },
    "no-fit",
  ],
  [
    "no Lease, silent for 2 min, and some pod fits",
    {
      ...parked,
      scheduler: { ...scheduler, leaseRenewedAt: undefined, lastActivityAt: now - 120_001, hasFittingPod: true },
    },
    "no-scheduler",
  ],
  [
    "no Lease and silent, but nothing fits: there is nothing to do",
    { ...parked, scheduler: { ...scheduler, leaseRenewedAt: undefined, lastActivityAt: now - 120_001 } },
    "no-fit",
  ],
  [
    "no Lease and silent, but we have just come",
    {
      ...parked,
      scheduler: {
        ...scheduler,
        leaseRenewedAt: undefined,
        lastActivityAt: undefined,
        watchedSince: now - 120_000,
        hasFittingPod: true,
      },
    },
    "no-fit",
  ],
  [
    "what we cannot read says nothing of a scheduler",
    { ...parked, scheduler: { ...scheduler, leaseRenewedAt: 0 }, doubt: "not allowed to list nodes" },
    "unknown",
    "Cannot tell: not allowed to list nodes.",
  ],
  [
    "another scheduler that is alive",
    { ...parked, scheduler: unmodelled, place: "outside", record: undefined },
    "not-watched",
    "Uses schedulerName other, which is not watched.",
  ],
  [
    "another scheduler that was silent for over 10 min",
    { ...parked, scheduler: { ...unmodelled, lastActivityAt: now - 600_001 }, place: "outside", record: undefined },
    "unknown",
  ],
  ["five conditions hold", missed, "missed-event", "Missed event suspected: Queue hint at {time}, not retried."],
  ["four of five", { ...missed, suspected: { ...suspected, finishedSince: 0 } }, "fits-now"],
  [
    "five, but the server is not modelled",
    { ...missed, scheduler: { ...scheduler, isModelled: false } },
    "not-watched",
  ],
  ["five, but an informer is stale", { ...missed, doubt: "nodes are not up to date" }, "unknown"],
  [
    "in flight for 31 s, usually 46 ms",
    { ...actual, place: "inFlight", flight, usualFlightMs: 46, heldEvents: 18_204 },
    "stuck-in-flight",
    "In flight for {since}, usually {ms}. It holds 18,204 events.",
  ],
  ["20 x usual is longer", { ...actual, place: "inFlight", flight, usualFlightMs: 1_600 }, "in-flight"],
  [
    "waiting on Permit is no fault",
    { ...actual, place: "inFlight", flight: { ...flight, phase: "WaitOnPermit" }, usualFlightMs: 46 },
    "in-flight",
  ],
  ["a simulated flight blames nobody", { ...parked, place: "inFlight", flight, usualFlightMs: 46 }, "in-flight"],
  [
    "in no queue for over 10 s",
    { ...actual, place: "outside", absentSince: now - 10_001 },
    "lost",
    "In no queue: Pending for {since}, held by none.",
  ],
  ["in no queue for 10 s", { ...actual, place: "outside", absentSince: now - 10_000 }, "no-fit"],
  [
    "in no queue because it is being bound",
    { ...actual, place: "outside", absentSince: now - minute, isAssumed: true },
    "in-flight",
  ],
  [
    "nothing said for 10 min while others are bound",
    { ...parked, hasBeenReported: false, otherBoundAt: now - 1_000, isOvertaken: true },
    "never-tried",
    "Never tried: no scheduler has said anything for {since}.",
  ],
  ["nothing said, and nobody else bound", { ...parked, hasBeenReported: false, isOvertaken: true }, "no-fit"],
  ["nothing said, but others come first", { ...parked, hasBeenReported: false, otherBoundAt: now - 1_000 }, "no-fit"],
  ["parked for 5m 30s", { ...actual, record: { ...record, since: now - 330_000 } }, "no-fit"],
  [
    "parked for longer",
    { ...actual, record: { ...record, since: now - 330_001 } },
    "flush-overdue",
    "Unschedulable for {since}, past the 5 minute flush.",
  ],
  ["parked for longer in a paused cluster", { ...actual, isPaused: true, record: { ...record, since: 0 } }, "no-fit"],
  ["parked for longer in a shadow leaves no trace", { ...parked, record: { ...record, since: 0 } }, "no-fit"],
  [
    "an error",
    { ...parked, lastError: { plugin: "VolumeBinding", message: "no mode." } },
    "plugin-error",
    "Plugin VolumeBinding failed: no mode.",
  ],
  [
    "a reason that we do not find",
    { ...parked, disagreement: { reason: "Insufficient cpu", theirs: 2, ours: 0 } },
    "disagrees",
    "kube-scheduler disagrees: it reports Insufficient cpu, we find none.",
  ],
  [
    "nominated to a node that is gone",
    { ...parked, nomination: { node: "a", state: "gone", since: now, terminating: 0, goneBy: undefined } },
    "stale-nomination",
    "Nominated to a, which is gone.",
  ],
  [
    "nominated, and full since just now",
    {
      ...parked,
      nomination: { node: "a", state: "noLongerFits", since: now - 10_000, terminating: 0, goneBy: undefined },
    },
    "no-fit",
  ],
  [
    "nominated, and full for longer",
    {
      ...parked,
      nomination: { node: "a", state: "noLongerFits", since: now - 10_001, terminating: 0, goneBy: undefined },
    },
    "stale-nomination",
    "Nominated to a, which no longer fits.",
  ],
  [
    "victims are leaving",
    { ...parked, nomination: { node: "a", state: "terminating", since: now, terminating: 2, goneBy: now + 5_000 } },
    "preempting",
    "Making room on a: 2 pods terminating, {until} left.",
  ],
  [
    "bound",
    { ...parked, pod: aPod("b", { on: "n" }), scheduler: { ...scheduler, leaseRenewedAt: 0 } },
    "not-started",
    "Bound to n {since} ago, not started: not a scheduling problem.",
  ],
  [
    "on Permit",
    { ...actual, permit: { plugin: "Gang", have: 2, wanted: 3 } },
    "permit-wait",
    "Waiting at Permit: Gang has 2 of 3 pods.",
  ],
  [
    "gated",
    { ...parked, place: "gated", pod: aPod("g", { gates: ["quota"] }) },
    "gated",
    "Held by gate quota until it is removed.",
  ],
  [
    "held by another plugin",
    { ...parked, place: "gated", record: { ...record, gatingPlugin: "DynamicResources", gatingMessage: "no claim" } },
    "pre-enqueue",
    "Held by DynamicResources: no claim.",
  ],
  [
    "a node fits, and it is parked",
    { ...parked, cause: undefined, fittingNode: "a" },
    "fits-now",
    "Fits on a now, retry due in {until}.",
  ],
  [
    "backing off after 3 attempts",
    { ...parked, place: "backoff", record: { ...record, attempts: 3, backoffUntil: now + 1_000 } },
    "backoff",
    "Backing off: attempt 3 failed, retries in {until}.",
  ],
  [
    "attempts before ours are not counted",
    { ...parked, place: "backoff", record: { ...record, isAttemptsAtLeast: true, backoffUntil: now } },
    "backoff",
    "Backing off: attempt 2 or later failed, retries in {until}.",
  ],
  [
    "backing off after 4 attempts",
    { ...parked, place: "backoff", record: { ...record, attempts: 4, backoffUntil: now + 1_000 } },
    "no-fit",
  ],
  [
    "a node fits, by all plugins but one that is not known",
    { ...parked, scheduler: { ...scheduler, unknownPlugins: ["Licenses"] }, cause: undefined, fittingNode: "a" },
    "unknown",
    "Cannot tell: plugin Licenses of default-scheduler is not known here, and may reject it.",
  ],
  [
    "no node fits, whatever a plugin says that is not known",
    { ...parked, scheduler: { ...scheduler, unknownPlugins: ["Licenses"] } },
    "no-fit",
  ],
  [
    "a node fits, and kube-scheduler's reason is nobody's",
    { ...parked, unknownReason: "node(s) had no licence", cause: undefined, fittingNode: "a" },
    "unknown",
    'Cannot tell: kube-scheduler says "node(s) had no licence", which no plugin known here says.',
  ],
  [
    "an event should have woken it, if it were not for a plugin that is not known",
    { ...missed, scheduler: { ...scheduler, unknownPlugins: ["Licenses", "Quota"] } },
    "unknown",
    "Cannot tell: plugins Licenses, Quota of default-scheduler are not known here, and may reject it.",
  ],
  [
    "waiting its turn",
    { ...parked, place: "active", ahead: { count: 12, first: aPod("cart", { namespace: "shop" }) } },
    "queued",
    "Waiting its turn: 12 pods with higher priority or older, first shop/cart.",
  ],
];

describe("the first rule that holds is the verdict", () => {
  for (const [title, situation, code, row] of cases) {
    test(title, () => {
      const verdict = judge(situation);
      expect(verdict.code).toBe(code);
      if (row !== undefined) expect(textOf(verdict.row)).toBe(row);
    });
  }

  test("says how it is known", () => {
    expect(judge(parked).provenance).toBe("simulated");
    expect(judge(actual).provenance).toBe("actual");
    expect(judge({ ...parked, place: "gated", pod: aPod("g", { gates: ["quota"] }) }).provenance).toBe("observed");
  });
});

describe("a missed event is suspected only while five conditions hold", () => {
  const holding = (change: Partial<SuspectedEvent>) =>
    missedEventConditions({ ...suspected, ...change }).map(({ holds }) => holds);
  const due = suspected.event.at + 10_000 + 15_000;

  test.each<readonly [string, Partial<SuspectedEvent>, falls: number]>([
    ["the event came with the failure", { failedAt: suspected.event.at }, 0],
    ["the plugin is not one that the scheduler named", { rejectedBy: new Set(["NodeAffinity"]) }, 1],
    ["no node takes it", { fitsSince: undefined }, 2],
    ["it has fitted only since later", { fitsSince: suspected.event.at + 5_001 }, 2],
    ["the scheduler did nothing since the retry was due", { lastOtherPodAt: due - 1 }, 3],
    ["as many are in front as were finished", { ahead: 3 }, 4],
  ])("%s", (_title, change, falls) => {
    expect(holding({})).toEqual([true, true, true, true, true]);
    expect(holding(change).flatMap((holds, index) => (holds ? [] : [index]))).toEqual([falls]);
    expect(judge({ ...missed, suspected: { ...suspected, ...change } }).code).toBe("fits-now");
  });

  test("time counts from the moment at which it fits", () => {
    const fitsSince = suspected.event.at + 4_000;
    expect(holding({ fitsSince, lastOtherPodAt: due + 3_999 })[3]).toBe(false);
    expect(holding({ fitsSince, lastOtherPodAt: due + 4_000 })[3]).toBe(true);
  });
});
