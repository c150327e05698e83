import { describe, expect, it } from "vitest";
import type { Informer, ReflectorState } from "#lib/protocol/index.ts";
import { reflectorFacts, reflectorStep, reflectorWord, storeIndexes } from "./pipeline.model.ts";

const now = 1_000_000;

function anInformer(state: ReflectorState, reflector: Partial<Informer["reflector"]> = {}): Informer {
  return {
    asOf: now,
    row: {
      key: "v1/pods",
      resource: "pods",
      groupVersion: "v1",
      reflector: state,
      hasSynced: true,
      objects: 12,
      eventsPerSecond: 3,
      handlers: 1,
    },
    startedAt: now - 60_000,
    reflector: { resourceVersion: "482139074", lists: [], relistsTotal: 0, ...reflector },
    rates: { received: 3, stored: 3, delivered: 6 },
    queue: { depth: 0, oldestMs: 0, peak: 9, batches: 4 },
    store: {
      objects: 12,
      resourceVersion: "482139074",
      indexes: { namespace: 3, "spec.nodeName": 4, uid: 12, owner: 2 },
    },
    processor: { pending: 0, buffers: 0, bufferLimit: 100_000 },
    history: { received: [], delivered: [] },
    registrations: {},
  };
}

describe("the reflector", () => {
  it("is in one step of its loop", () => {
    expect(reflectorStep(anInformer({ phase: "listing", page: 1, received: 0 }))).toBe("list");
    expect(reflectorStep(anInformer({ phase: "streaming", received: 0 }, { relistsTotal: 1 }))).toBe("relist");
    expect(reflectorStep(anInformer({ phase: "watching", openedAt: now, limitMs: 300_000 }))).toBe("watch");
    expect(reflectorStep(anInformer({ phase: "backingOff", until: now, reason: "EOF" }))).toBe("back off");
    expect(reflectorStep(anInformer({ phase: "idle" }))).toBeUndefined();
  });

  it("says when it tries again", () => {
    expect(reflectorWord(anInformer({ phase: "backingOff", until: now + 3_210, reason: "EOF" }), now)).toBe(
      "retry in 3.2 s",
    );
  });

  it("tells freshness by events and bookmarks, and always has five facts", () => {
    const informer = anInformer(
      { phase: "watching", openedAt: now - 252_000, limitMs: 300_000 },
      {
        lastEventAt: now - 400,
        lastBookmarkAt: now - 12_000,
        lists: [
          {
            at: now - 10_800_000,
            cause: "expired",
            reason: "410 Gone",
            outcome: "done",
            tookMs: 40,
            isStreamed: true,
            objects: 12,
            pages: 0,
          },
        ],
        relistsTotal: 2,
      },
    );
    expect(reflectorFacts(informer, now).map(({ name, value }) => `${name}: ${value}`)).toEqual([
      "resourceVersion: 482139074",
      "last event: less than 1 s ago",
      "bookmark: 12 s ago",
      "watch open: 4m 12s",
      "relists: 2, last 410 Gone 3h 00m ago",
    ]);
    for (const phase of ["idle", "stopped"] as const)
      expect(reflectorFacts(anInformer({ phase }), now)).toHaveLength(5);
    expect(reflectorFacts(anInformer({ phase: "backingOff", until: now, reason: "EOF" }), now)[3]?.value).toBe("EOF");
  });
});

it("shows three indexes of the store and counts the others", () => {
  const { shown, more } = storeIndexes(anInformer({ phase: "idle" }));
  expect(shown.map(([name]) => name)).toEqual(["namespace", "spec.nodeName", "uid"]);
  expect(more).toBe(1);
});
