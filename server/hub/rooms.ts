import type { Clock, Timer } from "#lib/clock/index.ts";
import type { JsonObject, Problem, TopicName, View } from "#lib/protocol/index.ts";
import { RefusedError, type ClusterHandle } from "./clusters.ts";
import { Room } from "./room.ts";
import { Subscription } from "./subscription.ts";

/** A view that nobody looks at any more stays open this long: whoever turns a page and comes back finds it warm. */
export const lingerMs = 5000;
const readPatienceMs = 5000;

/** Which view of which topic of which cluster. */
export interface Place<T extends TopicName = TopicName> {
  readonly cluster: ClusterHandle;
  readonly topic: T;
  /** As parsed by its schema, which puts the members in order: equal views have equal JSON. */
  readonly view: View<T>;
}

/** A subscription in its room. */
export interface Membership {
  acknowledge(seq: number): boolean;
  /** Leaving twice is harmless. */
  leave(): void;
}

/** One room for each distinct place, from its first subscriber until a while after its last. */
export class Rooms {
  readonly #clock: Clock;
  readonly #rooms = new Map<string, Room>();
  readonly #lingering = new Map<Room, Timer>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get size(): number {
    return this.#rooms.size;
  }

  join(place: Place, subscription: Subscription): Membership {
    const key = keyOf(place);
    const room = this.#roomAt(key, place);
    this.#lingering.get(room)?.cancel();
    this.#lingering.delete(room);
    const leave = room.join(subscription);
    let isMember = true;
    return {
      acknowledge: (seq) => subscription.acknowledge(seq, () => room.held),
      leave: () => {
        if (!isMember) return;
        isMember = false;
        leave();
        if (room.isEmpty && this.#rooms.get(key) === room) this.#linger(key, room);
      },
    };
  }

  /** The value that a subscriber would see now. */
  read(place: Place): Promise<JsonObject> {
    return new Promise((resolve, reject) => {
      const finish = (settle: () => void): void => {
        timer.cancel();
        // The snapshot may come while joining: leave when there is something to leave.
        queueMicrotask(() => membership.leave());
        settle();
      };
      const timer = this.#clock.setTimer(readPatienceMs, () => {
        const message = `${place.cluster.summary().name} has not answered within ${readPatienceMs / 1000} s: try again later`;
        finish(() => reject(new RefusedError(504, "no-answer", message)));
      });
      const subscription = new Subscription({
        snapshot: (_, value) => finish(() => resolve(value)),
        delta: () => {},
        closed: (problem) => finish(() => reject(refusalOf(problem))),
      });
      const membership = this.join(place, subscription);
    });
  }

  /** Closes every view. Idempotent. */
  close(): void {
    for (const timer of this.#lingering.values()) timer.cancel();
    this.#lingering.clear();
    for (const room of this.#rooms.values()) room.close();
    this.#rooms.clear();
  }

  #roomAt(key: string, { cluster, topic, view }: Place): Room {
    const found = this.#rooms.get(key);
    if (found?.isOf(cluster) === true) return found;
    if (found !== undefined) {
      // Detached and attached again under its name: nobody is in the old room any more.
      this.#forget(key, found);
      found.close();
    }
    const room: Room = new Room(cluster, topic, view, () => this.#forget(key, room));
    this.#rooms.set(key, room);
    room.start();
    return room;
  }

  #linger(key: string, room: Room): void {
    this.#lingering.set(
      room,
      this.#clock.setTimer(lingerMs, () => {
        this.#forget(key, room);
        room.close();
      }),
    );
  }

  #forget(key: string, room: Room): void {
    this.#lingering.get(room)?.cancel();
    this.#lingering.delete(room);
    if (this.#rooms.get(key) === room) this.#rooms.delete(key);
  }
}

function keyOf({ cluster, topic, view }: Place): string {
  return JSON.stringify([cluster.summary().id, topic, view]);
}

/** A view that does not exist is told by its problem's code: `no-such-informer`. Anything else may get better. */
function refusalOf({ code, message, hint, nearest = [] }: Problem): RefusedError {
  const names = nearest.map(({ namespace, name }) => `${namespace}/${name}`);
  const text = [message, hint, names.join(", ")].filter((part) => part !== "").join(" ");
  return new RefusedError(code.startsWith("no-such-") ? 404 : 503, code, text);
}
