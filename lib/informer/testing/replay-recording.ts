import { FakeClock } from "#lib/clock/testing/fake-clock.ts";
import type { Registration } from "../registration.ts";
import { RecordedHandler } from "./recorded-handler.ts";
import { RecordedInformerUnderTest, indexersOf } from "./recorded-informer.ts";
import { canonical } from "./recorded-source.ts";
import {
  isBinding,
  recordingsOf,
  type RecordedNote,
  type RecordedOp,
  type RecordedReaction,
  type RecordedRun,
  type RecordedState,
  type RecordedStep,
  type Recording,
} from "./recording.ts";

export interface ReplayOutcome {
  readonly name: string;
  /** The first difference from what was recorded; `undefined` where there is none. */
  readonly difference: string | undefined;
  readonly isBinding: boolean;
}

/**
 * Replays a file of recordings, one or a pack of them, step by step against the port, and compares everything that can
 * be seen.
 *
 * @param settle resolves when no promise is ready to run any more
 * @throws when `content` is no recording
 */
export async function replayRecordings(
  content: unknown,
  settle: () => Promise<void>,
): Promise<readonly ReplayOutcome[]> {
  const outcomes: ReplayOutcome[] = [];
  for (const recording of recordingsOf(content)) {
    const name = `${recording.scenario.name}.${recording.mode}`;
    const difference = await new Replay(recording, settle).run();
    outcomes.push({ name, difference, isBinding: isBinding(recording) });
  }
  return outcomes;
}

/** A stop in the wait of a streaming list takes effect at once here; client-go waits to the end first. */
const interruptibleHere: ReadonlySet<string> = new Set(["streaming-stop-during-backoff"]);

/** Operations on the server or on time: what they did is in the frames, the answers and the instants. */
const notOurs: ReadonlySet<string> = new Set(
  `create update delete bumpRV restore compact bookmark initialEventsEnd streamEnd streamError emit emitRaw offline
   online fault clearFaults release config advance awaitRequests awaitWatch settle`.split(/\s+/),
);

class Replay {
  readonly #recording: Recording;
  readonly #clock: FakeClock;
  readonly #informers = new Map<string, RecordedInformerUnderTest>();
  readonly #handlers = new Map<string, RecordedHandler>();
  readonly #handles = new Map<string, { readonly registration: Registration; readonly informer: string }>();
  readonly #states = new Map<string, RecordedState>();
  #reactions: RecordedReaction[] = [];
  #transforms: Record<string, number> = {};
  #difference: string | undefined;
  #step: RecordedStep | undefined;

  constructor(recording: Recording, settle: () => Promise<void>) {
    this.#recording = recording;
    this.#clock = new FakeClock(0, settle);
    for (const config of recording.scenario.informers ?? [{ id: "A" }]) {
      const informer = new RecordedInformerUnderTest(config, {
        clock: this.#clock,
        jitter: recording.jitter,
        isStreamingEnabled: recording.mode === "watchlist",
        differ: (difference) => this.#differ(difference),
        countTransform: (key) => {
          this.#transforms[key] = (this.#transforms[key] ?? 0) + 1;
        },
      });
      this.#informers.set(config.id, informer);
    }
  }

