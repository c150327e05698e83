const initialCapacity = 16;

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
    this.#slots[(this.#head + this.#size) % this.#slots.length] = value;
    this.#size++;
  }

  /** Removes and returns the oldest value, `undefined` when empty. */
  shift(): T | undefined {
    if (this.#size === 0) return undefined;
    const value = this.#slots[this.#head];
    this.#slots[this.#head] = undefined;
    this.#head = (this.#head + 1) % this.#slots.length;
    this.#size--;
    if (this.#size === 0 && this.#slots.length > initialCapacity) this.clear();
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
      yield this.#slots[(this.#head + index) % this.#slots.length] as T;
    }
  }

  *newestFirst(): IterableIterator<T> {
    for (let index = this.#size - 1; index >= 0; index--) {
      yield this.#slots[(this.#head + index) % this.#slots.length] as T;
    }
  }

  #resize(capacity: number): void {
    const slots = Array.from<T | undefined>({ length: capacity });
    let index = 0;
    for (const value of this) slots[index++] = value;
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
