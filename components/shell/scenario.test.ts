import { describe, expect, it } from "vitest";
import { scenarioName } from "#lib/protocol/index.ts";
import {
  glyphOfScenario,
  scenarioHref,
  scenarioNamed,
  scenarioPodHref,
  scenariosFor,
  type NamedScenario,
} from "./scenario.model.ts";

const named = (name: string): NamedScenario => {
  const scenario = scenarioNamed(name);
  if (scenario === undefined) throw new Error(`no scenario ${name}`);
  return scenario;
};

describe("the scenarios", () => {
  it("are all offered, each in one group, and found by any words of their text", () => {
    const all = scenariosFor("").flatMap(({ scenarios }) => scenarios.map(({ name }) => name));
    expect(all.toSorted()).toEqual([...scenarioName.options].sort());
    expect(scenariosFor("410").flatMap(({ scenarios }) => scenarios.map(({ name }) => name))).toEqual(["410-storm"]);
    expect(scenariosFor("TOLERATION patch")).toMatchObject([{ scenarios: [{ name: "near-toleration" }] }]);
    expect(scenariosFor("opera")).toEqual([]);
  });

  it("lead to the page where one looks, and to the pod that they are about", () => {
    expect(scenarioHref(named("gated"), "demo")).toBe("/?cluster=demo");
    expect(scenarioHref(named("slow-handler"), "demo")).toBe("/informers?cluster=demo&resource=v1%2Fpods");
    expect(scenarioPodHref(named("head-of-line"), "demo")).toBe("/pod?cluster=demo&ns=queued&name=queued");
    expect(scenarioPodHref(named("busy"), "demo")).toBeUndefined();
  });

  it("have the shape of what they teach", () => {
    expect(["busy", "gated", "ports", "no-scheduler"].map((name) => glyphOfScenario(named(name)))).toEqual([
      undefined,
      "gated",
      "unschedulable",
      "missed",
    ]);
  });

  it("of another version of the server are not known, and harm nobody", () => {
    expect([scenarioNamed("opera"), scenarioNamed(undefined)]).toEqual([undefined, undefined]);
  });
});
