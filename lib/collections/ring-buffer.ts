/** Capacities are powers of two, so that a mask wraps an index round. */
const initialCapacity = 16;
/** More than this is given back when it empties; less is kept, for what comes in small bursts would grow it each time. */
const keptCapacity = 256;

/** First in, first out, unbounded, O(1) amortised at both ends. Gives its memory back when it empties. */
export class RingBuffer<T> {
  #slots: (T | undefined)[] = [];
  #head = 0;
  #size = 0;

  get size(): number {
    return this.#size;
  }

  push(value: T): void {
    if (this.#size === this.#slots.length) this.#resize(Math.max(initialCapacity, this.#size * 2));
    const slots = this.#slots;
    slots[(this.#head + this.#size) & (slots.length - 1)] = value;
    this.#size++;
  }

  /** Removes and returns the oldest value, `undefined` when empty. */
  shift(): T | undefined {
    if (this.#size === 0) return undefined;
    const slots = this.#slots;
    const value = slots[this.#head];
    slots[this.#head] = undefined;
    this.#head = (this.#head + 1) & (slots.length - 1);
    this.#size--;
    if (this.#size === 0 && slots.length > keptCapacity) this.clear();
    return value;
  }

  /** The oldest value, which `shift` would return. */
  peek(): T | undefined {
    return this.#size === 0 ? undefined : this.#slots[this.#head];
  }

  clear(): void {
    this.#slots = [];
    this.#head = 0;
    this.#size = 0;
  }

  /** Oldest first. */
  *[Symbol.iterator](): IterableIterator<T> {
    for (let index = 0; index < this.#size; index++) {
      yield this.#slots[(this.#head + index) & (this.#slots.length - 1)] as T;
    }
  }

  *newestFirst(): IterableIterator<T> {
    for (let index = this.#size - 1; index >= 0; index--) {
      yield this.#slots[(this.#head + index) & (this.#slots.length - 1)] as T;
    }
  }

  #resize(capacity: number): void {
    const before = this.#slots;
    const slots: (T | undefined)[] = [];
    for (let index = 0; index < this.#size; index++) slots.push(before[(this.#head + index) & (before.length - 1)]);
    while (slots.length < capacity) slots.push(undefined);
    this.#slots = slots;
    this.#head = 0;
  }
}

/** Keeps the last `capacity` values; a newer one pushes the oldest out. */
export class BoundedHistory<T> {
  readonly #capacity: number;
  readonly #values = new RingBuffer<T>();

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  get size(): number {
    return this.#values.size;
  }

  push(value: T): void {
    if (this.#values.size === this.#capacity) this.#values.shift();
    this.#values.push(value);
  }

  /** Oldest first. */
  [Symbol.iterator](): IterableIterator<T> {
    return this.#values[Symbol.iterator]();
  }
}
