import { describe, expect, it } from "vitest";
import type { Cluster, ClusterPhase } from "#lib/protocol/index.ts";
import { chooseCluster, initialsOf, pageHref } from "./cluster-choice.model.ts";

const aCluster = (id: string, phase: ClusterPhase): Cluster => ({ id, name: id, mode: "shadow", phase, server: "" });

describe("the cluster of a page", () => {
  const clusters = [aCluster("down", "failed"), aCluster("prod", "connected"), aCluster("demo", "connected")];
  const nothing = { named: undefined, last: undefined };

  it("is the named one, whatever its state", () => {
    expect(chooseCluster(clusters, { named: "down", last: "demo" })).toMatchObject({ cluster: { id: "down" } });
  });

  it("is never replaced by another when the named one is not there", () => {
    expect(chooseCluster(clusters, { named: "gone", last: "demo" })).toEqual({ kind: "unknown", id: "gone" });
  });

  it("is the last one, else the first that answers, and none when none does", () => {
    expect(chooseCluster(clusters, { named: undefined, last: "demo" })).toMatchObject({ cluster: { id: "demo" } });
    expect(chooseCluster(clusters, { named: undefined, last: "gone" })).toMatchObject({ cluster: { id: "prod" } });
    expect(chooseCluster(clusters, { named: undefined, last: "down" })).toMatchObject({ cluster: { id: "prod" } });
    expect(chooseCluster([aCluster("new", "starting")], nothing)).toMatchObject({ cluster: { id: "new" } });
    expect(chooseCluster(clusters.slice(0, 1), nothing)).toEqual({ kind: "none" });
    expect(chooseCluster([], nothing)).toEqual({ kind: "none" });
  });
});

it("abbreviates a name by its first two words", () => {
  expect(["prod-eu-1", "demo", "arn:aws:eks", ""].map(initialsOf)).toEqual(["PE", "D", "AA", ""]);
});

it("keeps the cluster in the address", () => {
  expect(pageHref("/queue", "a/b")).toBe("/queue?cluster=a%2Fb");
  expect(pageHref("/queue", undefined)).toBe("/queue");
});
