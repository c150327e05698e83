import { describe, expect, it } from "vitest";
import { FakeClock } from "#lib/clock/testing/fake-clock.ts";
import { keyOf, type KubeObject } from "#lib/kube/index.ts";
import { Indexer, IndexerConflictError, UnknownIndexError } from "./indexer.ts";
import { Pacer } from "./pacer.ts";

const byLabel = ({ metadata }: KubeObject): readonly string[] =>
  (metadata.labels?.["app"] ?? "").split(".").filter(Boolean);
const object = (name: string, app: string, resourceVersion = "1"): KubeObject => ({
  metadata: { namespace: "a", name, resourceVersion, labels: { app } },
});

function anIndexer(...objects: readonly KubeObject[]): Indexer<KubeObject> {
  const indexer = new Indexer<KubeObject>({ app: byLabel }, () => {});
  for (const each of objects) indexer.set(keyOf("a", each.metadata.name ?? ""), each);
  return indexer;
}

const names = (objects: readonly KubeObject[]): unknown => objects.map(({ metadata }) => metadata.name ?? "").sort();

describe("store and indexes", () => {
  it("I32 an object is found under each of its values, and a value without objects is gone", () => {
    const indexer = anIndexer(object("x", "web.db"), object("y", "web"));
    expect([names(indexer.byIndex("app", "web")), names(indexer.byIndex("app", "db"))]).toEqual([["x", "y"], ["x"]]);
    indexer.set(keyOf("a", "x"), object("x", "web"));
    expect(indexer.indexValues("app")).toEqual(["web"]);
    indexer.delete(keyOf("a", "x"), "3");
    indexer.delete(keyOf("a", "y"), "4");
    expect([indexer.indexValues("app"), indexer.size, indexer.resourceVersion]).toEqual([[], 0, "4"]);
  });

  it("I32 index() finds each object that shares a value once", () => {
    const indexer = anIndexer(object("x", "web.db"), object("y", "web.db"), object("z", "other"));
    expect(names(indexer.index("app", object("?", "db.web")))).toEqual(["x", "y"]);
  });

  it("I33 an unknown index is an error, or has no values", () => {
    const indexer = anIndexer();
    expect(() => indexer.byIndex("nope", "x")).toThrow(new UnknownIndexError("nope"));
    expect(() => indexer.indexKeys("nope", "x")).toThrow("Index with name nope does not exist");
    expect(() => indexer.index("nope", object("x", ""))).toThrow(UnknownIndexError);
    expect([indexer.indexValues("nope"), indexer.byIndex("app", "nobody")]).toEqual([[], []]);
  });

  it("I34 a name that exists is an error, and then nothing is added", () => {
    const indexer = anIndexer(object("x", "web"));
    expect(() => indexer.addIndexers({ name: () => ["n"], app: byLabel })).toThrow(IndexerConflictError);
    expect(indexer.indexNames).toEqual(["app"]);
    indexer.addIndexers({ name: ({ metadata }) => [metadata.name ?? ""] });
    expect([indexer.indexKeys("name", "x"), indexer.indexSizes()]).toEqual([["a/x"], { app: 1, name: 1 }]);
  });

  it("I28 a replacement is invisible until it is swapped in, indexes that came meanwhile included", async () => {
    const indexer = anIndexer(object("x", "web"));
    const contents = await indexer.prepare([object("y", "db"), object("y", "cache")], new Pacer(new FakeClock()));
    indexer.addIndexers({ name: ({ metadata }) => [metadata.name ?? ""] });
    expect(names(indexer.list())).toEqual(["x"]);
    indexer.replace(contents, "9");
    expect([names(indexer.list()), indexer.resourceVersion]).toEqual([["y"], "9"]);
    expect([indexer.indexValues("app"), indexer.indexKeys("name", "y")]).toEqual([["cache"], ["a/y"]]);
  });

  it("a bookmark moves the version and nothing else", () => {
    const indexer = anIndexer(object("x", "web", "7"));
    expect(indexer.resourceVersion).toBe("7");
    indexer.bookmark("12");
    expect([indexer.resourceVersion, indexer.size]).toEqual(["12", 1]);
  });
});
