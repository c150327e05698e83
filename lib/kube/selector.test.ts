import { expect, test } from "vitest";
import { parseNodeSelector, requiredNodeAffinity } from "./node-selector.ts";
import type { LabelSelectorRequirement, NodeSelectorTerm } from "./objects.ts";
import { bothOf, MalformedSelectorError, matchNothing, parseLabelSelector, selectorOf } from "./selector.ts";
import { aNode, aPod } from "./testing/builders.ts";

test("an absent selector matches nothing, an empty one everything", () => {
  expect(parseLabelSelector(undefined).matches({ a: "b" })).toBe(false);
  expect(parseLabelSelector({}).matches(undefined)).toBe(true);
});

const has = (operator: string, values: readonly string[] = []): LabelSelectorRequirement => ({
  key: "n",
  operator,
  values,
});

test.each([
  [has("In", ["1", "2"]), "2", true],
  [has("In", ["1"]), undefined, false],
  [has("NotIn", ["1"]), undefined, true],
  [has("NotIn", ["1"]), "1", false],
  [has("Exists"), "", true],
  [has("DoesNotExist"), "", false],
  [has("DoesNotExist"), undefined, true],
  [has("Gt", ["5"]), "6", true],
  [has("Gt", ["5"]), "5", false],
  [has("Gt", ["5"]), "5.5", false],
  [has("Lt", ["5"]), "-7", true],
  [has("Lt", ["5"]), undefined, false],
])("%j on the label %j: %s", (requirement, label, matches) => {
  expect(selectorOf([requirement]).matches(label === undefined ? {} : { n: label })).toBe(matches);
});

test.each([
  has("Equals", ["1"]),
  has("In"),
  has("Exists", ["1"]),
  has("Gt", ["1", "2"]),
  has("Gt", ["-6"]),
  has("Gt", ["x"]),
  { key: "not a key", operator: "Exists" },
  has("In", ["not a value"]),
])("%j is malformed", (requirement) => {
  expect(() => selectorOf([requirement])).toThrow(MalformedSelectorError);
});

test("a label named like something every object inherits is not found where it is not written", () => {
  expect(selectorOf([{ key: "constructor", operator: "Exists" }]).matches({})).toBe(false);
});

test("Gt belongs to nodes only", () => {
  expect(() => parseLabelSelector({ matchExpressions: [has("Gt", ["1"])] })).toThrow(MalformedSelectorError);
});

test("adding requirements to nothing leaves nothing", () => {
  expect(bothOf(matchNothing, selectorOf([has("DoesNotExist")])).matches({})).toBe(false);
  expect(bothOf(parseLabelSelector({}), matchNothing).matches({})).toBe(false);
});

const match = (...terms: readonly NodeSelectorTerm[]): string =>
  parseNodeSelector({ nodeSelectorTerms: terms }).match(aNode("a", { labels: { disk: "ssd" } })).kind;

test("terms are ORed, and no term or an empty one matches nothing", () => {
  expect(match()).toBe("noMatch");
  expect(match({})).toBe("noMatch");
  expect(match({ matchExpressions: [{ key: "disk", operator: "In", values: ["hdd"] }] })).toBe("noMatch");
  expect(match({}, { matchExpressions: [{ key: "disk", operator: "Exists" }] })).toBe("match");
});

test("a malformed term is an error only if no other term matches", () => {
  const bad: NodeSelectorTerm = { matchExpressions: [{ key: "disk", operator: "In" }] };
  expect(match(bad)).toBe("malformed");
  expect(match(bad, { matchExpressions: [{ key: "disk", operator: "Exists" }] })).toBe("match");
});

test("fields know one value of the name, and any other field is empty", () => {
  expect(match({ matchFields: [{ key: "metadata.name", operator: "In", values: ["a"] }] })).toBe("match");
  expect(match({ matchFields: [{ key: "metadata.name", operator: "In", values: ["a", "b"] }] })).toBe("malformed");
  expect(match({ matchFields: [{ key: "metadata.uid", operator: "NotIn", values: ["a"] }] })).toBe("match");
});

test("the node selector and the affinity must both match", () => {
  const affinity = {
    nodeAffinity: {
      requiredDuringSchedulingIgnoredDuringExecution: {
        nodeSelectorTerms: [{ matchExpressions: [{ key: "zone", operator: "Exists" }] }],
      },
    },
  };
  const matcher = requiredNodeAffinity(aPod("p", { spec: { nodeSelector: { disk: "ssd" }, affinity } }));
  expect(matcher.match(aNode("a", { labels: { disk: "ssd" } })).kind).toBe("noMatch");
  expect(matcher.match(aNode("a", { labels: { disk: "ssd", zone: "z" } })).kind).toBe("match");
  expect(matcher.match(aNode("a", { labels: { zone: "z" } })).kind).toBe("noMatch");
});
