import { describe, expect, it } from "vitest";
import { JsonPatchError, applyJsonPatch } from "./json-patch.ts";
import { applyStrategicMergePatch } from "./strategic-merge.ts";

const document = { a: { b: [1, 2, 3] }, "x/y": 1, "m~n": 2 };

describe("JSON patch", () => {
  it.each([
    ["add a member", [{ op: "add", path: "/a/c", value: 4 }], { ...document, a: { b: [1, 2, 3], c: 4 } }],
    ["add before an item", [{ op: "add", path: "/a/b/1", value: 9 }], { ...document, a: { b: [1, 9, 2, 3] } }],
    ["add at the end", [{ op: "add", path: "/a/b/-", value: 9 }], { ...document, a: { b: [1, 2, 3, 9] } }],
    ["remove an item", [{ op: "remove", path: "/a/b/0" }], { ...document, a: { b: [2, 3] } }],
    ["replace with null", [{ op: "replace", path: "/a/b", value: null }], { ...document, a: { b: null } }],
    ["escaped names", [{ op: "replace", path: "/x~1y", value: 7 }], { ...document, "x/y": 7 }],
    ["copy", [{ op: "copy", from: "/m~0n", path: "/a/b/0" }], { ...document, a: { b: [2, 1, 2, 3] } }],
    ["move", [{ op: "move", from: "/a/b", path: "/c" }], { a: {}, "x/y": 1, "m~n": 2, c: [1, 2, 3] }],
    ["test that holds", [{ op: "test", path: "/a", value: { b: [1, 2, 3] } }], document],
    ["the whole document", [{ op: "replace", path: "", value: { z: 1 } }], { z: 1 }],
  ])("%s", (_, operations, expected) => {
    expect(applyJsonPatch(document, operations)).toEqual(expected);
  });

  it.each([
    [{ op: "test", path: "/a/b/0", value: 2 }],
    [{ op: "remove", path: "/missing" }],
    [{ op: "replace", path: "/missing", value: 1 }],
    [{ op: "add", path: "/a/b/5", value: 1 }],
    [{ op: "add", path: "/a/b/01", value: 1 }],
    [{ op: "add", path: "/a/missing/c", value: 1 }],
    [{ op: "add", path: "/__proto__/polluted", value: 1 }],
    [{ op: "add", path: "no-slash", value: 1 }],
    [{ op: "jump", path: "/a" }],
  ])("refuses %j and changes nothing", (operation) => {
    const before = structuredClone(document);
    expect(() => applyJsonPatch(document, [{ op: "add", path: "/new", value: 1 }, operation])).toThrow(JsonPatchError);
    expect(document).toEqual(before);
    expect({}).not.toHaveProperty("polluted");
  });
});

describe("strategic merge patch", () => {
  const pod = {
    kind: "Pod",
    metadata: { labels: { a: "1", b: "2" }, finalizers: ["x", "y"] },
    spec: {
      containers: [
        { name: "main", image: "one", env: [{ name: "A", value: "1" }] },
        { name: "side", image: "two" },
      ],
      tolerations: [{ key: "old" }],
      volumes: [{ name: "v", emptyDir: {} }],
    },
    status: { conditions: [{ type: "Ready", status: "True" }] },
  };
  const patched = (patch: Parameters<typeof applyStrategicMergePatch>[2]) =>
    applyStrategicMergePatch("Pod", pod, patch);

  it("merges maps, and takes away what is null", () => {
    expect(patched({ metadata: { labels: { b: null, c: "3" } } })["metadata"]).toMatchObject({
      labels: { a: "1", c: "3" },
    });
  });

  it("merges containers and what is in them by name", () => {
    const patch = { spec: { containers: [{ name: "main", env: [{ name: "B", value: "2" }] }, { name: "new" }] } };
    expect(patched(patch)["spec"]).toMatchObject({
      containers: [
        { name: "main", image: "one", env: [{ name: "A" }, { name: "B", value: "2" }] },
        { name: "side", image: "two" },
        { name: "new" },
      ],
    });
  });

  it("merges conditions by type, and replaces tolerations as the real server does", () => {
    const conditions = [{ type: "PodScheduled", status: "False" }];
    const patch = { status: { conditions }, spec: { tolerations: [{ key: "new" }] } };
    expect(patched(patch)).toMatchObject({
      status: { conditions: [{ type: "Ready" }, { type: "PodScheduled", status: "False" }] },
      spec: { tolerations: [{ key: "new" }] },
    });
  });

  it("deletes an item by its key, and replaces a list that says so", () => {
    expect(patched({ spec: { containers: [{ $patch: "delete", name: "side" }] } })["spec"]).toMatchObject({
      containers: [{ name: "main" }],
    });
    expect(patched({ spec: { containers: [{ $patch: "replace" }, { name: "only" }] } })["spec"]).toMatchObject({
      containers: [{ name: "only" }],
    });
  });

  it("follows the directives for plain lists, kept members and order", () => {
    const patch = {
      metadata: { "$deleteFromPrimitiveList/finalizers": ["x"], finalizers: ["z"] },
      spec: {
        "$setElementOrder/containers": [{ name: "side" }, { name: "main" }],
        volumes: [{ name: "v", $retainKeys: ["name", "hostPath"], hostPath: { path: "/" } }],
      },
    };
    const result = patched(patch);
    expect(result["metadata"]).toMatchObject({ finalizers: ["y", "z"] });
    expect(result["spec"]).toMatchObject({
      containers: [{ name: "side" }, { name: "main" }],
      volumes: [{ name: "v", hostPath: { path: "/" } }],
    });
    expect(JSON.stringify(result)).not.toContain("$");
    expect(JSON.stringify(result)).not.toContain("emptyDir");
  });
});
