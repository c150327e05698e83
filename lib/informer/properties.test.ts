import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { objectKey, type KubeObject } from "#lib/kube/index.ts";
import { apiStatusError } from "./api-errors.ts";
import { isDeletedFinalStateUnknown, lastState, type Deleted, type EventHandler } from "./notification.ts";
import type { Registration } from "./registration.ts";
import { expired } from "./testing/fake-source.ts";
import { World } from "./testing/world.ts";

type Temper = "quick" | "awaited" | "slow" | "throwing";

type Step =
  | { readonly do: "create" | "update" | "delete"; readonly name: number; readonly app: string }
  | { readonly do: "add"; readonly temper: Temper; readonly filtered: boolean }
  | { readonly do: "remove"; readonly which: number }
  | { readonly do: "removeItself"; readonly which: number }
  | { readonly do: "end" | "gone" | "throttle" | "fail" | "offline" | "online" | "bookmark" | "relist" | "compact" }
  | { readonly do: "advance"; readonly ms: number };

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      do: fc.constantFrom("create", "update", "delete"),
      name: fc.nat({ max: 5 }),
      app: fc.constantFrom("web", "db"),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant("add"),
      temper: fc.constantFrom<Temper[]>("quick", "awaited", "slow", "throwing"),
      filtered: fc.boolean(),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constantFrom("remove", "removeItself"), which: fc.nat() }) },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constantFrom("end", "gone", "throttle", "fail", "offline", "online", "bookmark", "relist", "compact"),
    }),
  },
  { weight: 4, arbitrary: fc.record({ do: fc.constant("advance"), ms: fc.constantFrom(0, 100, 1_500, 5_000) }) },
);

const isWeb = ({ metadata }: KubeObject): boolean => metadata.labels?.["app"] === "web";

/** Hears one registration and checks that what it hears is a chain per object. */
class Chain implements EventHandler<KubeObject> {
  readonly known = new Map<string, KubeObject>();
  readonly heard: string[] = [];
  readonly #temper: Temper;
  readonly #world: World;
  registration: Registration | undefined;
  isRemovingItself = false;

  constructor(world: World, temper: Temper) {
    this.#world = world;
    this.#temper = temper;
  }

  onAdd(object: KubeObject): void | Promise<void> {
    const key = objectKey(object);
    expect(this.known.has(key), `add of ${key}, which it knows`).toBe(false);
    this.known.set(key, object);
    return this.#return(`add ${shown(object)}`);
  }

  onUpdate(old: KubeObject, object: KubeObject): void | Promise<void> {
    const key = objectKey(object);
    const known = this.known.get(key);
    expect(known && shown(known), `update of ${key} from what it did not hear last`).toBe(shown(old));
    this.known.set(key, object);
    return this.#return(`update ${shown(old)} ${shown(object)}`);
  }

  onDelete(deleted: Deleted<KubeObject>): void | Promise<void> {
    const object = lastState(deleted);
    const key = objectKey(object);
    const known = this.known.get(key);
    expect(known?.metadata.uid, `delete of ${key}, which it does not know`).toBe(object.metadata.uid);
    if (isDeletedFinalStateUnknown(deleted)) expect(known && shown(known)).toBe(shown(object));
    this.known.delete(key);
    return this.#return(`delete ${shown(object)}`);
  }

  #return(note: string): void | Promise<void> {
    this.heard.push(note);
    if (this.isRemovingItself && this.registration !== undefined) {
      this.#world.informer.removeEventHandler(this.registration);
    }
    switch (this.#temper) {
      case "awaited":
        return Promise.resolve();
      case "slow":
        return new Promise((resolve) => void this.#world.clock.setTimer(100, resolve));
      case "throwing":
        if (this.heard.length % 3 === 0) throw new ScriptedFailure();
        return undefined;
      case "quick":
        return undefined;
      default:
        throw new Error(`unknown temper ${this.#temper as string}`);
    }
  }
}

/** The only failure that a handler of these tests may show: anything else is a broken promise of the informer. */
class ScriptedFailure extends Error {}

function shown({ metadata }: KubeObject): string {
  return `${metadata.name}#${metadata.uid}@${metadata.resourceVersion}`;
}

interface Played {
  readonly world: World;
  /** By the index of the step that added it. */
  readonly chains: ReadonlyMap<number, { readonly chain: Chain; readonly filtered: boolean }>;
}

interface Play {
  readonly isStreaming: boolean;
  readonly resyncPeriodMs: number;
  /** What belongs to the registration that this step adds is left out. */
  readonly without?: number;
}

