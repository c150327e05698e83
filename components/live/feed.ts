import { z } from "zod";
import { closed, delta, failure, snapshot, topics, type JsonObject, type Problem } from "#lib/protocol/index.ts";
import { receiveDelta, receiveSnapshot, syncing, type Stream } from "./stream.model.ts";
import type { TopicRef, TopicState } from "./topic.ts";

/** What the feed needs of a socket. The reply is what the server makes of a message. */
export type Emit = (
  event: "subscribe" | "unsubscribe" | "ack",
  message: object,
  onReply?: (reply: unknown) => void,
) => void;

export interface FeedOptions {
  /** A newer state of a topic, with the number of messages that went into it. At most once per frame for each topic. */
  readonly onState: (ref: TopicRef, state: TopicState, updates: number) => void;
  /** Nobody looks at it any more. */
  readonly onDropped: (ref: TopicRef) => void;
  /** Runs a callback in the next frame. */
  readonly nextFrame: (callback: () => void) => void;
  /** Runs a callback after a while; returns what calls it off. */
  readonly later: (callback: () => void, ms: number) => () => void;
}

interface Watched {
  readonly ref: TopicRef;
  watchers: number;
  /** Of the open subscription: every new one gets a new number, so that a late message of the old one means nothing. */
  id: number | undefined;
  stream: Stream;
  updates: number;
  callOff: (() => void) | undefined;
}

/** A closed topic that is still looked at is asked for again after this long: an informer may start, a cluster come back. */
export const askAgainMs = 3_000;

/** A topic that nobody looks at is kept this long: a page that is left and another that opens often share it. */
export const lingerMs = 500;

const reply = z.union([z.object({ ok: z.literal(true) }), failure]);

/** All topics that somebody looks at, over one socket. A gap, and a new connection, have one answer: subscribe anew. */
export class Feed {
  readonly #options: FeedOptions;
  readonly #watched = new Map<string, Watched>();
  readonly #byId = new Map<number, Watched>();
  readonly #dirty = new Set<Watched>();
  #emit: Emit | undefined;
  #nextId = 1;

  constructor(options: FeedOptions) {
    this.#options = options;
  }

  /** Each call counts: the topic stays open until every one of them was taken back. Taking back twice is harmless. */
  watch(ref: TopicRef): () => void {
    const key = JSON.stringify([ref.cluster, ref.topic, ref.view]);
    const watched = this.#watched.get(key) ?? this.#open(key, ref);
    watched.watchers++;
    watched.callOff?.();
    watched.callOff = undefined;
    let isWatching = true;
    return () => {
      if (!isWatching) return;
      isWatching = false;
      watched.watchers--;
      if (watched.watchers > 0) return;
      watched.callOff = this.#options.later(() => this.#drop(key, watched), lingerMs);
    };
  }

  /** A connection is there. */
  connect(emit: Emit): void {
    this.#emit = emit;
    for (const watched of this.#watched.values()) this.#subscribe(watched);
  }

  /** The connection is gone, or shall rest: what was received stays on the screen. */
  disconnect(): void {
    for (const id of this.#byId.keys()) this.#emit?.("unsubscribe", { id });
    this.#emit = undefined;
    this.#byId.clear();
    this.#dirty.clear();
    for (const watched of this.#watched.values()) watched.id = undefined;
  }

  hearSnapshot(message: unknown): void {
    const { data } = snapshot.safeParse(message);
    const watched = data === undefined ? undefined : this.#byId.get(data.id);
    if (data === undefined || watched === undefined) return;
    const problem = problemOf(watched.ref, data.value);
    if (problem === undefined) this.#receive(watched, receiveSnapshot(data.seq, data.value));
    else this.#close(watched, problem);
  }

  hearDelta(message: unknown): void {
    const { data } = delta.safeParse(message);
    const watched = data === undefined ? undefined : this.#byId.get(data.id);
    if (data !== undefined && watched !== undefined) {
      this.#receive(watched, receiveDelta(watched.stream, data.seq, data.patch));
    }
  }

  hearClosed(message: unknown): void {
    const { data } = closed.safeParse(message);
    const watched = data === undefined ? undefined : this.#byId.get(data.id);
    if (data !== undefined && watched !== undefined) this.#close(watched, data.problem);
  }

  #open(key: string, ref: TopicRef): Watched {
    const watched: Watched = { ref, watchers: 0, id: undefined, stream: syncing, updates: 0, callOff: undefined };
    this.#watched.set(key, watched);
    this.#subscribe(watched);
    return watched;
  }

  #drop(key: string, watched: Watched): void {
    this.#watched.delete(key);
    this.#dirty.delete(watched);
    this.#unsubscribe(watched);
    this.#options.onDropped(watched.ref);
  }

  #subscribe(watched: Watched): void {
    if (this.#emit === undefined) return;
    const id = this.#nextId++;
    watched.id = id;
    watched.stream = syncing;
    this.#byId.set(id, watched);
    this.#emit("subscribe", { id, ...watched.ref }, (answer) => {
      const refusal = reply.safeParse(answer).data;
      if (refusal?.ok === false && watched.id === id) this.#close(watched, refusedBy(refusal));
    });
  }

  #unsubscribe(watched: Watched): void {
    if (watched.id === undefined) return;
    this.#byId.delete(watched.id);
    this.#emit?.("unsubscribe", { id: watched.id });
    watched.id = undefined;
  }

  #receive(watched: Watched, stream: Stream): void {
    if (stream === watched.stream) return;
    watched.stream = stream;
    if (stream.phase === "broken") {
      this.#unsubscribe(watched);
      this.#subscribe(watched);
      return;
    }
    watched.updates++;
    if (this.#dirty.size === 0) this.#options.nextFrame(() => this.#flush());
    this.#dirty.add(watched);
  }

  #flush(): void {
    const dirty = [...this.#dirty];
    this.#dirty.clear();
    for (const watched of dirty) {
      const { id, stream, ref, updates } = watched;
      if (id === undefined || stream.phase !== "live") continue;
      this.#emit?.("ack", { id, seq: stream.seq });
      watched.updates = 0;
      this.#options.onState(ref, { phase: "live", value: valueOf(stream.value) }, updates);
    }
  }

  #isWatched(watched: Watched): boolean {
    return watched.watchers > 0 && [...this.#watched.values()].includes(watched);
  }

  #close(watched: Watched, problem: Problem): void {
    if (watched.id !== undefined) this.#byId.delete(watched.id);
    watched.id = undefined;
    this.#dirty.delete(watched);
    this.#options.onState(watched.ref, { phase: "closed", problem }, 1);
    this.#options.later(() => {
      if (watched.id === undefined && this.#isWatched(watched)) this.#subscribe(watched);
    }, askAgainMs);
  }
}

type LiveValue = Extract<TopicState, { phase: "live" }>["value"];

/** The snapshot was parsed when it came, and a patch keeps what it does not touch: parsing again would copy every row. */
function valueOf(value: JsonObject): LiveValue {
  return value as unknown as LiveValue;
}

function problemOf({ topic }: TopicRef, value: JsonObject): Problem | undefined {
  const { success, error } = topics[topic].value.safeParse(value);
  if (success) return undefined;
  const [issue] = error.issues;
  return {
    code: "unexpected-value",
    title: "Not understood",
    message: `The server sent ${topic} in a form that this page does not know (${issue?.path.join(".") ?? "value"}: ${issue?.message ?? "invalid"}).`,
    hint: "Reload the page: it may be older than the server.",
  };
}

function refusedBy({ code, message }: { readonly code: string; readonly message: string }): Problem {
  return { code, title: "Not available", message, hint: "" };
}
