import { describe, expect, it } from "vitest";
import { glyphOf } from "./severity.model.ts";

describe("the shape of a verdict", () => {
  it("is the alarm for all that need somebody, and for nothing else", () => {
    expect(glyphOf({ code: "missed-event", severity: "critical" })).toBe("missed");
    expect(glyphOf({ code: "never-tried", severity: "warning" })).toBe("missed");
    expect(glyphOf({ code: "no-fit", severity: "blocked" })).toBe("unschedulable");
  });

  it("tells apart what goes on by itself", () => {
    expect(glyphOf({ code: "in-flight", severity: "info" })).toBe("inFlight");
    expect(glyphOf({ code: "queued", severity: "info" })).toBe("active");
    expect(glyphOf({ code: "backoff", severity: "waiting" })).toBe("backoff");
    expect(glyphOf({ code: "gated", severity: "held" })).toBe("gated");
    expect(glyphOf({ code: "unknown", severity: "unknown" })).toBe("unknown");
  });
});
