import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { FakeClock } from "#lib/clock/testing/fake-clock.ts";
import { applyPatch, topics, type JsonObject } from "#lib/protocol/index.ts";
import { RefusedError } from "./clusters.ts";
import { Rooms, lingerMs, type Membership } from "./rooms.ts";
import { Subscription } from "./subscription.ts";
import { FakeCluster, type FakeView } from "./testing/fake-clusters.ts";

const problem = { code: "detached", title: "Detached", message: "It was detached.", hint: "Attach it again." };

/** What a page keeps: the value that snapshots and deltas make, by the rules of the wire. */
class Page {
  value: JsonObject | undefined;
  seq = 0;
  closedBy: string | undefined;
  readonly heard: string[] = [];
  readonly subscription = new Subscription({
    snapshot: (seq, value) => {
      this.heard.push(`snapshot ${seq}`);
      this.seq = seq;
      this.value = value;
    },
    delta: (seq, patch) => {
      this.heard.push(`delta ${seq}`);
      if (this.value === undefined || seq !== this.seq + 1) throw new Error(`delta ${seq} after ${this.seq}`);
      this.seq = seq;
      this.value = applyPatch(this.value, patch);
    },
    closed: ({ code }) => (this.closedBy = code),
  });
}

function aServer() {
  const clock = new FakeClock();
  const rooms = new Rooms(clock);
  const cluster = new FakeCluster("demo");
  function join(page = new Page(), view: unknown = {}): Page & { readonly membership: Membership } {
    const membership = rooms.join(
      { cluster, topic: "events", view: topics.events.view.parse(view) },
      page.subscription,
    );
    return Object.assign(page, { membership });
  }
  const view = (): FakeView => {
    const last = cluster.openViews.at(-1);
    if (last === undefined) throw new Error("no view is open");
    return last;
  };
  return { clock, rooms, cluster, join, view };
}

