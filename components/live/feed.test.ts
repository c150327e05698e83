import { beforeEach, describe, expect, it } from "vitest";
import { Feed } from "./feed.ts";
import type { TopicRef, TopicState } from "./topic.ts";

interface Sent {
  readonly event: string;
  readonly message: Readonly<Record<string, unknown>>;
  readonly reply: ((answer: unknown) => void) | undefined;
}

const informers: TopicRef = { cluster: "demo", topic: "informers", view: {} };
const row = {
  key: "v1/pods",
  resource: "pods",
  groupVersion: "v1",
  reflector: { phase: "idle" },
  hasSynced: true,
  objects: 3,
  eventsPerSecond: 0,
  handlers: 1,
};
const value = { asOf: 1, informers: { "v1/pods": row }, owners: {}, added: { handlers: 0, limit: 200 } };

/** A feed over a wire and a screen, both of which can be looked at. */
class Desk {
  readonly sent: Sent[] = [];
  readonly states: { readonly ref: TopicRef; readonly state: TopicState; readonly updates: number }[] = [];
  readonly dropped: TopicRef[] = [];
  #frames: (() => void)[] = [];
  #timers: (() => void)[] = [];
  readonly feed = new Feed({
    onState: (ref, state, updates) => this.states.push({ ref, state, updates }),
    onDropped: (ref) => this.dropped.push(ref),
    nextFrame: (callback) => this.#frames.push(callback),
    later: (callback) => {
      this.#timers.push(callback);
      return () => void (this.#timers = this.#timers.filter((other) => other !== callback));
    },
  });

  connect(): void {
    this.feed.connect((event, message, reply) => this.sent.push({ event, message: { ...message }, reply }));
  }

  frame(): void {
    for (const callback of this.#frames.splice(0)) callback();
  }

  linger(): void {
    for (const callback of this.#timers.splice(0)) callback();
  }

  get wire(): readonly string[] {
    return this.sent.map(({ event, message }) => `${event} ${String(message.id)}`);
  }

  get last(): TopicState | undefined {
    return this.states.at(-1)?.state;
  }
}

describe("the feed", () => {
  let desk: Desk;
  beforeEach(() => {
    desk = new Desk();
    desk.connect();
  });

  it("opens a topic once, however many look at it, and closes it some time after the last has left", () => {
    const leaveFirst = desk.feed.watch(informers);
    const leaveSecond = desk.feed.watch({ ...informers, view: {} });
    expect(desk.wire).toEqual(["subscribe 1"]);
    leaveFirst();
    leaveFirst();
    leaveSecond();
    expect(desk.wire).toEqual(["subscribe 1"]);
    desk.linger();
    expect(desk.wire).toEqual(["subscribe 1", "unsubscribe 1"]);
    expect(desk.dropped).toEqual([informers]);
  });

  it("keeps a topic that is looked at again before it was closed", () => {
    desk.feed.watch(informers)();
    desk.feed.watch(informers);
    desk.linger();
    expect(desk.wire).toEqual(["subscribe 1"]);
  });

  it("shows and acknowledges once per frame what came in it", () => {
    desk.feed.watch(informers);
    desk.feed.hearSnapshot({ id: 1, seq: 5, value });
    desk.feed.hearDelta({ id: 1, seq: 6, patch: { asOf: 2 } });
    desk.feed.hearDelta({ id: 1, seq: 7, patch: { asOf: 3 } });
    expect(desk.states).toEqual([]);
    desk.frame();
    expect(desk.states).toEqual([
      { ref: informers, state: { phase: "live", value: { ...value, asOf: 3 } }, updates: 3 },
    ]);
    expect(desk.sent.at(-1)).toMatchObject({ event: "ack", message: { id: 1, seq: 7 } });
  });

  it("answers a gap with a new subscription and ignores what the old one still says", () => {
    desk.feed.watch(informers);
    desk.feed.hearSnapshot({ id: 1, seq: 5, value });
    desk.frame();
    desk.feed.hearDelta({ id: 1, seq: 7, patch: { asOf: 9 } });
    expect(desk.wire.slice(-2)).toEqual(["unsubscribe 1", "subscribe 2"]);
    desk.feed.hearSnapshot({ id: 1, seq: 8, value: { ...value, asOf: 8 } });
    desk.frame();
    expect(desk.states).toHaveLength(1);
    desk.feed.hearSnapshot({ id: 2, seq: 9, value: { ...value, asOf: 9 } });
    desk.frame();
    expect(desk.last).toMatchObject({ phase: "live", value: { asOf: 9 } });
  });

  it("subscribes anew to everything when the connection is back", () => {
    desk.feed.watch(informers);
    desk.feed.disconnect();
    desk.sent.length = 0;
    desk.feed.watch({ cluster: "demo", topic: "overview", view: {} });
    expect(desk.wire).toEqual([]);
    desk.connect();
    expect(desk.wire).toEqual(["subscribe 2", "subscribe 3"]);
  });

  it("says why a topic is closed: by the server, by a refusal, by a value it does not know", () => {
    desk.feed.watch(informers);
    const problem = { code: "worker-died", title: "Worker ended", message: "It ran out of memory.", hint: "" };
    desk.feed.hearClosed({ id: 1, problem });
    expect(desk.last).toEqual({ phase: "closed", problem });

    desk.feed.watch({ ...informers, cluster: "gone" });
    desk.sent.at(-1)?.reply?.({ ok: false, code: "cluster-not-found", message: "there is no such cluster" });
    expect(desk.last).toMatchObject({ phase: "closed", problem: { code: "cluster-not-found" } });

    desk.feed.watch({ ...informers, cluster: "newer" });
    desk.feed.hearSnapshot({ id: 3, seq: 1, value: { informers: 5 } });
    expect(desk.last).toMatchObject({ phase: "closed", problem: { code: "unexpected-value" } });
  });

  it("asks again for a closed topic as long as somebody looks at it", () => {
    const leave = desk.feed.watch(informers);
    const problem = { code: "informer-not-found", title: "No informer", message: "", hint: "" };
    desk.feed.hearClosed({ id: 1, problem });
    desk.linger();
    expect(desk.wire).toEqual(["subscribe 1", "subscribe 2"]);
    desk.feed.hearClosed({ id: 2, problem });
    leave();
    desk.linger();
    expect(desk.wire).toEqual(["subscribe 1", "subscribe 2"]);
  });

  it("takes no harm from messages that mean nothing", () => {
    desk.feed.watch(informers);
    for (const message of [undefined, 5, {}, { id: 99, seq: 1, value: {} }, { id: 1, seq: "x", patch: {} }]) {
      desk.feed.hearSnapshot(message);
      desk.feed.hearDelta(message);
      desk.feed.hearClosed(message);
    }
    desk.frame();
    expect(desk.states).toEqual([]);
  });
});
