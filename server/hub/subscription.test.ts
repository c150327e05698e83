import { describe, expect, it } from "vitest";
import { Subscription, credit, type Held } from "./subscription.ts";

const problem = { code: "detached", title: "Detached", message: "It was detached.", hint: "Attach it again." };

/** A subscription, and a client that keeps what it was sent and acknowledges only when told to. */
function aSubscription() {
  const heard: string[] = [];
  const subscription = new Subscription({
    snapshot: (seq, value) => heard.push(`snapshot ${seq} ${JSON.stringify(value)}`),
    delta: (seq) => heard.push(`delta ${seq}`),
    closed: ({ code }) => heard.push(`closed ${code}`),
  });
  let held: Held | undefined;
  return {
    subscription,
    heard,
    snapshot: (seq: number) => subscription.hearSnapshot((held = { seq, value: { n: seq } })),
    deltas: (from: number, to: number) => {
      for (let seq = from; seq <= to; seq++) {
        held = { seq, value: { n: seq } };
        subscription.hearDelta(seq, { n: seq });
      }
    },
    acknowledge: (seq: number) => subscription.acknowledge(seq, () => held),
  };
}

describe("subscription", () => {
  it("begins with a snapshot: deltas before it are not its business", () => {
    const { heard, snapshot, deltas } = aSubscription();
    deltas(1, 3);
    expect(heard).toEqual([]);
    snapshot(4);
    deltas(5, 6);
    expect(heard).toEqual(['snapshot 4 {"n":4}', "delta 5", "delta 6"]);
  });

  it("is owed a bounded number of messages, however many come", () => {
    const { heard, snapshot, deltas } = aSubscription();
    snapshot(1);
    deltas(2, 10_000);
    expect(heard).toHaveLength(credit);
    expect(heard.at(-1)).toBe(`delta ${credit}`);
  });

  it("goes on with the current value when the client has caught up, and not before", () => {
    const { heard, snapshot, deltas, acknowledge } = aSubscription();
    snapshot(1);
    deltas(2, 100);
    heard.length = 0;
    expect(acknowledge(credit - 1)).toBe(true);
    deltas(101, 101);
    expect(heard).toEqual([]);
    acknowledge(credit);
    expect(heard).toEqual(['snapshot 101 {"n":101}']);
    deltas(102, 103);
    expect(heard.slice(1)).toEqual(["delta 102", "delta 103"]);
  });

  it("never makes a client wait that acknowledges", () => {
    const { heard, snapshot, deltas, acknowledge } = aSubscription();
    snapshot(1);
    for (let seq = 2; seq <= 1000; seq++) {
      deltas(seq, seq);
      if (seq % (credit - 1) === 0) acknowledge(seq);
    }
    expect(heard).toHaveLength(1000);
  });

  it("lets a snapshot take the place of what it has, if it is not behind", () => {
    const { heard, snapshot, deltas, acknowledge } = aSubscription();
    snapshot(1);
    snapshot(2);
    deltas(3, 100);
    snapshot(101);
    expect(heard).toHaveLength(credit);
    acknowledge(credit);
    expect(heard.at(-1)).toBe('snapshot 101 {"n":101}');
  });

  it("takes no acknowledgement for what was never sent", () => {
    const { snapshot, deltas, acknowledge, heard } = aSubscription();
    expect(acknowledge(0)).toBe(false);
    snapshot(1);
    expect(acknowledge(2)).toBe(false);
    deltas(2, 100);
    expect(acknowledge(100)).toBe(false);
    expect(heard).toHaveLength(credit);
  });

  it("forgives an acknowledgement that comes late or twice", () => {
    const { heard, snapshot, deltas, acknowledge } = aSubscription();
    snapshot(1);
    deltas(2, 3);
    acknowledge(3);
    acknowledge(2);
    acknowledge(3);
    deltas(4, 100);
    expect(heard.at(-1)).toBe(`delta ${3 + credit}`);
  });

  it("says nothing after it ended, and ends once", () => {
    const { heard, subscription, snapshot, deltas } = aSubscription();
    snapshot(1);
    subscription.hearClosed(problem);
    subscription.hearClosed(problem);
    deltas(2, 3);
    snapshot(4);
    expect(heard.slice(1)).toEqual(["closed detached"]);
    expect(subscription.hasEnded).toBe(true);
  });

  it("that its client left is not told that it was closed", () => {
    const { heard, subscription } = aSubscription();
    subscription.end();
    subscription.hearClosed(problem);
    expect(heard).toEqual([]);
  });
});
