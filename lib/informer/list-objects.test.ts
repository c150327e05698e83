import { describe, expect, it } from "vitest";
import { FakeClock } from "#lib/clock/testing/fake-clock.ts";
import type { ListPart } from "./lister-watcher.ts";
import { listObjects, SyncFailedError, type Transform } from "./list-objects.ts";
import { Pacer } from "./pacer.ts";
import { expired, never } from "./testing/fake-source.ts";

type Answer = readonly ListPart<string>[] | Error;

/** Lists what the answers say, and writes down when each object was handed over and transformed. */
async function list(answers: readonly Answer[], transform?: Transform<string>) {
  const log: string[] = [];
  const progress: string[] = [];
  let asked = 0;
  const listed = listObjects<string>({
    source: {
      list: async ({ resourceVersion, limit, continue: token }) => {
        log.push(`list ${resourceVersion}/${limit}/${token}`);
        const answer = answers[asked++];
        if (answer === undefined || answer instanceof Error) throw answer ?? new Error("asked too often");
        return (async function* () {
          for (const part of answer) {
            if (part.kind === "items") log.push(`sent ${part.items.join()}`);
            yield part;
          }
        })();
      },
      watch: () => Promise.reject(new Error("no watch here")),
    },
    resourceVersion: "5",
    pageSize: 2,
    transform: (object) => {
      log.push(`transform ${object}`);
      return transform?.(object) ?? object.toUpperCase();
    },
    signal: never(),
    pacer: new Pacer(new FakeClock()),
    progress: (page, received, pagesAbout) => progress.push(`${page} of ${pagesAbout ?? "?"}: ${received}`),
  });
  return { listed: await listed.catch((error: Error) => error), log, progress };
}

const items = (...objects: string[]): ListPart<string> => ({ kind: "items", items: objects });
const metadata = (resourceVersion: string, token = "", remainingItemCount?: number): ListPart<string> => ({
  kind: "metadata",
  metadata: { resourceVersion, continue: token, ...(remainingItemCount === undefined ? {} : { remainingItemCount }) },
});

describe("a list", () => {
  it("I73 says on which page it is and about how many there will be, once the server says what remains", async () => {
    const { progress } = await list([
      [metadata("7", "p2", 3), items("a", "b")],
      [items("c", "d"), metadata("7", "p3", 2)],
      [items("e", "f"), metadata("7")],
    ]);
    expect(progress).toEqual(["1 of ?: 0", "1 of 3: 2", "2 of 3: 2", "2 of 3: 4", "3 of 3: 4", "3 of 3: 6"]);
  });

  it("I39 in one answer is transformed as it arrives", async () => {
    const { listed, log } = await list([[metadata("7"), items("a"), items("b")]]);
    expect(listed).toEqual({ objects: ["A", "B"], resourceVersion: "7", isPaginated: false });
    expect(log).toEqual(["list 5/2/", "sent a", "transform a", "sent b", "transform b"]);
  });

  it("I39 whose metadata comes last is transformed once, when it is known to be whole", async () => {
    const { listed, log } = await list([[items("a"), items("b"), metadata("7")]]);
    expect(listed).toMatchObject({ objects: ["A", "B"], resourceVersion: "7" });
    expect(log).toEqual(["list 5/2/", "sent a", "sent b", "transform a", "transform b"]);
  });

  it("I3 in pages has the version of the first one, and I39 waits for the last", async () => {
    const { listed, log } = await list([
      [metadata("7", "t1"), items("a")],
      [items("b"), metadata("9", "t2")],
      [metadata("9"), items("c")],
    ]);
    expect(listed).toEqual({ objects: ["A", "B", "C"], resourceVersion: "7", isPaginated: true });
    expect(log).toEqual([
      "list 5/2/",
      "sent a",
      "list /2/t1",
      "sent b",
      "list /2/t2",
      "sent c",
      ...["a", "b", "c"].map((object) => `transform ${object}`),
    ]);
  });

  it("I4 whose token expired is asked for whole, at the version of page one", async () => {
    const { listed, log } = await list([
      [metadata("7", "t1"), items("a")],
      expired(),
      [metadata("8"), items("a", "b")],
    ]);
    expect(listed).toEqual({ objects: ["A", "B"], resourceVersion: "8", isPaginated: true });
    expect(log).toEqual(["list 5/2/", "sent a", "list /2/t1", "list 5/0/", "sent a,b", "transform a", "transform b"]);
  });

  it("I4 that fails otherwise, or expires on page one, fails", async () => {
    expect((await list([[metadata("7", "t1"), items("a")], new Error("no")])).listed).toEqual(new Error("no"));
    expect((await list([expired()])).listed).toEqual(expired());
  });

  it("I38 whose transform fails fails, with the cause", async () => {
    const cause = new Error("bad object");
    const { listed } = await list([[metadata("7"), items("a")]], () => {
      throw cause;
    });
    expect(listed).toBeInstanceOf(SyncFailedError);
    expect(listed).toMatchObject({ cause });
  });

  it("without metadata has no version; without items it is empty", async () => {
    expect((await list([[items("a")]])).listed).toEqual({ objects: ["A"], resourceVersion: "", isPaginated: false });
    expect((await list([[metadata("3")]])).listed).toMatchObject({ objects: [], resourceVersion: "3" });
  });
});
