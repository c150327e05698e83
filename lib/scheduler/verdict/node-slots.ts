import type { NodeInfo } from "../node-info.ts";
import { freeOn } from "./amounts.ts";

/** Below so many a list costs nothing. */
const smallList = 64;

/** Numbers nodes from zero, so that what is known of each, many times over, can stand in plain lists. */
export class NodeSlots {
  readonly #slots = new Map<NodeInfo, number>();
  #nodes: NodeInfo[] = [];
  readonly #free = new Map<string, { readonly version: number; readonly amounts: Float64Array }>();
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

  /**
   * What each has free of a resource: asked by many of all nodes, and worked out once.
   *
   * @param version grows with every change of a node or its pods
   */
  free(resource: string, version: number): Float64Array {
    const known = this.#free.get(resource);
    if (known?.version === version && known.amounts.length === this.#nodes.length) return known.amounts;
    const amounts = Float64Array.from(this.#nodes, (node) => freeOn(node, resource));
    this.#free.set(resource, { version, amounts });
    return amounts;
  }

  /** Begins another era once most of the nodes that have a number are gone: nothing else lets go of them. */
  renewIfMostAreGone(): void {
    let gone = 0;
    for (const { node } of this.#nodes) if (node === undefined) gone++;
    if (gone < smallList || 2 * gone < this.#nodes.length) return;
    this.#era++;
    this.#nodes = [];
    this.#slots.clear();
    this.#free.clear();
  }
}
