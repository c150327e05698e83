import { expect, test } from "vitest";
import { aPod } from "#lib/kube/testing/builders.ts";
import type { Attempt } from "./cycle.ts";
import { SharedAttempts } from "./shared-attempts.ts";

test("A13 pods of one shape share an attempt until something changes that it looked at", () => {
  const shared = new SharedAttempts();
  let made = 0;
  const now = { versions: { placed: 1, surroundings: 1, antiAffinity: 1, others: 1 }, revision: 1 };
  const attempt = (name: string, cpu: string, rests = now): Attempt | undefined =>
    shared.attempt(aPod(name, { requests: { cpu } }), rests, () => ({ kind: "noNodes", message: `${++made}` }));
  const first = attempt("a", "1");
  expect(attempt("b", "1")).toBe(first);
  expect(attempt("c", "2")).not.toBe(first);
  expect(made).toBe(2);
  for (const changed of ["placed", "antiAffinity", "others"] as const) {
    const rests = { ...now, versions: { ...now.versions, [changed]: 2 } };
    attempt("a", "1", rests);
    expect(attempt("b", "1", rests)).toEqual({ kind: "noNodes", message: `${made}` });
  }
  attempt("a", "1", { ...now, revision: 2 });
  expect(made).toBe(6);
  for (let cpu = 10; cpu < 200; cpu++) attempt("other", `${cpu}`);
  expect(attempt("b", "1")).not.toBe(first);
  expect(shared.attempt(aPod("foreign"), now, () => undefined)).toBeUndefined();
});
