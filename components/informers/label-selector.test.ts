import { describe, expect, it } from "vitest";
import { labelSelectorProblem } from "./label-selector.model.ts";

describe("a label selector", () => {
  it.each([
    "",
    "app=ranker",
    "app == ranker, tier!=cache",
    "kueue.x-k8s.io/queue-name=nightly",
    "env in (prod, canary),!legacy",
    "env notin (dev)",
    "app",
    "app=",
  ])("may be %s", (text) => expect(labelSelectorProblem(text)).toBeUndefined());

  it.each([
    ["app=ranker,,tier=a", "A requirement is missing at a comma."],
    ["app=ranker tier=a", "Not understood: app=ranker tier=a"],
    ["-app=x", "Not understood: -app=x"],
    ["env in prod", "Not understood: env in prod"],
  ])("%s is told to be wrong", (text, problem) => expect(labelSelectorProblem(text)).toBe(problem));
});
