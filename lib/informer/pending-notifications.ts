import type { Instant } from "#lib/clock/index.ts";
import { RingBuffer } from "#lib/collections/index.ts";
import type { Notification, NotificationRun } from "./notification.ts";

interface RunInProgress<T> {
  readonly kind: "run";
  readonly at: Instant;
  readonly run: NotificationRun<T>;
  next: number;
}

/** What waits for one handler, in order. A whole list takes one slot, however long it is. */
export class PendingNotifications<T> {
  readonly #slots = new RingBuffer<Notification<T> | RunInProgress<T>>();
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** When the oldest of them was queued. */
  get oldestAt(): Instant | undefined {
    return this.#slots.peek()?.at;
  }

  push(notification: Notification<T>): void {
    this.#slots.push(notification);
    this.#size++;
  }

  pushRun(run: NotificationRun<T>): void {
    if (run.size === 0) return;
    this.#slots.push({ kind: "run", at: run.at, run, next: 0 });
    this.#size += run.size;
  }

  shift(): Notification<T> | undefined {
    const slot = this.#slots.peek();
    if (slot === undefined) return undefined;
    this.#size--;
    if (slot.kind !== "run") {
      this.#slots.shift();
      return slot;
    }
    const notification = slot.run.notificationAt(slot.next++);
    if (slot.next === slot.run.size) this.#slots.shift();
    return notification;
  }

  clear(): void {
    this.#slots.clear();
    this.#size = 0;
  }
}
