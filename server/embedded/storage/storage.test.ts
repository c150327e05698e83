import { describe, expect, it } from "vitest";
import type { ApiObject } from "./api-object.ts";
import type { StorageEvent } from "./history.ts";
import { Storage } from "./storage.ts";

function object(name: string, text = ""): ApiObject {
  return { apiVersion: "v1", kind: "ConfigMap", metadata: { name }, data: { text } };
}

const names = (objects: readonly { readonly key: string }[] | undefined) => objects?.map(({ key }) => key);

describe("Storage", () => {
  it("gives each write the next version, across resources, and writes it into the object", () => {
    const storage = new Storage();
    const before = storage.resourceVersion;
    const a = storage.table("configmaps").put("a", object("a"));
    const b = storage.table("nodes").put("b", object("b"));
    expect([a.resourceVersion, b.resourceVersion, storage.resourceVersion]).toEqual([
      before + 1,
      before + 2,
      before + 2,
    ]);
    expect(a.object.metadata.resourceVersion).toBe(String(a.resourceVersion));
  });

  it("reports a write with what was there before, and a deletion with its own version", () => {
    const storage = new Storage();
    const table = storage.table("configmaps");
    const heard: StorageEvent[] = [];
    table.subscribe((event) => heard.push(event));
    const first = table.put("a", object("a", "1"));
    const second = table.put("a", object("a", "2"));
    table.removeIfPresent("a");
    expect(table.removeIfPresent("a")).toBeUndefined();
    expect(heard.map(({ type, previous }) => [type, previous])).toEqual([
      ["ADDED", undefined],
      ["MODIFIED", first],
      ["DELETED", second],
    ]);
    expect(heard[2]?.object.object).toMatchObject({
      metadata: { resourceVersion: String(storage.resourceVersion) },
      data: { text: "2" },
    });
  });

  it("leaves a listener alone that has gone, however often it says so", () => {
    const table = new Storage().table("configmaps");
    const heard: string[] = [];
    const listener = ({ object }: StorageEvent) => heard.push(object.key);
    const undo = table.subscribe(listener);
    table.subscribe(listener);
    undo();
    undo();
    table.put("a", object("a"));
    expect(heard).toEqual(["a"]);
  });

  it("lists in the order of the keys", () => {
    const table = new Storage().table("configmaps");
    for (const name of ["b/a", "a/z", "a/b"]) table.put(name, object(name));
    expect(names(table.list())).toEqual(["a/b", "a/z", "b/a"]);
  });

  it("lists what stood at an older version, however it was changed since", () => {
    const storage = new Storage();
    const table = storage.table("configmaps");
    const changed = table.put("changed", object("changed", "old"));
    table.put("removed", object("removed"));
    const version = storage.resourceVersion;
    table.put("changed", object("changed", "new"));
    table.removeIfPresent("removed");
    table.put("added", object("added"));
    table.put("removed", object("removed", "again"));
    expect(names(table.listAt(version))).toEqual(["changed", "removed"]);
    expect(table.listAt(version)?.[0]).toBe(changed);
    expect(names(table.listAt(storage.resourceVersion))).toEqual(["added", "changed", "removed"]);
  });

  it("forgets the oldest events beyond its window, and with them the versions before", () => {
    const storage = new Storage({ historyWindow: 10 });
    const table = storage.table("configmaps");
    const first = table.put("a", object("a"));
    const position = table.history.after(first.resourceVersion);
    for (let count = 0; count < 30; count++) table.put("a", object("a", String(count)));
    expect(table.history.isGone(position)).toBe(true);
    expect(table.history.compactedVersion).toBeGreaterThan(first.resourceVersion);
    expect(table.listAt(first.resourceVersion)).toBeUndefined();
    expect(table.listAt(table.history.compactedVersion)).toHaveLength(1);
    const newest = table.history.at(table.history.end - 1);
    expect(newest?.object.object["data"]).toEqual({ text: "29" });
  });

  it("keeps nothing older than a compaction, in any resource", () => {
    const storage = new Storage();
    storage.table("nodes").put("n", object("n"));
    const version = storage.resourceVersion;
    storage.table("configmaps").put("a", object("a"));
    storage.compact();
    expect(storage.table("nodes").listAt(version)).toBeUndefined();
    expect(names(storage.table("nodes").listAt(storage.resourceVersion))).toEqual(["n"]);
  });
});