  async run(): Promise<string | undefined> {
    for (const step of this.#recording.steps) {
      await this.#replay(step);
      if (this.#difference !== undefined) break;
    }
    const difference = this.#difference;
    for (const handler of this.#handlers.values()) handler.unblock();
    for (const informer of this.#informers.values()) informer.stop();
    await this.#clock.settle();
    return difference;
  }

  async #replay(step: RecordedStep): Promise<void> {
    this.#step = step;
    for (const { source } of this.#informers.values()) source.begin(step);
    const result = this.#apply(step.op);
    for (const { source } of this.#informers.values()) source.serverActs();
    await this.#clock.advanceTo(step.t);
    this.#compareResult(step.op, step.result, result);
    for (const { source } of this.#informers.values()) source.end();
    this.#compareNotifications(step.notifications ?? {});
    this.#compare("reactions", this.#takeReactions(), stripped(step.reactions ?? []));
    this.#compare("transforms", this.#takeTransforms(), step.transforms ?? {});
    for (const informer of this.#informers.values()) this.#compareInformer(informer, step);
  }

  #apply(op: RecordedOp): unknown {
    if (notOurs.has(op.op)) return undefined;
    if (op.op === "batch") return (op.do ?? []).map((each) => this.#apply(each));
    try {
      return this.#applyOurs(op);
    } catch (error) {
      return { error: error instanceof Error ? error.message : String(error) };
    }
  }

  #applyOurs(op: RecordedOp): unknown {
    const under = this.#informer(op);
    switch (op.op) {
      case "run":
        return under.run();
      case "stop":
        return under.stop();
      case "addHandler":
        return this.#addHandler(op, under);
      case "removeHandler":
        return this.#removeHandler(op);
      case "removeForeignType":
        return void under.informer.removeEventHandler({} as unknown as Registration);
      case "removeNil":
        return void under.informer.removeEventHandler(undefined as unknown as Registration);
      case "block":
        return this.#handler(op.handler).block(op.n ?? 0);
      case "unblock":
        return this.#handler(op.handler).unblock();
      case "panicOn":
        return this.#handler(op.handler).panicOn(op);
      case "react":
        return this.#handler(op.handler).reactOn(op);
      case "setTransform":
        return under.setTransform(op.name);
      case "setWatchErrorHandler":
        return under.informer.setWatchErrorHandler(() => {});
      case "addIndexers":
        return under.informer.addIndexers(indexersOf(op.indexers));
      default:
        return under.query(op);
    }
  }

  #addHandler(op: RecordedOp, { id, informer, handleHasSynced }: RecordedInformerUnderTest): void {
    const name = op.handle ?? "";
    const options = op.resyncMs === undefined ? {} : { resyncPeriodMs: op.resyncMs };
    const registration = informer.addEventHandler(this.#handler(op.handler ?? name), options);
    this.#handles.set(name, { registration, informer: id });
    handleHasSynced.set(name, () => registration.hasSynced);
  }

  #removeHandler({ handle = "", informer }: RecordedOp): void {
    const held = this.#handles.get(handle);
    if (held === undefined) throw new Error(`unknown handle ${handle}`);
    this.#informers.get(informer ?? held.informer)?.informer.removeEventHandler(held.registration);
  }

  #informer({ informer }: RecordedOp): RecordedInformerUnderTest {
    const found = informer === undefined ? [...this.#informers.values()][0] : this.#informers.get(informer);
    if (found === undefined) throw new Error(`unknown informer ${informer}`);
    return found;
  }

  #handler(name = ""): RecordedHandler {
    const known = this.#handlers.get(name);
    if (known !== undefined) return known;
    const handler = new RecordedHandler(name, (reacting, op) => {
      const result = this.#apply(op);
      this.#reactions.push({ handler: reacting, op, ...(result === undefined ? {} : { result }) });
    });
    this.#handlers.set(name, handler);
    return handler;
  }

  #takeReactions(): unknown {
    const reactions = this.#reactions.sort((a, b) => (a.handler < b.handler ? -1 : a.handler > b.handler ? 1 : 0));
    this.#reactions = [];
    return stripped(reactions);
  }

  #takeTransforms(): unknown {
    const transforms = this.#transforms;
    this.#transforms = {};
    return transforms;
  }

  /** The wording of errors does not bind. */
  #compareResult(op: RecordedOp, expected: unknown, got: unknown): void {
    if (notOurs.has(op.op)) return;
    if (op.op === "batch") {
      for (const [index, each] of (op.do ?? []).entries()) {
        this.#compareResult(each, (expected as readonly unknown[] | undefined)?.[index], (got as unknown[])[index]);
      }
      return;
    }
    this.#compare("result", withoutWording(got), withoutWording(expected ?? undefined));
  }

  #compareNotifications(expected: Readonly<Record<string, readonly RecordedRun[]>>): void {
    for (const name of new Set([...Object.keys(expected), ...this.#handlers.keys()])) {
      const notes = this.#handler(name).takeNotes();
      const runs = expected[name] ?? [];
      let start = 0;
      for (const { order, items } of runs) {
        const got = notes.slice(start, start + items.length);
        start += items.length;
        if (order === "strict") this.#compare(`notifications of ${name}`, got, items);
        else this.#compare(`notifications of ${name} in any order`, sorted(got), sorted(items));
      }
      if (notes.length > start) this.#compare(`notifications of ${name}`, notes.slice(start), []);
    }
  }

  #compareInformer(under: RecordedInformerUnderTest, step: RecordedStep): void {
    const { id } = under;
    this.#compare(`watch errors of ${id}`, under.takeWatchErrors(), step.watchErrors?.[id] ?? []);
    const recorded = step.state?.[id] ?? this.#states.get(id);
    if (recorded === undefined) throw new Error(`the recording has no state of informer ${id}`);
    this.#states.set(id, recorded);
    const state = under.state();
    const isEarly = interruptibleHere.has(this.#recording.scenario.name) && state.runReturned && !recorded.runReturned;
    this.#compare(`state of ${id}`, isEarly ? { ...state, stopped: false, runReturned: false } : state, recorded);
  }

  #compare(what: string, got: unknown, expected: unknown): void {
    if (canonical(got) === canonical(expected)) return;
    this.#differ(`${what}: expected ${canonical(expected)}, got ${canonical(got)}`);
  }

  #differ(difference: string): void {
    const { i, op } = this.#step ?? { i: -1, op: { op: "none" } };
    this.#difference ??= `step ${i} (${op.op}) at ${this.#clock.now()} ms: ${difference}`;
  }
}

function sorted(notes: readonly RecordedNote[]): readonly string[] {
  return notes.map(canonical).sort();
}

function stripped(reactions: readonly RecordedReaction[]): unknown {
  return reactions.map(({ handler, op, result }) => ({ handler, op, result: withoutWording(result) }));
}

function withoutWording(result: unknown): unknown {
  return typeof result === "object" && result !== null && "error" in result ? { error: "" } : result;
}
