/** One element of a {@link LinkedList}: the handle that removes it in O(1). */
export interface ListElement<T> {
  readonly value: T;
  /** The next newer element; `undefined` at the tail and **after the element was removed**, as in Go's container/list. */
  readonly next: ListElement<T> | undefined;
  /** The next older element; `undefined` at the head and after the element was removed. */
  readonly previous: ListElement<T> | undefined;
}

interface Node<T> {
  value: T;
  next: Node<T> | undefined;
  previous: Node<T> | undefined;
  owner: LinkedList<T> | undefined;
}

/** Doubly linked list that keeps the order of insertion. */
export class LinkedList<T> {
  #front: Node<T> | undefined;
  #back: Node<T> | undefined;
  #size = 0;

  get size(): number {
    return this.#size;
  }

  get front(): ListElement<T> | undefined {
    return this.#front;
  }

  get back(): ListElement<T> | undefined {
    return this.#back;
  }

  pushBack(value: T): ListElement<T> {
    const node: Node<T> = { value, next: undefined, previous: this.#back, owner: this };
    if (this.#back === undefined) this.#front = node;
    else this.#back.next = node;
    this.#back = node;
    this.#size++;
    return node;
  }

  /** Idempotent: an element that is not (or no longer) in this list is left alone. */
  remove(element: ListElement<T>): void {
    const node = element as Node<T>;
    if (node.owner !== this) return;
    if (node.previous === undefined) this.#front = node.next;
    else node.previous.next = node.next;
    if (node.next === undefined) this.#back = node.previous;
    else node.next.previous = node.previous;
    node.next = undefined;
    node.previous = undefined;
    node.owner = undefined;
    this.#size--;
  }

  /** Whether `element` is in this list now. */
  has(element: ListElement<T>): boolean {
    return (element as Node<T>).owner === this;
  }

  *[Symbol.iterator](): IterableIterator<T> {
    for (let node = this.#front; node !== undefined; node = node.next) yield node.value;
  }

  *newestFirst(): IterableIterator<T> {
    for (let node = this.#back; node !== undefined; node = node.previous) yield node.value;
  }
}
