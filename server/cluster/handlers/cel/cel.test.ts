import { describe, expect, it } from "vitest";
import { FakeClock } from "#lib/clock/testing/fake-clock.ts";
import { CelFilter } from "./cel-filter.ts";
import { CelProblem } from "./cel-problem.ts";

const pod = {
  metadata: { name: "web-1", namespace: "shop", labels: { app: "web" }, creationTimestamp: "2026-01-01T00:00:00Z" },
  spec: { priority: 7, replicas: 3, containers: [{ name: "main", ports: [80, 443] }, { name: "side" }] },
  status: { phase: "Running", conditions: [{ type: "Ready", status: "True" }] },
};
const clock = new FakeClock(1_000);
const filter = (text: string, stopwatch: () => number = () => 0) => new CelFilter(text, clock, stopwatch);

function problem(text: string): CelProblem {
  try {
    filter(text);
  } catch (error) {
    if (error instanceof CelProblem) return error;
    throw error;
  }
  throw new Error(`${text} was expected to be refused`);
}

describe("a CEL filter", () => {
  it.each([
    ["object.status.phase == 'Running'", true],
    ["object.metadata.labels['app'] == \"api\"", false],
    ["has(object.spec.nodeName)", false],
    ["'app' in object.metadata.labels", true],
    ["object.status.conditions.exists(c, c.type == 'Ready' && c.status == 'True')", true],
    ["object.spec.containers.exists(c, has(c.ports) && c.ports.exists(p, p == 443))", true],
    ["object.spec.containers.filter(c, c.name != 'side').map(c, c.name) == ['main']", true],
    ["object.metadata.labels.all(key, key.startsWith('a'))", true],
    ["size(object.spec.containers) == 2 && object.metadata.name.matches('^web-[0-9]+$')", true],
    ["timestamp(object.metadata.creationTimestamp) < timestamp('2027-01-01T00:00:00Z')", true],
    ["oldObject == null", true],
    ["[1, 2].exists(x, x == 2)", true],
    ["true", true],
  ])("%s is %s", (text, answer) => {
    const cel = filter(text);
    expect([cel.matches(pod, null, "a"), cel.errors]).toEqual([answer, undefined]);
  });

  it.each([
    ["object.spec.replicas + 1 == 4", true],
    ["object.spec.replicas - 1 == 2", true],
    ["10 / object.spec.replicas == 3", true],
    ["object.spec.priority / 2 == 3", true],
    ["object.spec.replicas % 2 == 1", true],
    ["object.spec.replicas * 2 > object.spec.priority", false],
    ["object.spec.replicas >= 2.5", true],
  ])("reckons with the numbers of an object as with ints: %s is %s", (text, answer) => {
    expect(filter(text).matches(pod, null, "a")).toBe(answer);
  });

  it("sees the state before in an update only, and says whether it looks", () => {
    const cel = filter("oldObject != null && object.status.phase != oldObject.status.phase");
    expect(cel.readsOldObject).toBe(true);
    expect([
      cel.matches(pod, null, "a"),
      cel.matches(pod, { status: { phase: "Pending" } }, "a"),
      cel.matches(pod, pod, "a"),
    ]).toEqual([false, true, false]);
    expect(filter("object.spec.oldObject == 1").readsOldObject).toBe(false);
  });

  it.each([
    ["object.spec.nodeName == 'n1'", "No such key: nodeName"],
    ["object.status.phase > 3", "no such overload: dyn<string> > int"],
    ["object.spec.replicas / 0 == 1", "division by zero"],
    ["object.spec.replicas", "its answer is number, expected bool"],
    ["object.metadata.name.exists(c, true)", "expected a list or a map to go through"],
    ["object.metadata.name.matches(object.metadata.labels.app + '(')", "Invalid regular expression"],
  ])("%s cannot be answered, which counts as no match and is counted", (text, why) => {
    const cel = filter(text);
    expect([cel.matches(pod, null, "a"), cel.matches(pod, null, "b")]).toEqual([false, false]);
    expect(cel.errors).toMatchObject({ count: 2, last: expect.stringContaining(why) as string });
    expect(cel.errors?.last).not.toContain("\n");
  });
});