async function play(steps: readonly Step[], { isStreaming, resyncPeriodMs, without = -1 }: Play): Promise<Played> {
  const world = new World({
    isStreamingEnabled: isStreaming,
    resyncPeriodMs,
    indexers: { app: ({ metadata }) => [metadata.labels?.["app"] ?? ""] },
  });
  const chains = new Map<number, { readonly chain: Chain; readonly filtered: boolean }>();
  const added = steps.flatMap((each, index) => (each.do === "add" ? [index] : []));
  await world.run();
  for (const [index, each] of steps.entries()) {
    // Which of two ready things comes first is not promised, so they are not left to chance where it would be heard.
    if (["add", "remove", "removeItself"].includes(each.do)) await world.settle();
    if (each.do === "add") {
      if (index === without) continue;
      const chain = new Chain(world, each.temper);
      chain.registration = world.informer.addEventHandler(chain, each.filtered ? { filter: isWeb } : {});
      chains.set(index, { chain, filtered: each.filtered });
    } else if (each.do === "remove" || each.do === "removeItself") {
      const target = chains.get(added[each.which % Math.max(1, added.length)] ?? -1)?.chain;
      if (target?.registration === undefined) continue;
      if (each.do === "remove") world.informer.removeEventHandler(target.registration);
      else target.isRemovingItself = true;
    } else await playOnServer(each, world);
  }
  world.source.goOnline();
  await world.clock.advance(600_000);
  return { world, chains };
}

async function playOnServer(step: Step, { source, informer, clock }: World): Promise<void> {
  switch (step.do) {
    case "create":
      if (!source.updateIfPresent("a", `p${step.name}`, { app: step.app })) {
        source.create("a", `p${step.name}`, { app: step.app });
      }
      return;
    case "update":
      source.updateIfPresent("a", `p${step.name}`, { app: step.app });
      return;
    case "delete":
      source.deleteIfPresent("a", `p${step.name}`);
      return;
    case "end":
      return source.endStreams();
    case "gone":
      return source.send({ type: "ERROR", error: expired() });
    case "throttle":
      return source.send({ type: "ERROR", error: apiStatusError("slow down", 429) });
    case "fail":
      return source.failNext("watch", apiStatusError("boom", 500));
    case "offline":
      return source.goOffline();
    case "online":
      return source.goOnline();
    case "bookmark":
      source.bumpVersion();
      return source.sendBookmark();
    case "relist":
      informer.relist();
      return;
    case "compact":
      return source.compact();
    case "advance":
      return clock.advance(step.ms);
    case "add":
    case "remove":
    case "removeItself":
      throw new Error(`${step.do} is no step of the server`);
    default:
      throw new Error("unknown step");
  }
}

const unexpected = ({ world }: Played): readonly unknown[] =>
  world.reports.filter(({ kind, error }) => kind === "handlerFailed" && !(error instanceof ScriptedFailure));

describe("whatever happens", () => {
  const scenario = [
    fc.array(step, { minLength: 5, maxLength: 60 }),
    fc.record({ isStreaming: fc.boolean(), resyncPeriodMs: fc.constantFrom(0, 2_000) }),
  ] as const;

  it("I25 I43 each registration hears a chain per object, and ends with the server's state", async () => {
    await fc.assert(
      fc.asyncProperty(...scenario, async (steps, how) => {
        const played = await play(steps, how);
        const { world, chains } = played;
        expect(unexpected(played)).toEqual([]);
        const versions = (objects: Iterable<KubeObject>): string[] => [...objects].map(shown).sort();
        expect(versions(world.informer.store.list())).toEqual(versions(world.source.objects()));
        for (const { chain, filtered } of chains.values()) {
          const { registration } = chain;
          if (registration === undefined || !world.informer.registrations.includes(registration)) continue;
          const expected = filtered ? world.source.objects().filter(isWeb) : world.source.objects();
          if (how.resyncPeriodMs === 0) expect(registration.pending).toBe(0);
          expect(versions(chain.known.values())).toEqual(versions(expected));
        }
        expect(await verifiedDifferences(world)).toBe(0);
      }),
      { numRuns: 150 },
    );
  });

  it("I41 I47 a registration, whatever becomes of it, never changes what another hears", async () => {
    await fc.assert(
      fc.asyncProperty(...scenario, fc.nat(), async (steps, how, choice) => {
        const added = steps.flatMap((each, index) => (each.do === "add" ? [index] : []));
        fc.pre(added.length >= 2);
        const without = added[choice % added.length] ?? -1;
        const [all, fewer] = [await play(steps, how), await play(steps, { ...how, without })];
        for (const [index, { chain }] of fewer.chains) expect(all.chains.get(index)?.chain.heard).toEqual(chain.heard);
        expect(fewer.chains.has(without)).toBe(false);
      }),
      { numRuns: 100 },
    );
  });

  it("I32 the index is what a scan of the store would find", async () => {
    await fc.assert(
      fc.asyncProperty(...scenario, async (steps, how) => {
        const { store } = (await play(steps, how)).world.informer;
        for (const app of ["web", "db"]) {
          const found = store.list().filter(({ metadata }) => metadata.labels?.["app"] === app);
          expect(store.indexKeys("app", app)).toEqual(found.map(objectKey).sort());
          expect(store.indexValues("app").includes(app)).toBe(found.length > 0);
        }
      }),
      { numRuns: 50 },
    );
  });
});

async function verifiedDifferences(world: World): Promise<number> {
  const verification = world.informer.verify({ aborted: false, addEventListener() {}, removeEventListener() {} });
  await world.clock.advance(5_000);
  const { missing, extra, older } = await verification;
  return missing.length + extra.length + older.length;
}
