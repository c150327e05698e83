import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { scenarios, verdictCode, type Scenario } from "#lib/protocol/index.ts";
import { moments } from "./moments.ts";
import type { Situation } from "./situation.ts";
import { restlessSituations } from "./scheduler.ts";
import { noNodes, table } from "./table.ts";

const all: readonly Situation[] = [noNodes, ...table, ...restlessSituations, ...Object.values(moments)];

/** They take a scheduler that is ours, or one that stood still at the right moment. */
const notOfATable = ["missed-event", "stuck-in-flight", "lost", "flush-overdue", "permit-wait"];

test("every code that a real cluster can have is in the table, which has sixty situations and more", () => {
  const codes = new Set(all.map(({ code }) => code));
  expect(verdictCode.options.filter((code) => !codes.has(code))).toEqual(notOfATable);
  const names = [...table, ...restlessSituations].map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
  expect(names.length).toBeGreaterThan(60);
});

test("the embedded cluster has a scenario for every code, but for those that the page about verdicts names", () => {
  const told = new Set(Object.values(scenarios).flatMap((scenario: Scenario) => scenario.verdict ?? []));
  const text = readFileSync(new URL("../../../docs/verdicts.md", import.meta.url), "utf8");
  const [, names = ""] = /^- never on the embedded cluster: (.*)$/m.exec(text) ?? [];
  const missing = verdictCode.options.filter((code) => !told.has(code)).map((code) => `\`${code}\``);
  expect(names.split(", ").sort()).toEqual(missing.sort());
});

test("the page about verdicts has a row for each code, in their order, and names the situations that prove it", () => {
  const text = readFileSync(new URL("../../../docs/verdicts.md", import.meta.url), "utf8");
  const codes = text.split("\n").flatMap((line) => /^\| (`[a-z-]+`)/.exec(line)?.[1] ?? []);
  const proofs = text.split("\n").flatMap((line) => {
    const [, code, names = ""] = /^- (`[a-z-]+`): (.*)$/.exec(line) ?? [];
    return code === undefined ? [] : [[code, (names.match(/`[a-z-]+`/g) ?? []).sort()]];
  });
  const named = (name: string): string => `\`${name}\``;
  expect(codes).toEqual(verdictCode.options.map(named));
  expect(proofs).toEqual(
    verdictCode.options.map((code) => [
      named(code),
      all
        .filter((situation) => situation.code === code)
        .map(({ name }) => named(name))
        .sort(),
    ]),
  );
});
