interface Slot<T> {
  readonly key: string;
  value: T;
  index: number;
}

/**
 * Binary heap with access by key. The layout is part of the contract: equal elements come out in the order that
 * kube-scheduler's heap (container/heap under backend/heap) gives them, so recorded pop orders can be compared.
 */
export class KeyedHeap<T> {
  readonly #keyOf: (value: T) => string;
  readonly #less: (a: T, b: T) => boolean;
  readonly #slots: Slot<T>[] = [];
  readonly #byKey = new Map<string, Slot<T>>();

  constructor(keyOf: (value: T) => string, less: (a: T, b: T) => boolean) {
    this.#keyOf = keyOf;
    this.#less = less;
  }

  get size(): number {
    return this.#slots.length;
  }

  has(key: string): boolean {
    return this.#byKey.has(key);
  }

  get(key: string): T | undefined {
    return this.#byKey.get(key)?.value;
  }

  peek(): T | undefined {
    return this.#slots[0]?.value;
  }

  /** Inserts, or replaces the value under the same key, restores the order and returns what was replaced. */
  addOrUpdate(value: T): T | undefined {
    const key = this.#keyOf(value);
    const known = this.#byKey.get(key);
    if (known === undefined) {
      const slot: Slot<T> = { key, value, index: this.#slots.length };
      this.#slots.push(slot);
      this.#byKey.set(key, slot);
      this.#up(slot.index);
      return undefined;
    }
    const replaced = known.value;
    known.value = value;
    if (!this.#down(known.index, this.#slots.length)) this.#up(known.index);
    return replaced;
  }

  pop(): T | undefined {
    const first = this.#slots[0];
    if (first === undefined) return undefined;
    const last = this.#slots.length - 1;
    this.#swap(0, last);
    this.#down(0, last);
    this.#dropLast();
    return first.value;
  }

  /** Removes and returns the value under `key`, `undefined` when there is none. */
  delete(key: string): T | undefined {
    const slot = this.#byKey.get(key);
    if (slot === undefined) return undefined;
    const index = slot.index;
    const last = this.#slots.length - 1;
    if (index !== last) {
      this.#swap(index, last);
      if (!this.#down(index, last)) this.#up(index);
    }
    this.#dropLast();
    return slot.value;
  }

  /** In the order of the layout, not of priority. */
  *values(): IterableIterator<T> {
    for (const slot of this.#slots) yield slot.value;
  }

  /**
   * The first `limit` values in the order in which `pop` would give them, equal ones included. O(n + limit log n),
   * leaves the heap as it is.
   */
  inPopOrder(limit = this.#slots.length): T[] {
    const copy = new KeyedHeap(this.#keyOf, this.#less);
    for (const { key, value, index } of this.#slots) copy.#slots.push({ key, value, index });
    const ordered: T[] = [];
    while (ordered.length < limit && copy.size > 0) ordered.push(copy.pop() as T);
    return ordered;
  }

  /** Whether no value stands below one that it is less than. False only if a value changed without being told of. */
  isOrdered(): boolean {
    for (let child = 1; child < this.#slots.length; child++) {
      if (this.#less(this.#at(child).value, this.#at((child - 1) >> 1).value)) return false;
    }
    return true;
  }

  #dropLast(): void {
    const slot = this.#slots.pop();
    if (slot !== undefined) this.#byKey.delete(slot.key);
  }

  #at(index: number): Slot<T> {
    return this.#slots[index] as Slot<T>;
  }

  #swap(i: number, j: number): void {
    const a = this.#at(i);
    const b = this.#at(j);
    this.#slots[i] = b;
    this.#slots[j] = a;
    b.index = i;
    a.index = j;
  }

  #up(start: number): void {
    for (let child = start; child > 0;) {
      const parent = (child - 1) >> 1;
      if (!this.#less(this.#at(child).value, this.#at(parent).value)) return;
      this.#swap(parent, child);
      child = parent;
    }
  }

  /** Whether the element moved. Looks at the first `size` slots only. */
  #down(start: number, size: number): boolean {
    let parent = start;
    for (;;) {
      const left = 2 * parent + 1;
      if (left >= size) break;
      const right = left + 1;
      // The right child is taken only if it is strictly less: equal elements keep upstream's order.
      const child = right < size && this.#less(this.#at(right).value, this.#at(left).value) ? right : left;
      if (!this.#less(this.#at(child).value, this.#at(parent).value)) break;
      this.#swap(parent, child);
      parent = child;
    }
    return parent > start;
  }
}
