/** What a heap keeps in its values: where they are. A value can be in one heap at a time. */
export interface HeapItem {
  readonly key: string;
  /** Owned by the heap that holds the value; -1 in none. */
  heapIndex: number;
}

/**
 * Binary heap with access by key. The layout is part of the contract: equal elements come out in the order that
 * kube-scheduler's heap (container/heap under backend/heap) gives them, so recorded pop orders can be compared.
 */
export class KeyedHeap<T extends HeapItem> {
  readonly #less: (a: T, b: T) => boolean;
  readonly #values: T[] = [];
  readonly #byKey = new Map<string, T>();

  constructor(less: (a: T, b: T) => boolean) {
    this.#less = less;
  }

  get size(): number {
    return this.#values.length;
  }

  has(key: string): boolean {
    return this.#byKey.has(key);
  }

  get(key: string): T | undefined {
    return this.#byKey.get(key);
  }

  peek(): T | undefined {
    return this.#values[0];
  }

  /** Inserts, or replaces the value under the same key, restores the order and returns what was replaced. */
  addOrUpdate(value: T): T | undefined {
    const known = this.#byKey.get(value.key);
    if (known === undefined) {
      this.#byKey.set(value.key, value);
      this.#values.push(value);
      this.#up(value, this.#values.length - 1);
      return undefined;
    }
    const index = known.heapIndex;
    if (known !== value) {
      known.heapIndex = -1;
      this.#byKey.set(value.key, value);
    }
    this.#fix(value, index);
    return known;
  }

  pop(): T | undefined {
    const first = this.#values[0];
    return first === undefined ? undefined : this.#removeAt(first);
  }

  /** Removes and returns the value under `key`, `undefined` when there is none. */
  delete(key: string): T | undefined {
    const value = this.#byKey.get(key);
    return value === undefined ? undefined : this.#removeAt(value);
  }

  /** In the order of the layout, not of priority. */
  values(): IterableIterator<T> {
    return this.#values.values();
  }

  /**
   * The first `limit` values in the order in which `pop` would give them, equal ones included. O(n + limit log n),
   * leaves the heap as it is.
   */
  inPopOrder(limit = this.#values.length): T[] {
    const values = [...this.#values];
    const ordered: T[] = [];
    while (ordered.length < limit) {
      const [first] = values;
      const last = values.pop();
      if (first === undefined || last === undefined) break;
      if (last !== first) this.#sink(values, last);
      ordered.push(first);
    }
    return ordered;
  }

  /** Those that are wanted, in order; equal ones in the order of the layout. O(n), and m log m for the m wanted. */
  sorted(isWanted: (value: T) => boolean): T[] {
    return this.#values.filter(isWanted).sort((a, b) => (this.#less(a, b) ? -1 : this.#less(b, a) ? 1 : 0));
  }

  /** Whether no value stands below one that it is less than. False only if a value changed without being told of. */
  isOrdered(): boolean {
    return this.#values.every((value, child) => {
      const parent = this.#values[(child - 1) >> 1];
      return child === 0 || parent === undefined || !this.#less(value, parent);
    });
  }

  /** Upstream swaps with the last, shrinks, then sinks or else raises what took the place. */
  #removeAt(value: T): T {
    const index = value.heapIndex;
    const last = this.#values.pop();
    if (last !== undefined && last !== value) this.#fix(last, index);
    this.#byKey.delete(value.key);
    value.heapIndex = -1;
    return value;
  }

  #fix(value: T, index: number): void {
    if (!this.#down(value, index)) this.#up(value, index);
  }

  /** Puts `value` where it belongs, at `hole` or above it. */
  #up(value: T, hole: number): void {
    const values = this.#values;
    let child = hole;
    while (child > 0) {
      const index = (child - 1) >> 1;
      const parent = values[index];
      if (parent === undefined || !this.#less(value, parent)) break;
      values[child] = parent;
      parent.heapIndex = child;
      child = index;
    }
    values[child] = value;
    value.heapIndex = child;
  }

  /** Puts `value` where it belongs, at `hole` or below it. Whether it went below. */
  #down(value: T, hole: number): boolean {
    const values = this.#values;
    let parent = hole;
    for (let child = this.#lesserChild(values, parent); child > 0; child = this.#lesserChild(values, parent)) {
      const moved = values[child] as T;
      if (!this.#less(moved, value)) break;
      values[parent] = moved;
      moved.heapIndex = parent;
      parent = child;
    }
    values[parent] = value;
    value.heapIndex = parent;
    return parent > hole;
  }

  /** Puts `value` where it belongs in a copy, beginning at the top: no value is told where it is. */
  #sink(values: T[], value: T): void {
    let parent = 0;
    for (let child = this.#lesserChild(values, parent); child > 0; child = this.#lesserChild(values, parent)) {
      const moved = values[child] as T;
      if (!this.#less(moved, value)) break;
      values[parent] = moved;
      parent = child;
    }
    values[parent] = value;
  }

  /** The right child only if it is strictly less: equal elements keep upstream's order. 0 if there is none. */
  #lesserChild(values: readonly T[], parent: number): number {
    const left = 2 * parent + 1;
    if (left >= values.length) return 0;
    const right = left + 1;
    return right < values.length && this.#less(values[right] as T, values[left] as T) ? right : left;
  }
}
