import type { Status } from "../framework.ts";
import type { NodeInfo } from "../node-info.ts";
import type { PluginStatus } from "../prepared-pod.ts";
import type { NodeSlots } from "./node-slots.ts";

/** What all plugins say of a node, shared by all nodes of which they say the same. */
export interface Pattern {
  /** The one that counts; without a plugin the node was left out before any filter looked at it. */
  readonly first: { readonly plugin: string | undefined; readonly status: Status } | undefined;
  /** Each plugin by itself, in profile order. */
  readonly all: readonly PluginStatus[];
  /** Nodes that have it now. */
  readonly count: number;
}

interface Numbered extends Pattern {
  readonly id: number;
  readonly key: string;
  count: number;
}

const none = -1;

/** Which node has which pattern, and of which generation of the node that is. A few bytes for each node. */
export class NodePatterns {
  readonly #slots: NodeSlots;
  readonly #byKey = new Map<string, Numbered>();
  /** By id; those of patterns that no node has any more are given anew. */
  readonly #byId: (Numbered | undefined)[] = [];
  readonly #freeIds: number[] = [];
  #era: number;
  #ids = new Int32Array(0);
  #generations = new Int32Array(0);
  #fits = 0;
  #firstFitting: NodeInfo | "unknown" | undefined;

  constructor(slots: NodeSlots) {
    this.#slots = slots;
    this.#era = slots.era;
  }

  /** The nodes have other numbers now: {@link clear} before anything else. */
  get isVoid(): boolean {
    return this.#era !== this.#slots.era;
  }

  /** Nodes that take the pod. */
  get fits(): number {
    return this.#fits;
  }

  /** By name. */
  get firstFitting(): string | undefined {
    if (this.#firstFitting === "unknown") {
      this.#firstFitting = undefined;
      for (const node of this.nodesWhere(({ first }) => first === undefined)) this.#noteFitting(node);
    }
    return this.#firstFitting?.name;
  }

  /** In no particular order. */
  patterns(): Iterable<Pattern> {
    return this.#byKey.values();
  }

  of(node: NodeInfo): Pattern | undefined {
    const slot = this.#slots.find(node);
    return slot === undefined ? undefined : this.#at(slot);
  }

  *nodes(): IterableIterator<readonly [NodeInfo, Pattern]> {
    for (let slot = 0; slot < this.#ids.length; slot++) {
      const pattern = this.#at(slot);
      const node = pattern && this.#slots.at(slot);
      if (pattern !== undefined && node !== undefined) yield [node, pattern];
    }
  }

  /** Those with patterns that are meant: each pattern is asked about once. */
  nodesWhere(isMeant: (pattern: Pattern) => boolean): NodeInfo[] {
    const meant = this.#byId.map((pattern) => pattern !== undefined && isMeant(pattern));
    const nodes: NodeInfo[] = [];
    if (!meant.includes(true)) return nodes;
    const ids = this.#ids;
    for (let slot = 0; slot < ids.length; slot++) {
      if (meant[ids[slot] ?? none] !== true) continue;
      const node = this.#slots.at(slot);
      if (node !== undefined) nodes.push(node);
    }
    return nodes;
  }

  /** The one of them that has most free; of equal ones the first by name. */
  mostFree(resource: string, version: number, isMeant: (pattern: Pattern) => boolean): NodeInfo | undefined {
    const meant = this.#byId.map((pattern) => pattern !== undefined && isMeant(pattern));
    const amounts = this.#slots.free(resource, version);
    const ids = this.#ids;
    let best: NodeInfo | undefined;
    let most = Number.NEGATIVE_INFINITY;
    for (let slot = 0; slot < ids.length; slot++) {
      const amount = amounts[slot] ?? Number.NaN;
      if (!(amount >= most) || meant[ids[slot] ?? none] !== true) continue;
      const node = this.#slots.at(slot);
      if (node === undefined || (amount === most && best !== undefined && best.name < node.name)) continue;
      best = node;
      most = amount;
    }
    return best;
  }

  /** Whether the node is known as it is now. */
  isCurrent(node: NodeInfo): boolean {
    const slot = this.#slots.find(node);
    return slot !== undefined && this.#generations[slot] === node.generation && this.#at(slot) !== undefined;
  }

  /** None of them counts as current any more. */
  doubtAll(): void {
    this.#generations.fill(none);
  }

  /** Whether it is another one than before. */
  set(node: NodeInfo, found: Pick<Pattern, "first" | "all">): boolean {
    const slot = this.#slots.of(node);
    this.#reach(slot);
    this.#generations[slot] = node.generation;
    const before = this.#at(slot);
    const pattern = this.#intern(found);
    if (before === pattern) return false;
    if (before !== undefined) this.#leave(before, node);
    this.#ids[slot] = pattern.id;
    pattern.count++;
    if (pattern.first === undefined) {
      this.#fits++;
      if (this.#firstFitting !== "unknown") this.#noteFitting(node);
    }
    return true;
  }

  /** Whether it was known. */
  delete(node: NodeInfo): boolean {
    const slot = this.#slots.find(node);
    const before = slot === undefined ? undefined : this.#at(slot);
    if (slot === undefined || before === undefined) return false;
    this.#ids[slot] = none;
    this.#leave(before, node);
    return true;
  }

  /** Whether any was known. */
  clear(): boolean {
    const wasKnown = this.#byKey.size > 0;
    this.#era = this.#slots.era;
    this.#byKey.clear();
    this.#byId.length = 0;
    this.#freeIds.length = 0;
    this.#ids = new Int32Array(0);
    this.#generations = new Int32Array(0);
    this.#fits = 0;
    this.#firstFitting = undefined;
    return wasKnown;
  }

  #at(slot: number): Numbered | undefined {
    const id = this.#ids[slot] ?? none;
    return id === none ? undefined : this.#byId[id];
  }

  #reach(slot: number): void {
    if (slot < this.#ids.length) return;
    const length = Math.ceil(1.25 * Math.max(slot + 1, this.#slots.size)); // others may follow
    this.#ids = extended(this.#ids, length);
    this.#generations = extended(this.#generations, length);
  }

  #intern({ first, all }: Pick<Pattern, "first" | "all">): Numbered {
    const parts = all.map(({ plugin, status }) => `${plugin}\n${status.code}\n${status.reasons.join("\n")}`);
    const key = `${first?.plugin ?? ""}${first === undefined ? "fits" : first.status.reasons.join("\n")}\t${parts.join("\t")}`;
    let pattern = this.#byKey.get(key);
    if (pattern === undefined) {
      const id = this.#freeIds.pop() ?? this.#byId.length;
      pattern = { first, all, id, key, count: 0 };
      this.#byId[id] = pattern;
      this.#byKey.set(key, pattern);
    }
    return pattern;
  }

  #leave(pattern: Numbered, node: NodeInfo): void {
    pattern.count--;
    if (pattern.first === undefined) {
      this.#fits--;
      if (this.#firstFitting === node) this.#firstFitting = "unknown";
    }
    if (pattern.count > 0) return;
    this.#byKey.delete(pattern.key);
    this.#byId[pattern.id] = undefined;
    this.#freeIds.push(pattern.id);
  }

  #noteFitting(node: NodeInfo): void {
    const first = this.#firstFitting;
    if (first === undefined || first === "unknown" || node.name < first.name) this.#firstFitting = node;
  }
}

function extended(list: Int32Array, length: number): Int32Array<ArrayBuffer> {
  const longer = new Int32Array(length).fill(none);
  longer.set(list);
  return longer;
}
