import type { Logger } from "pino";
import type { Socket } from "socket.io";
import type { z } from "zod";
import type { Clock } from "#lib/clock/index.ts";
import { ack, subscribe, unsubscribe, type Failure, type Subscribe } from "#lib/protocol/index.ts";
import type { ClusterRegistry } from "./clusters.ts";
import type { HubTally, MessageKind } from "./hub-counts.ts";
import type { Membership, Rooms } from "./rooms.ts";
import { Subscription } from "./subscription.ts";
import { TokenBucket } from "./token-bucket.ts";

export interface ConnectionOptions {
  readonly socket: Socket;
  readonly registry: ClusterRegistry;
  readonly rooms: Rooms;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly tally: HubTally;
}

type Reply = { readonly ok: true } | Failure;

const maxSubscriptions = 64;
/** A page acknowledges ten messages a second for each of a handful of subscriptions. */
const messages = { burst: 400, perSecond: 200 };
/** Whoever sends what no client of ours sends, or too much of it, may do so by mistake this often. */
const offences = { burst: 20, perSecond: 0.2 };

const accepted: Reply = { ok: true };

/** One socket. Everything that it sends is foreign until it is parsed; everything is answered if it can be. */
export class Connection {
  readonly #socket: Socket;
  readonly #registry: ClusterRegistry;
  readonly #rooms: Rooms;
  readonly #logger: Logger;
  readonly #messages: TokenBucket;
  readonly #offences: TokenBucket;
  readonly #tally: HubTally;
  readonly #memberships = new Map<number, Membership>();

  constructor({ socket, registry, rooms, clock, logger, tally }: ConnectionOptions) {
    this.#socket = socket;
    this.#registry = registry;
    this.#rooms = rooms;
    this.#logger = logger;
    this.#tally = tally;
    this.#messages = new TokenBucket(clock, messages);
    this.#offences = new TokenBucket(clock, offences);
  }

  /** Until the socket disconnects. */
  listen(): void {
    this.#tally.connections++;
    this.#socket.onAny((event: unknown, ...args: unknown[]) => this.#hear(event, args));
    this.#socket.once("disconnect", () => {
      this.#tally.connections--;
      this.#leaveAll();
    });
  }

  #hear(event: unknown, args: readonly unknown[]): void {
    if (this.#socket.disconnected) return; // it was thrown out, and what it had sent by then still arrives
    const [message, callback] = args;
    const reply = (answer: Reply): void => {
      if (typeof callback === "function") callback(answer);
      else if (typeof message === "function") message(answer);
    };
    if (!this.#messages.take()) {
      this.#offend(reply, failure("rate-limited", `expected at most ${messages.perSecond} messages per second`));
      return;
    }
    switch (event) {
      case "subscribe":
        this.#parsed(subscribe, message, reply, (request) => this.#subscribe(request, reply));
        break;
      case "unsubscribe":
        this.#parsed(unsubscribe, message, reply, ({ id }) => this.#unsubscribe(id, reply));
        break;
      case "ack":
        this.#parsed(ack, message, reply, ({ id, seq }) => reply(this.#acknowledge(id, seq)));
        break;
      default:
        this.#offend(reply, failure("unknown-event", "expected subscribe, unsubscribe or ack"));
    }
  }

  #parsed<S extends z.ZodType>(
    schema: S,
    message: unknown,
    reply: (answer: Reply) => void,
    then: (request: z.output<S>) => void,
  ): void {
    const { success, data, error } = schema.safeParse(message);
    if (success) then(data);
    else this.#offend(reply, failure("invalid-message", describe(error)));
  }

  #subscribe(request: Subscribe, reply: (answer: Reply) => void): void {
    const { id, topic, view } = request;
    const cluster = this.#registry.get(request.cluster);
    if (this.#memberships.has(id)) {
      reply(
        failure("subscription-id-taken", `subscription ${id} is open: unsubscribe it first, or take another number`),
      );
      return;
    }
    if (this.#memberships.size >= maxSubscriptions) {
      reply(
        failure("too-many-subscriptions", `at most ${maxSubscriptions} at a time: unsubscribe what is not looked at`),
      );
      return;
    }
    if (cluster === undefined) {
      reply(failure("no-such-cluster", "there is no such cluster: attach it first"));
      return;
    }
    reply(accepted);
    const subscription = new Subscription({
      snapshot: (seq, value) => this.#emit("snapshot", { id, seq, value }),
      delta: (seq, patch) => this.#emit("delta", { id, seq, patch }),
      closed: (problem) => {
        this.#forget(id);
        this.#emit("closed", { id, problem });
      },
      coalesced: () => void this.#tally.coalesced++,
    });
    const membership = this.#rooms.join({ cluster, topic, view }, subscription);
    if (subscription.hasEnded) return;
    this.#memberships.set(id, membership);
    this.#tally.subscriptions++;
  }

  /** Idempotent: the server may just have closed it. */
  #unsubscribe(id: number, reply: (answer: Reply) => void): void {
    this.#memberships.get(id)?.leave();
    this.#forget(id);
    reply(accepted);
  }

  #acknowledge(id: number, seq: number): Reply {
    // No offence: it may have crossed a `closed`, or belong to an earlier subscription of that number.
    const isKnown = this.#memberships.get(id)?.acknowledge(seq) ?? false;
    return isKnown ? accepted : failure("nothing-to-acknowledge", "no such message was sent to this subscription");
  }

  #forget(id: number): void {
    if (this.#memberships.delete(id)) this.#tally.subscriptions--;
  }

  #offend(reply: (answer: Reply) => void, answer: Reply): void {
    this.#tally.dropped++;
    reply(answer);
    if (this.#offences.take()) return;
    this.#logger.warn({ socket: this.#socket.id }, "socket thrown out: it keeps sending what it should not");
    this.#socket.disconnect(true);
  }

  /** A value that cannot be sent costs this socket its connection, not the others of the room their message. */
  #emit(event: MessageKind, message: object): void {
    this.#tally.messages[event]++;
    try {
      this.#socket.emit(event, message);
    } catch (error) {
      this.#logger.error({ error, event }, "message cannot be encoded");
      this.#socket.disconnect(true);
    }
  }

  #leaveAll(): void {
    for (const [id, membership] of this.#memberships) {
      membership.leave();
      this.#forget(id);
    }
  }
}

function failure(code: string, message: string): Failure {
  return { ok: false, code, message };
}

/** The first complaints of zod in one line, without what was sent. */
function describe({ issues }: z.ZodError): string {
  const complaints = issues
    .slice(0, 3)
    .map(({ path, message }) => [path.join("."), message].filter(Boolean).join(": "));
  return complaints.join("; ").slice(0, 300);
}
