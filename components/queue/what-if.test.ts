import { describe, expect, it } from "vitest";
import { list, pod } from "./testing/pictures.ts";
import { addable, toggled, viewOf } from "./what-if.model.ts";

const rejected = pod(3, "b", { rejectors: [{ plugin: "NodeAffinity", nodes: 4 }, { plugin: "TaintToleration" }] });

describe("what if other plugins had rejected the pod", () => {
  it("asks only about a selected pod, and only once something was chosen", () => {
    expect(viewOf(undefined, ["NodeAffinity"])).toEqual({});
    expect(viewOf("b", undefined)).toEqual({});
    expect(viewOf("b", [])).toEqual({ whatIf: { pod: "b", plugins: [] } });
  });

  it("takes a plugin away, or adds it behind the others", () => {
    expect(toggled(rejected, "NodeAffinity")).toEqual(["TaintToleration"]);
    expect(toggled(rejected, "NodePorts")).toEqual(["NodeAffinity", "TaintToleration", "NodePorts"]);
  });

  it("offers what does not reject it yet", () => {
    expect(addable(rejected, list([]))).toEqual(["NodeResourcesFit"]);
  });
});
