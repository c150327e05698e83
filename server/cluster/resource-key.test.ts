import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseResourceKey, resourceKey } from "./resource-key.ts";

describe("the key of a resource", () => {
  it.each([
    ["v1/pods", { group: "", version: "v1", resource: "pods" }],
    ["apps/v1/deployments", { group: "apps", version: "v1", resource: "deployments" }],
    ["storage.k8s.io/v1/csinodes", { group: "storage.k8s.io", version: "v1", resource: "csinodes" }],
  ])("%s", (key, resource) => {
    expect(parseResourceKey(key)).toEqual(resource);
    expect(resourceKey(resource)).toBe(key);
  });

  it("of any resource is read back as that resource", () => {
    const name = fc.stringMatching(/^[a-z0-9][a-z0-9.-]{0,20}$/);
    const resource = fc.record({ group: fc.oneof(fc.constant(""), name), version: name, resource: name });
    fc.assert(
      fc.property(resource, (each) => {
        expect(parseResourceKey(resourceKey(each))).toEqual(each);
      }),
    );
  });

  it("is refused or says the same again, whatever the text", () => {
    const piece = fc.oneof(fc.constantFrom("v1", "apps", "pods", "/", "//", "..", "%2f", "?", " ", "\n"), fc.string());
    const text = fc.array(piece, { maxLength: 8 }).map((pieces) => pieces.join(""));
    fc.assert(
      fc.property(text, (key) => {
        const parsed = parseResourceKey(key);
        if (parsed !== undefined) expect(resourceKey(parsed)).toBe(key);
      }),
    );
  });

  it.each(["", "/", "v1", "v1/", "/v1/pods", "v1/pods/", "a/b/c/d", "v1/Pods", "v1/..", "v1/pods\n", "v1/p%2fs"])(
    "%j is none",
    (text) => {
      expect(parseResourceKey(text)).toBeUndefined();
    },
  );
});