describe("a CEL filter that cannot be used says where", () => {
  it.each([
    ["object +", "cel-malformed", { line: 1, column: 9, length: 1 }],
    ["", "cel-malformed", { line: 1, column: 1, length: 1 }],
    ["object.a == 1 &&\n  object.x ??", "cel-malformed", { line: 2, column: 13, length: 1 }],
    ["objekt.status == 1", "cel-type", { line: 1, column: 1, length: 6 }],
    ["object.a == 1 && 1 + 'a' == 2", "cel-type", { line: 1, column: 18, length: 7 }],
    ["'text'", "cel-type", { line: 1, column: 1, length: 6 }],
    ["guard__(object.a)", "cel-type", { line: 1, column: 1, length: 17 }],
    ["object.a.matches('(')", "cel-regexp", { line: 1, column: 18, length: 3 }],
    ["object.a.matches('(?=x)')", "cel-regexp", { line: 1, column: 18, length: 7 }],
  ])("%j: %s at %o", (text, code, position) => {
    expect(problem(text)).toMatchObject({ code, position });
  });

  it("comprehensions nest once, not deeper; one after the other is not nested", () => {
    const deep = "object.a.all(x, x.b.all(y, y.c.exists(z, z)))";
    expect(problem(deep)).toMatchObject({ code: "cel-too-deep", position: { line: 1, column: 28 } });
    expect(problem(deep).message).toContain("column 28: comprehensions may nest once");
    expect(filter("object.a.filter(x, x).map(y, y).exists(z, z.all(w, w))").errors).toBeUndefined();
  });
});

describe("the time of a CEL filter", () => {
  /** Time passes only while an expression is evaluated: so much for each look at it. */
  const ticking = (ms: number) => {
    let now = 0;
    return () => (now += ms);
  };

  it("over 2 ms on three objects stops it for good, and it says so", () => {
    const cel = filter("object.status.phase == 'Running'", ticking(3));
    expect(cel.matches(pod, null, "a")).toBe(true);
    for (let again = 0; again < 5; again++) cel.matches(pod, null, "a");
    cel.matches(pod, null, "b");
    expect(cel.stop).toBeUndefined();
    cel.matches(pod, null, "c");
    expect(cel.stop).toEqual({ at: 1_000, reason: "its CEL filter took more than 2 ms on 3 objects" });
    expect(cel.matches(pod, null, "d")).toBe(false);
  });

  it("is measured twice before it counts: one pause of the machine stops nothing", () => {
    let now = 0;
    const pauses = [0, 5];
    const cel = filter("true", () => (now += pauses.shift() ?? 0));
    for (const identity of ["a", "b", "c"]) {
      pauses.splice(0, pauses.length, 0, 0, 5);
      cel.matches(pod, null, identity);
    }
    expect(cel.stop).toBeUndefined();
  });

  it("is over after 10 ms on one object, in the middle of a list of any length", () => {
    const long = { items: Array.from({ length: 3_000 }, (_, index) => index) };
    let looks = 0;
    const cel = filter("object.items.exists(a, object.items.exists(b, a + b < 0))", () => ++looks / 10);
    expect(cel.matches(long, null, "a")).toBe(false);
    expect(cel.errors?.last).toBe("it took more than 10 ms on one object");
    // Of nine million steps a few thousand were taken, and again when it was tried twice.
    expect(looks).toBeLessThan(500);
  });

  it("stays in proportion to the text, whatever the pattern", () => {
    const name = "a".repeat(5_000);
    const cel = filter("object.name.matches('(a+)+$') || object.name.matches('^(a|a)*b')");
    expect([cel.matches({ name: `${name}!` }, null, "a"), cel.errors]).toEqual([false, undefined]);
  });
});