describe("rooms", () => {
  it("open a view once for all who look at it", () => {
    const { cluster, join, view } = aServer();
    const [first, second] = [join(), join()];
    view().snapshot({ n: 1 });
    view().delta({ n: 2 });
    expect(cluster.views).toHaveLength(1);
    expect([first.value, second.value]).toEqual([{ n: 2 }, { n: 2 }]);
  });

  it("know equal views whatever the order in which a client wrote them", () => {
    const { rooms, cluster } = aServer();
    const window = { offset: 0, limit: 10 };
    for (const view of [
      { active: window, backoff: window, unschedulable: window },
      { unschedulable: { limit: 10, offset: 0 }, backoff: window, active: window },
    ]) {
      rooms.join({ cluster, topic: "lanes", view: topics.lanes.view.parse(view) }, new Page().subscription);
    }
    expect(cluster.views).toHaveLength(1);
    const other = { active: { offset: 1, limit: 10 }, backoff: window, unschedulable: window };
    rooms.join({ cluster, topic: "lanes", view: other }, new Page().subscription);
    expect(cluster.views).toHaveLength(2);
  });

  it("give who joins during the deltas the value so far, and every delta after it", () => {
    const { join, view } = aServer();
    join();
    view().snapshot({ n: 1, kept: true });
    view().delta({ n: 2 });
    const late = join();
    expect(late.value).toEqual({ n: 2, kept: true });
    view().delta({ n: 3 });
    expect(late.heard).toEqual(["snapshot 2", "delta 3"]);
    expect(late.value).toEqual({ n: 3, kept: true });
  });

  it("give the value at once when the view speaks while it is opened", () => {
    const { cluster, join } = aServer();
    cluster.greet = (view) => view.snapshot({ n: 1 });
    expect(join().heard).toEqual(["snapshot 1"]);
  });

  it("answer a gap with a new view, whose snapshot repairs all", () => {
    const { cluster, join, view } = aServer();
    const page = join();
    view().snapshot({ n: 1 });
    view().lose();
    view().delta({ n: 3 });
    expect(cluster.views.map(({ isOpen }) => isOpen)).toEqual([false, true]);
    expect(page.value).toEqual({ n: 1 });
    view().snapshot({ n: 4 });
    view().delta({ n: 5 });
    expect(page.heard).toEqual(["snapshot 1", "snapshot 2", "delta 3"]);
    expect(page.value).toEqual({ n: 5 });
  });

  it("count on when a view begins anew, so that acknowledgements keep their meaning", () => {
    const { join, view } = aServer();
    const page = join();
    view().snapshot({ n: 1 }, 41);
    view().delta({ n: 2 });
    view().snapshot({ n: 3 }, 1);
    view().delta({ n: 4 });
    expect(page.heard).toEqual(["snapshot 1", "delta 2", "snapshot 3", "delta 4"]);
  });

  it("do not listen to a delta twice", () => {
    const { join, view } = aServer();
    const page = join();
    view().snapshot({ n: 1 }, 5);
    view().repeat({ n: 0 });
    view().delta({ n: 2 });
    view().repeat({ n: 0 });
    expect(page.heard).toEqual(["snapshot 1", "delta 2"]);
    expect(page.value).toEqual({ n: 2 });
  });

  it("coalesce for the one who is behind, and for nobody else", () => {
    const { join, view } = aServer();
    const [sleeping, awake] = [join(), join()];
    view().snapshot({ n: 0 });
    for (let n = 1; n <= 500; n++) {
      view().delta({ n });
      awake.membership.acknowledge(awake.seq);
    }
    expect(awake.heard).toHaveLength(501);
    expect(sleeping.heard).toHaveLength(8);
    sleeping.membership.acknowledge(sleeping.seq);
    expect(sleeping.heard.at(-1)).toBe("snapshot 501");
    expect(sleeping.value).toEqual({ n: 500 });
  });

  it("keep a view open a while for who comes back, then close it", async () => {
    const { clock, rooms, cluster, join, view } = aServer();
    const page = join();
    view().snapshot({ n: 1 });
    page.membership.leave();
    page.membership.leave();
    await clock.advance(lingerMs - 1);
    const back = join();
    expect(back.value).toEqual({ n: 1 });
    await clock.advance(lingerMs);
    expect(cluster.openViews).toHaveLength(1);
    back.membership.leave();
    view().delta({ n: 2 });
    expect(back.value).toEqual({ n: 1 });
    await clock.advance(lingerMs);
    expect(cluster.openViews).toHaveLength(0);
    expect(rooms.size).toBe(0);
    expect(clock.nextTimerAt).toBeUndefined();
  });

  it("that their cluster closes tell everybody, and open anew for the next", () => {
    const { cluster, rooms, join, view } = aServer();
    const [first, second] = [join(), join()];
    view().closed(problem);
    expect([first.closedBy, second.closedBy]).toEqual(["detached", "detached"]);
    expect(rooms.size).toBe(0);
    first.membership.leave();
    join();
    expect(cluster.views).toHaveLength(2);
  });

  it("tell who asks for a view that is closed while it is opened", () => {
    const { cluster, rooms, join } = aServer();
    cluster.greet = (view) => view.closed(problem);
    const page = join();
    expect(page.closedBy).toBe("detached");
    expect(page.subscription.hasEnded).toBe(true);
    expect(rooms.size).toBe(0);
    expect(cluster.openViews).toHaveLength(0);
  });

  it("of a cluster that was attached again are new ones", () => {
    const { rooms, cluster, join } = aServer();
    join().membership.leave();
    const again = new FakeCluster("demo");
    rooms.join({ cluster: again, topic: "events", view: {} }, new Page().subscription);
    expect(again.openViews).toHaveLength(1);
    expect(cluster.openViews).toHaveLength(0);
  });

  it("close every view at the end", () => {
    const { rooms, cluster, join } = aServer();
    join().membership.leave();
    join();
    rooms.close();
    expect(cluster.openViews).toHaveLength(0);
  });

  it("bring every page to the same value, whoever joins, sleeps, wakes and loses what", () => {
    const step = fc.oneof(
      fc.record({ do: fc.constant("delta" as const), key: fc.constantFrom("a", "b", "c"), n: fc.option(fc.nat(9)) }),
      fc.record({ do: fc.constant("join" as const) }),
      fc.record({ do: fc.constant("lose" as const) }),
      fc.record({ do: fc.constant("snapshot" as const) }),
      fc.record({ do: fc.constant("acknowledge" as const), page: fc.nat(5), behind: fc.nat(3) }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 120 }), (steps) => {
        const { cluster, join, view } = aServer();
        let truth: JsonObject = { a: 1 };
        cluster.greet = (opened) => opened.snapshot(truth);
        const pages = [join()];
        for (const step of steps) {
          switch (step.do) {
            case "join":
              pages.push(join());
              break;
            case "lose":
              view().lose();
              break;
            case "snapshot":
              view().snapshot(truth, 7);
              break;
            case "delta":
              truth = applyPatch(truth, { [step.key]: step.n });
              view().delta({ [step.key]: step.n });
              break;
            case "acknowledge": {
              const page = pages[step.page % pages.length];
              page?.membership.acknowledge(page.seq - step.behind);
              break;
            }
            default:
              step satisfies never;
          }
        }
        view().snapshot(truth, 1000); // whatever was lost at the very end
        for (const page of pages) page.membership.acknowledge(page.seq);
        for (const page of pages) expect(page.value).toEqual(truth);
      }),
    );
  });
});

describe("reading a value once", () => {
  const place = (cluster: FakeCluster) => ({ cluster, topic: "events", view: {} }) as const;

  it("answers with the first snapshot and leaves the view to linger", async () => {
    const { clock, rooms, cluster, view } = aServer();
    const answer = rooms.read(place(cluster));
    view().snapshot({ n: 1 });
    expect(await answer).toEqual({ n: 1 });
    expect(await rooms.read(place(cluster))).toEqual({ n: 1 });
    await clock.advance(lingerMs);
    expect(rooms.size).toBe(0);
  });

  it("refuses with the problem of a view that is closed", async () => {
    const { rooms, cluster } = aServer();
    cluster.greet = (view) => view.closed(problem);
    await expect(rooms.read(place(cluster))).rejects.toMatchObject({ status: 503, code: "detached" });
    cluster.greet = (view) => view.closed({ ...problem, code: "no-such-informer" });
    await expect(rooms.read(place(cluster))).rejects.toMatchObject({ status: 404, code: "no-such-informer" });
  });

  it("does not wait for ever", async () => {
    const { clock, rooms, cluster } = aServer();
    const answer = expect(rooms.read(place(cluster))).rejects.toBeInstanceOf(RefusedError);
    await clock.advance(5000);
    await answer;
    await clock.advance(lingerMs);
    expect(cluster.openViews).toHaveLength(0);
  });
});
