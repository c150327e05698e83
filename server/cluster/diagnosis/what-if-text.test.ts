import { describe, expect, it } from "vitest";
import type { WhatIf } from "#lib/protocol/index.ts";
import { affinityText, readWhatIf } from "./what-if-text.ts";

function problemsOf(whatIf: WhatIf): Readonly<Record<string, string>> {
  const read = readWhatIf(whatIf);
  return "problems" in read ? read.problems : {};
}

describe("what is typed", () => {
  it("reads tolerations as kubectl writes taints", () => {
    const tolerations = "spot=true:NoSchedule, maintenance\n:NoExecute\nzone=";
    expect(readWhatIf({ tolerations })).toMatchObject({
      tolerations: [
        { key: "spot", operator: "Equal", value: "true", effect: "NoSchedule" },
        { key: "maintenance", operator: "Exists" },
        { operator: "Exists", effect: "NoExecute" },
        { key: "zone", operator: "Equal", value: "" },
      ],
    });
  });

  it("reads labels and terms of affinity, fields of nodes behind an at sign", () => {
    const nodeAffinity = "zone in (a, b), !gpu, cores>4\n\n@metadata.name=n1, disk";
    expect(readWhatIf({ nodeSelector: "disk=ssd, kubernetes.io/os=linux", nodeAffinity })).toMatchObject({
      nodeSelector: { disk: "ssd", "kubernetes.io/os": "linux" },
      nodeAffinity: {
        nodeSelectorTerms: [
          {
            matchExpressions: [
              { key: "zone", operator: "In", values: ["a", "b"] },
              { key: "gpu", operator: "DoesNotExist" },
              { key: "cores", operator: "Gt", values: ["4"] },
            ],
            matchFields: [],
          },
          {
            matchExpressions: [{ key: "disk", operator: "Exists" }],
            matchFields: [{ key: "metadata.name", operator: "In", values: ["n1"] }],
          },
        ],
      },
    });
  });

  it("affinity is written as it is read", () => {
    const text = "zone in (a, b), size!=small, tier notin (x, y), !gpu, cores>4, ram<9, disk\n@metadata.name=n1";
    const read = readWhatIf({ nodeAffinity: text });
    expect("problems" in read ? "" : affinityText(read.nodeAffinity ?? {})).toBe(text);
  });

  it.each<readonly [WhatIf, string, string]>([
    [{ requests: { cpu: "lots" } }, "requests.cpu", '"lots" is not a quantity: expected 500m, 2 or 4Gi'],
    [{ requests: { cpu: "-1" } }, "requests.cpu", '"-1" is less than nothing'],
    [{ requests: { memory: "" } }, "requests.memory", '"" is not a quantity'],
    [{ tolerations: "a b:NoSchedule" }, "tolerations", '"a b:NoSchedule" has no key of a taint'],
    [{ tolerations: "spot:Never" }, "tolerations", '"Never" is no effect: expected NoSchedule'],
    [{ tolerations: "=x" }, "tolerations", '"=x" has no key of a taint'],
    [{ nodeSelector: "disk" }, "nodeSelector", '"disk" is no label: expected key=value'],
    [{ nodeSelector: `${"a".repeat(64)}=b` }, "nodeSelector", "is no label"],
    [{ nodeAffinity: "zone in" }, "nodeAffinity", "zone in"],
    [{ nodeAffinity: "cores>many" }, "nodeAffinity", "must be an integer"],
    [{ nodeAffinity: "/=x" }, "nodeAffinity", "key"],
  ])("%j is told at its field", (whatIf, field, message) => {
    const problems = problemsOf(whatIf);
    expect(Object.keys(problems)).toEqual([field]);
    expect(problems[field]).toContain(message);
  });

  it("all that is wrong is told at once, and what is long is cut", () => {
    const problems = problemsOf({ requests: { cpu: "x" }, nodeSelector: "y".repeat(10_000) });
    expect(Object.keys(problems)).toEqual(["requests.cpu", "nodeSelector"]);
    expect(problems["nodeSelector"]?.length).toBeLessThan(150);
  });

  it.each(["1e400", "9999999999999999999Ei", "0", "1e-30"])("%s is an amount, however absurd", (cpu) => {
    expect(problemsOf({ requests: { cpu } })).toEqual({});
  });
});
