import { describe, expect, it } from "vitest";
import { parseJsonPath } from "./json-path.ts";

const object = {
  spec: { replicas: 2, "odd.name": "a", ports: [{ port: 80 }, { port: 443 }] },
  status: {
    conditions: [
      { type: "Ready", status: "True" },
      { type: "Old", status: "False" },
    ],
  },
};

describe("a path of a printer column", () => {
  it.each([
    [".spec.replicas", 2],
    [".spec.missing", undefined],
    [".spec.missing.deeper", undefined],
    [".spec.odd\\.name", "a"],
    [".spec['odd.name']", "a"],
    [".spec.ports[1].port", 443],
    [".spec.ports[-1].port", 443],
    [".spec.ports[*].port", 80],
    ['.status.conditions[?(@.type=="Ready")].status', "True"],
    ["[?(@.type=='Ready')].status", undefined],
    ['.status.conditions[?(@.type!="Ready")].type', "Old"],
    [".spec.toString", undefined],
  ])("%s is %j", (path, value) => {
    expect(parseJsonPath(path)?.(object)).toEqual(value);
  });

  it.each(["..replicas", ".spec.ports[0:2]", "spec", ".a[", ".a[?(@.b)]"])("%s is more than a simple path", (path) => {
    expect(parseJsonPath(path)).toBeUndefined();
  });
});
