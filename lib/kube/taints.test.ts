import { expect, test } from "vitest";
import { tolerates, unschedulableTaint, untoleratedTaint } from "./taints.ts";
import { aNode } from "./testing/builders.ts";

const taint = { key: "gpu", value: "yes", effect: "NoSchedule" };

test.each([
  [{ key: "gpu", value: "yes" }, true],
  [{ key: "gpu", operator: "Equal", value: "yes", effect: "NoSchedule" }, true],
  [{ key: "gpu", operator: "Equal", value: "no" }, false],
  [{ key: "gpu", operator: "Exists", effect: "NoExecute" }, false],
  [{ operator: "Exists" }, true],
  [{ key: "cpu", operator: "Exists" }, false],
  [{ key: "gpu", operator: "Gt", value: "1" }, false],
  [{ key: "gpu", operator: "Maybe", value: "yes" }, false],
])("%j tolerates gpu=yes:NoSchedule: %s", (toleration, tolerated) => {
  expect(tolerates(toleration, taint)).toBe(tolerated);
});

test("PreferNoSchedule keeps nobody away", () => {
  expect(untoleratedTaint(aNode("a", { taints: [{ ...taint, effect: "PreferNoSchedule" }] }), [])).toBeUndefined();
  expect(
    untoleratedTaint(aNode("a", { taints: [unschedulableTaint, taint] }), [{ operator: "Exists" }]),
  ).toBeUndefined();
  expect(untoleratedTaint(aNode("a", { taints: [unschedulableTaint, taint] }), undefined)).toBe(unschedulableTaint);
});
