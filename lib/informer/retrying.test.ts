import { describe, expect, it } from "vitest";
import { Abort } from "#lib/clock/index.ts";
import { FakeClock } from "#lib/clock/testing/fake-clock.ts";
import { apiStatusError, ConnectionError, type ConnectionErrorKind } from "./api-errors.ts";
import type { ListerWatcher, WatchOptions } from "./lister-watcher.ts";
import { retrying } from "./retrying.ts";

const listOptions = { resourceVersion: "", limit: 0, continue: "" };
const watchOptions: WatchOptions = {
  resourceVersion: "1",
  resourceVersionMatch: "",
  allowWatchBookmarks: true,
  sendInitialEvents: false,
  timeoutSeconds: 300,
};

/** A source that fails as often as it is told, and the instants at which it was asked. */
function aSource(error: Error, failures: number) {
  const clock = new FakeClock(0);
  const asked: number[] = [];
  const answer = async () => {
    asked.push(clock.now());
    if (asked.length <= failures) throw error;
    return (async function* () {})();
  };
  const source: ListerWatcher<never> = { list: answer, watch: answer };
  const abort = new Abort();
  return { clock, asked, abort, source: retrying(source, clock) };
}

async function settled<R>(promise: Promise<R>, clock: FakeClock): Promise<R | Error> {
  const outcome = promise.catch((error: Error) => error);
  await clock.advance(60_000);
  return outcome;
}

describe("the retry layer", () => {
  it.each([429, 500, 503, 504])("I22 waits as long as %d asks for", async (code) => {
    const { source, clock, asked, abort } = aSource(apiStatusError("", code, "3"), 2);
    await settled(source.list(listOptions, abort.signal), clock);
    expect(asked).toEqual([0, 3_000, 6_000]);
  });

  it.each([
    ["without Retry-After", apiStatusError("", 429)],
    ["403, whatever its header says", apiStatusError("", 403, "1")],
    ["refused", new ConnectionError("refused", "")],
    ["anything else", new Error("x")],
  ])("I22 does not retry %s", async (_what, error) => {
    const { source, clock, asked, abort } = aSource(error, 1);
    expect(await settled(source.list(listOptions, abort.signal), clock)).toBe(error);
    expect(asked).toEqual([0]);
  });

  it("I23 tells each failure at once that it does not pass on", async () => {
    const error = new ConnectionError("timeout", "");
    const { source, clock, abort } = aSource(error, 2);
    const told: unknown[] = [];
    source.onRetry = (failure) => told.push([clock.now(), failure]);
    await settled(source.watch(watchOptions, abort.signal), clock);
    expect(told).toEqual([
      [0, error],
      [1_000, error],
    ]);
  });

  it("I22 gives up after ten retries, with the last error", async () => {
    const error = apiStatusError("", 504, "1");
    const { source, clock, asked, abort } = aSource(error, 99);
    expect(await settled(source.list(listOptions, abort.signal), clock)).toBe(error);
    expect(asked.length).toBe(11);
  });

  const kinds: readonly (readonly [ConnectionErrorKind, boolean, boolean])[] = [
    ["reset", true, true],
    ["eof", true, true],
    ["closed", true, true],
    ["goAway", true, true],
    ["lost", true, false],
    ["timeout", false, true],
    ["refused", false, false],
    ["tls", false, false],
    ["dns", false, false],
  ];
  it.each(kinds)("I23 %s: list %s, watch %s", async (kind, isRetriedByList, isRetriedByWatch) => {
    const lists = aSource(new ConnectionError(kind, ""), 1);
    await settled(lists.source.list(listOptions, lists.abort.signal), lists.clock);
    const watches = aSource(new ConnectionError(kind, ""), 1);
    await settled(watches.source.watch(watchOptions, watches.abort.signal), watches.clock);
    expect([lists.asked, watches.asked]).toEqual([
      isRetriedByList ? [0, 1_000] : [0],
      isRetriedByWatch ? [0, 1_000] : [0],
    ]);
  });

  it("I24 a watch that cannot be opened for a broken connection has ended", async () => {
    const { source, clock, asked, abort } = aSource(new ConnectionError("eof", ""), 99);
    const stream = await settled(source.watch(watchOptions, abort.signal), clock);
    if (stream instanceof Error) throw stream;
    expect(await stream[Symbol.asyncIterator]().next()).toEqual({ done: true, value: undefined });
    expect(asked.length).toBe(11);
  });

  it("stops waiting when the signal is aborted", async () => {
    const error = apiStatusError("", 429, "30");
    const { source, clock, asked, abort } = aSource(error, 1);
    const outcome = source.list(listOptions, abort.signal).catch((thrown: Error) => thrown);
    await clock.settle();
    abort.abort();
    expect(await outcome).toBe(error);
    expect(asked).toEqual([0]);
  });
});
