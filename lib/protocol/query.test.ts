import { describe, expect, test } from "vitest";
import { matchesQuery, parseQuery, type QuerySubject } from "./query.ts";

const subject: QuerySubject = {
  namespace: "team-a",
  name: "indexer-5c9f7d6b44-tq8wz",
  verdict: "no-fit",
  severity: "blocked",
  queue: "unschedulable",
  plugins: ["NodeResourcesFit", "TaintToleration"],
  labels: { app: "indexer", "example.com/tier": "back" },
  priorityClass: "prod-high",
  scheduler: "default-scheduler",
  ageMs: 600_000,
  attempts: 4,
  text: () => "No node fits: 26 of 46 rule it out",
};

describe("the query grammar", () => {
  test.each([
    ["", true],
    ["indexer", true],
    ["TEAM-A/index", true],
    ["-indexer", false],
    ['"rule it out"', true],
    ["verdict:no-fit", true],
    ["verdict:spread,no-fit", true],
    ["verdict:blocked", true],
    ["-verdict:no-fit", false],
    ["queue:backoff", false],
    ["plugin:Taint*", true],
    ["plugin:*Fit", true],
    ["ns:team-*", true],
    ["ns:team", false],
    ["label:app", true],
    ["label:app=index*", true],
    ["label:app=web", false],
    ["label:example.com/tier=back", true],
    ["pc:prod-high", true],
    ["node:a", false],
    ["age>5m", true],
    ["age>10m", false],
    ["age<1h30m", true],
    ["age>300", true],
    ["attempts>3", true],
    ["attempts>4", false],
    ["attempts<5", true],
    ["scheduler:default-scheduler", true],
    ["verdict:no-fit queue:unschedulable indexer", true],
    ["verdict:no-fit queue:active", false],
    ["http://x", false],
    ["ns:*a*b*", false],
    ["ns:t*m*a", true],
  ])("%s", (source, expected) => {
    const query = parseQuery(source);
    expect(query.problem).toBeUndefined();
    expect(matchesQuery(query, subject)).toBe(expected);
  });

  test.each([
    "age>soon",
    "attempts>many",
    "verdict:",
    "attempts>-1",
    "age:5m",
    "verdict>3",
    "queue:sideways",
    "verdict:no-fits",
    "plugn:NodeResourcesFit",
  ])("%s cannot be read, and matches nothing", (source) => {
    const query = parseQuery(source);
    expect(query.problem).toContain(source);
    expect(parseQuery(`ns:shop  ${source} web`).problemAt).toEqual({ from: 9, to: 9 + source.length });
    expect(matchesQuery(query, subject)).toBe(false);
  });

  test.each([
    ["longer than 1000 characters", "x".repeat(1_001)],
    ["more than 32 parts", "x ".repeat(33)],
  ])("one that is %s cannot be read either", (problem, source) => {
    const query = parseQuery(source);
    expect(query.problem).toContain(problem);
    expect(matchesQuery(query, { ...subject, name: "x" })).toBe(false);
  });

  test.each([
    '"plugn:x"',
    "http://x",
    "queue:un*",
    "-verdict:crit*",
    "attempts>99999999999999999999",
    '"',
    "-",
    "****",
  ])("%s is absurd at most, and can be read", (source) => expect(parseQuery(source).problem).toBeUndefined());

  test("a term is remembered as it was written", () => {
    expect(parseQuery('ns:"team a" -x age>5m').terms.map(({ source }) => source)).toEqual([
      'ns:"team a"',
      "-x",
      "age>5m",
    ]);
  });
});
