import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { ApiObject } from "../storage/api-object.ts";
import { Storage } from "../storage/storage.ts";
import { findResource } from "./resources.ts";
import { selectionOf, type Selection } from "./selection.ts";
import { WatchCursor } from "./watch-cursor.ts";

const write = fc.record({
  name: fc.constantFrom("a", "b", "c"),
  namespace: fc.constantFrom("shop", "web"),
  app: fc.constantFrom("x", "y"),
  node: fc.constantFrom("", "node-1"),
  isRemoval: fc.boolean(),
});

type Write = typeof write extends fc.Arbitrary<infer T> ? T : never;

const selectors = fc.record({
  namespace: fc.constantFrom("", "shop"),
  labelSelector: fc.constantFrom("", "app=x", "app!=x"),
  fieldSelector: fc.constantFrom("", "spec.nodeName=", "metadata.name!=a"),
});

function play(storage: Storage, writes: readonly Write[]): void {
  for (const { name, namespace, app, node, isRemoval } of writes) {
    const key = `${namespace}/${name}`;
    const pod: ApiObject = {
      apiVersion: "v1",
      kind: "Pod",
      metadata: { name, namespace, labels: { app } },
      spec: { nodeName: node },
    };
    if (isRemoval) storage.table("pods").removeIfPresent(key);
    else storage.table("pods").put(key, pod);
  }
}

function selected(storage: Storage, selection: Selection): readonly string[] {
  const objects = storage.table("pods").list();
  return objects.filter((stored) => selection.matches(stored)).map(({ key, json }) => `${key} ${json}`);
}

/** What a client knows that applies every step; it must never be told to add what it has, or to change what it has not. */
function told(cursor: WatchCursor, known = new Map<string, string>()): Map<string, string> {
  for (let step = cursor.next(); step.kind !== "nothing"; step = cursor.next()) {
    if (step.kind !== "event") continue;
    const { key, json } = step.object;
    expect(known.has(key)).toBe(step.type !== "ADDED");
    if (step.type === "DELETED") known.delete(key);
    else known.set(key, json);
  }
  return known;
}

const sorted = (known: ReadonlyMap<string, string>) => [...known].map(([key, json]) => `${key} ${json}`).sort();

describe("WatchCursor", () => {
  const pods = findResource("", "v1", "pods");
  if (pods === undefined) throw new Error("pods are served");

  it("leads whoever listed before to what a list answers now, whatever is selected", () => {
    fc.assert(
      fc.property(fc.array(write), fc.array(write), selectors, (before, after, { namespace, ...query }) => {
        const storage = new Storage();
        const table = storage.table("pods");
        const selection = selectionOf(pods, namespace, query);
        play(storage, before);
        const listed = new Map(
          table
            .list()
            .filter((stored) => selection.matches(stored))
            .map(({ key, json }) => [key, json]),
        );
        const cursor = new WatchCursor({ table, selection, initial: undefined, after: storage.resourceVersion });
        play(storage, after);
        expect(sorted(told(cursor, listed))).toEqual(selected(storage, selection));
      }),
    );
  });

  it("leads whoever starts with the initial events to the same", () => {
    fc.assert(
      fc.property(fc.array(write), fc.array(write), selectors, (before, after, { namespace, ...query }) => {
        const storage = new Storage();
        const table = storage.table("pods");
        const selection = selectionOf(pods, namespace, query);
        play(storage, before);
        const cursor = new WatchCursor({
          table,
          selection,
          initial: table.list(),
          after: storage.resourceVersion,
        });
        play(storage, after);
        expect(sorted(told(cursor))).toEqual(selected(storage, selection));
      }),
    );
  });

  it("is lost when the window has moved past it", () => {
    const storage = new Storage({ historyWindow: 4 });
    const table = storage.table("pods");
    const selection = selectionOf(pods, "", { labelSelector: "", fieldSelector: "" });
    const cursor = new WatchCursor({ table, selection, initial: undefined, after: storage.resourceVersion });
    const one: Write = { name: "a", namespace: "shop", app: "x", node: "", isRemoval: false };
    play(
      storage,
      Array.from({ length: 10 }, () => one),
    );
    expect(cursor.next()).toEqual({ kind: "lost" });
  });
});
