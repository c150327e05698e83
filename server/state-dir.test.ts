import {
  chmodSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openSecrets } from "./state-dir.ts";

let base: string;
let stateDir: string;

beforeEach(() => {
  base = mkdtempSync(join(tmpdir(), "kube-inflight-state-"));
  stateDir = join(base, "deep", "kube-inflight");
});
afterEach(() => rmSync(base, { recursive: true, force: true }));

const modeOf = (path: string): string => (statSync(path).mode & 0o777).toString(8);

describe("the state directory", () => {
  it("is made for its owner alone, with a key and a token", () => {
    const { secrets, warning } = openSecrets(stateDir, { isNew: false });
    expect(warning).toBeUndefined();
    expect(readdirSync(stateDir).sort()).toEqual(["session-key", "token"]);
    expect(modeOf(stateDir)).toBe("700");
    expect(modeOf(join(stateDir, "token"))).toBe("600");
    expect(modeOf(join(stateDir, "session-key"))).toBe("600");
    expect(readFileSync(join(stateDir, "token"), "utf8").trim()).toBe(secrets.token);
    expect(secrets.sessionKey).toHaveLength(32);
  });

  it("gives the same secrets again", () => {
    const first = openSecrets(stateDir, { isNew: false });
    expect(openSecrets(stateDir, { isNew: false })).toEqual(first);
  });

  it("gives new ones when a new session is asked for", () => {
    const first = openSecrets(stateDir, { isNew: false }).secrets;
    const { secrets, warning } = openSecrets(stateDir, { isNew: true });
    expect(warning).toBeUndefined();
    expect(secrets.token).not.toBe(first.token);
    expect(secrets.sessionKey).not.toEqual(first.sessionKey);
  });

  it("is closed to others if it was open", () => {
    openSecrets(stateDir, { isNew: false });
    chmodSync(stateDir, 0o755);
    openSecrets(stateDir, { isNew: false });
    expect(modeOf(stateDir)).toBe("700");
  });

  it("replaces a secret that others could have read, and says so", () => {
    const first = openSecrets(stateDir, { isNew: false }).secrets;
    chmodSync(join(stateDir, "token"), 0o644);
    const { secrets, warning } = openSecrets(stateDir, { isNew: false });
    expect(secrets.token).not.toBe(first.token);
    expect(secrets.sessionKey).toEqual(first.sessionKey);
    expect(warning).toContain("could be read by others");
    expect(modeOf(join(stateDir, "token"))).toBe("600");
  });

  it("replaces a secret that was cut off", () => {
    openSecrets(stateDir, { isNew: false });
    writeFileSync(join(stateDir, "token"), "abc");
    expect(openSecrets(stateDir, { isNew: false }).secrets.token).toMatch(/^[\w-]{43}$/);
  });

  it("is done without when it cannot be made: a warning, and secrets in memory", () => {
    const file = join(base, "file");
    writeFileSync(file, "");
    const { secrets, warning } = openSecrets(join(file, "kube-inflight"), { isNew: false });
    expect(warning).toMatch(/cannot be used .* --state-dir/s);
    expect(secrets.token).toMatch(/^[\w-]{43}$/);
  });

  it("does not follow a link that stands where a secret should", () => {
    openSecrets(stateDir, { isNew: false });
    const elsewhere = join(base, "elsewhere");
    writeFileSync(elsewhere, "A".repeat(43), { mode: 0o600 });
    rmSync(join(stateDir, "token"));
    symlinkSync(elsewhere, join(stateDir, "token"));
    const { secrets, warning } = openSecrets(stateDir, { isNew: false });
    expect(secrets.token).not.toBe("A".repeat(43));
    expect(warning).toContain("cannot be used");
  });
});
