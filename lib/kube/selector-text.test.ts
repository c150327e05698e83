import { describe, expect, it } from "vitest";
import { parseSelectorText } from "./selector-text.ts";
import { MalformedSelectorError } from "./selector.ts";

describe("a label selector as one types it", () => {
  const labels = { app: "web", tier: "a", replicas: "3", "example.com/team": "" };

  it.each([
    ["", true],
    ["app=web", true],
    ["app == web , tier in (a, b)", true],
    ["app!=web", false],
    ["missing!=x", true],
    ["tier notin (b,c)", true],
    ["tier notin (a)", false],
    ["missing notin (a)", true],
    ["!canary,app", true],
    ["canary", false],
    ["replicas>2,replicas<4", true],
    ["replicas>3", false],
    ["example.com/team=", true],
  ])("%j: %j", (text, matches) => {
    expect(parseSelectorText(text).matches(labels)).toBe(matches);
  });

  it.each(["app in", "app in ()x", "=web", "app=a b", "a,,b", "app in (a", "-x=1", "replicas>many"])(
    "%j is refused",
    (text) => {
      expect(() => parseSelectorText(text)).toThrow(MalformedSelectorError);
    },
  );
});
