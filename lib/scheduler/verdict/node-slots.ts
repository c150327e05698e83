import type { NodeInfo } from "../node-info.ts";

/** Below so many a list costs nothing. */
const smallList = 64;

/** Numbers nodes from zero, so that what is known of each, many times over, can stand in plain lists. */
export class NodeSlots {
  readonly #slots = new Map<NodeInfo, number>();
  #nodes: NodeInfo[] = [];
  #era = 0;

  /** Numbers of another era mean nothing any more. */
  get era(): number {
    return this.#era;
  }

  get size(): number {
    return this.#nodes.length;
  }

  /** Gives it the next number if it has none. */
  of(node: NodeInfo): number {
    let slot = this.#slots.get(node);
    if (slot === undefined) {
      slot = this.#nodes.length;
      this.#slots.set(node, slot);
      this.#nodes.push(node);
    }
    return slot;
  }

  find(node: NodeInfo): number | undefined {
    return this.#slots.get(node);
  }

  at(slot: number): NodeInfo | undefined {
    return this.#nodes[slot];
  }

  /** Begins another era once most of the nodes that have a number are gone: nothing else lets go of them. */
  renewIfMostAreGone(): void {
    let gone = 0;
    for (const { node } of this.#nodes) if (node === undefined) gone++;
    if (gone < smallList || 2 * gone < this.#nodes.length) return;
    this.#era++;
    this.#nodes = [];
    this.#slots.clear();
  }
}
