import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ExecApprovals } from "./exec-approvals.ts";

const [aws, gke] = ["a".repeat(64), "b".repeat(64)];

describe("approved sign-in commands", () => {
  let directory: string;
  let complaints: unknown[];
  const open = (stateDir = directory) => new ExecApprovals(stateDir, (error) => complaints.push(error));

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), "approvals-"));
    complaints = [];
  });
  afterEach(() => rmSync(directory, { recursive: true }));

  it("are remembered, each by its hash, in a file of their owner", () => {
    const approvals = open();
    expect([approvals.has(aws), approvals.hashes()]).toEqual([false, []]);
    approvals.approve(aws);
    approvals.approve(aws);
    approvals.approve(gke);
    const next = open();
    expect([next.has(aws), next.has(gke), next.hashes(), complaints]).toEqual([true, true, [aws, gke], []]);
    const file = join(directory, "approved-exec.json");
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(JSON.parse(readFileSync(file, "utf8"))).toEqual([aws, gke]);
  });

  it("hold until the end where they cannot be kept, and somebody is told", () => {
    const nowhere = join(directory, "gone");
    const approvals = open(nowhere);
    approvals.approve(aws);
    expect([approvals.has(aws), open(nowhere).has(aws)]).toEqual([true, false]);
    expect(complaints).toMatchObject([{ code: "ENOENT" }]);
  });

  it.each(["", "{}", "null", "[1]", `["${aws}", "short"]`, `["${"Z".repeat(64)}"]`, "[", `{"hashes": ["${aws}"]}`])(
    "%j approves nothing",
    (text) => {
      writeFileSync(join(directory, "approved-exec.json"), text);
      expect([open().hashes(), complaints]).toEqual([[], []]);
    },
  );
});
