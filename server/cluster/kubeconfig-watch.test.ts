import { mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, unlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { FakeClock } from "#lib/clock/testing/fake-clock.ts";
import { KubeconfigWatch, lookMs } from "./kubeconfig-watch.ts";

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "kubeconfig-watch-"));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const withContexts = (...names: readonly string[]): string =>
  JSON.stringify({ contexts: names.map((name) => ({ name, context: { cluster: name } })) });

/** A watch on files of the directory. Names are those of the contexts, `!` what is wrong. */
function aWatch(...files: readonly string[]) {
  const clock = new FakeClock();
  const paths = files.map((file) => join(directory, file));
  const watch = new KubeconfigWatch({ paths, environment: {}, clock });
  const heard: string[] = [];
  const now = (): string => {
    const { kubeconfig, problem } = watch;
    return [...(kubeconfig?.contexts.keys() ?? []), ...(problem === undefined ? [] : [`!${problem.code}`])].join(" ");
  };
  const end = watch.watch(() => void heard.push(now()));
  return { clock, watch, heard, now, end, look: (times = 1) => clock.advance(times * lookMs) };
}

const write = (file: string, text: string): void => writeFileSync(join(directory, file), text);

it("takes a change when two looks found the same, and tells it once", async () => {
  write("config", withContexts("a"));
  const { heard, now, look } = aWatch("config");
  await look(5);
  expect([now(), heard]).toEqual(["a", []]);
  write("config", withContexts("a", "b"));
  await look();
  expect(now()).toBe("a");
  write("config", withContexts("a", "b", "c"));
  await look();
  expect([now(), heard]).toEqual(["a", []]);
  await look(5);
  expect(heard).toEqual(["a b c"]);
});

it.each([
  {
    how: "renamed over",
    replace: () => {
      write("config.new", withContexts("new"));
      renameSync(join(directory, "config.new"), join(directory, "config"));
    },
  },
  {
    how: "removed and written again",
    replace: () => {
      unlinkSync(join(directory, "config"));
      write("config", withContexts("new"));
    },
  },
])("follows a file that is $how", async ({ replace }) => {
  write("config", withContexts("old"));
  const { heard, look } = aWatch("config");
  replace();
  await look(2);
  expect(heard).toEqual(["new"]);
});

it("follows a link that is turned, as mounted volumes do", async () => {
  for (const version of ["1", "2"]) {
    mkdirSync(join(directory, version));
    write(join(version, "config"), withContexts(`v${version}`));
  }
  const turnTo = (version: string): void => {
    symlinkSync(version, join(directory, "..next"));
    renameSync(join(directory, "..next"), join(directory, "current"));
  };
  turnTo("1");
  const { heard, now, look } = aWatch(join("current", "config"));
  expect(now()).toBe("v1");
  turnTo("2");
  await look(2);
  expect(heard).toEqual(["v2"]);
});

it("keeps the last good content of a file that is spoiled, and says so until it is mended", async () => {
  write("config", withContexts("a"));
  const { watch, heard, look } = aWatch("config");
  write("config", '{"contexts": [{"na');
  await look(2);
  expect(watch.problem?.message).toMatch(/is not a kubeconfig: line 1, .*What it said before still counts\.$/);
  write("config", withContexts("b"));
  await look(2);
  expect(heard).toEqual(["a !kubeconfig-malformed", "b"]);
});

it("merges what files there are: one that is spoiled from the start, or comes late, or goes, harms no other", async () => {
  write("a", withContexts("a", "both"));
  write("b", "contexts: 1");
  const { heard, now, look } = aWatch("a", "b", join("later", "c"));
  expect(now()).toBe("a both !kubeconfig-malformed");
  mkdirSync(join(directory, "later"));
  write(join("later", "c"), withContexts("c", "both"));
  await look(2);
  write("b", withContexts("b"));
  await look(2);
  unlinkSync(join(directory, "a"));
  await look(2);
  unlinkSync(join(directory, "b"));
  rmSync(join(directory, "later"), { recursive: true });
  await look(2);
  expect(heard).toEqual(["a both c !kubeconfig-malformed", "a both b c", "b c both", "!kubeconfig-missing"]);
});

it("looks no more once it is ended; ending it twice is harmless", async () => {
  const { clock, heard, end, look } = aWatch("config");
  end();
  end();
  write("config", withContexts("a"));
  await look(4);
  expect([heard, clock.nextTimerAt]).toEqual([[], undefined]);
});
