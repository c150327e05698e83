import { describe, expect, it } from "vitest";
import { keyOf } from "#lib/kube/index.ts";
import { Tally } from "./tally.ts";

const inNamespace = (namespace: string, name = "a") => ({ metadata: { namespace, name } });

describe("a tally", () => {
  it("counts by namespace whatever it is told", () => {
    const tally = new Tally();
    tally.onAdd(inNamespace("shop"));
    tally.onUpdate(inNamespace("shop"), inNamespace("shop"));
    tally.onDelete({ deletedFinalStateUnknown: true, key: keyOf("shop", "a"), object: inNamespace("shop") });
    tally.onDelete(inNamespace("bank"));
    tally.onAdd({ metadata: { name: "a node" } });
    expect(tally.busiest()).toEqual([
      ["bank", 1],
      ["shop", 3],
    ]);
  });

  it("shows the twenty busiest, of a thousand that it counts", () => {
    const tally = new Tally();
    for (let index = 0; index < 1_000; index++) tally.onAdd(inNamespace(`n${index}`));
    for (let index = 0; index < 3_000; index++) tally.onAdd(inNamespace(`late${index}`));
    for (let index = 500; index < 520; index++) tally.onAdd(inNamespace(`n${index}`));
    expect(tally.busiest().map(([namespace, count]) => `${namespace} ${count}`)).toEqual(
      Array.from({ length: 20 }, (_, index) => `n${500 + index} 2`),
    );
  });
});
