import { parseNodeSelector, type Node, type NodeSelector, type ResourceSlice } from "#lib/kube/index.ts";
import type { Lister } from "../snapshot.ts";
import { parseSlice, type Slice } from "./device.ts";
import { inOrder, poolOf, type Pool } from "./pools.ts";

/** Which nodes something is for. Upstream: `NodeMatches`. */
export interface NodeChoice {
  readonly nodeName?: string | undefined;
  readonly allNodes?: boolean | undefined;
  readonly nodeSelector?: NodeSelector | undefined;
}

export function isForNode({ nodeName = "", allNodes = false, nodeSelector }: NodeChoice, node: Node): boolean {
  if (nodeName !== "") return nodeName === node.metadata.name;
  if (allNodes) return true;
  return nodeSelector !== undefined && parseNodeSelector(nodeSelector).match(node).kind === "match";
}

/** Pools of devices per node, worked out once for each change of the slices and shared by all pods. */
export class SliceIndex {
  readonly #lister: Lister<ResourceSlice>;
  readonly #parsed = new WeakMap<ResourceSlice, { readonly slice: Slice | undefined }>();
  #version: number | undefined;
  #pools = new WeakMap<Node, readonly Pool[]>();
  #onNode = new Map<string, Slice[]>();
  #shared: Slice[] = [];
  #byPool = new Map<string, Slice[]>();

  constructor(lister: Lister<ResourceSlice>) {
    this.#lister = lister;
  }

  /** In the order in which devices are looked for. */
  poolsFor(node: Node): readonly Pool[] {
    this.#readIfChanged();
    let pools = this.#pools.get(node);
    if (pools === undefined) {
      pools = this.#gather(node);
      this.#pools.set(node, pools);
    }
    return pools;
  }

  /** Every device there is, of whatever generation. */
  *slices(): IterableIterator<Slice> {
    this.#readIfChanged();
    for (const slices of this.#byPool.values()) yield* slices;
  }

  #readIfChanged(): void {
    const { version } = this.#lister;
    if (version === this.#version) return;
    this.#version = version;
    this.#pools = new WeakMap();
    this.#onNode = new Map();
    this.#shared = [];
    this.#byPool = new Map();
    for (const object of this.#lister.all()) {
      const slice = this.#parse(object);
      if (slice === undefined) continue;
      const { driver, pool, nodeName = "" } = slice.spec;
      addTo(this.#byPool, `${driver}/${pool.name}`, slice);
      if (nodeName === "" || slice.counterSets.length > 0) this.#shared.push(slice);
      else addTo(this.#onNode, nodeName, slice);
    }
  }

  #parse(object: ResourceSlice): Slice | undefined {
    let parsed = this.#parsed.get(object);
    if (parsed === undefined) {
      parsed = { slice: parseSlice(object) };
      this.#parsed.set(object, parsed);
    }
    return parsed.slice;
  }

  #gather(node: Node): readonly Pool[] {
    const relevant = new Map<string, Slice[]>();
    for (const slice of [...(this.#onNode.get(node.metadata.name ?? "") ?? []), ...this.#shared]) {
      if (isRelevant(slice, node)) addTo(relevant, `${slice.spec.driver}/${slice.spec.pool.name}`, slice);
    }
    const pools = [...relevant].map(([id, slices]) => poolOf(slices, this.#byPool.get(id) ?? []));
    return inOrder(pools.filter((pool) => pool !== undefined));
  }
}

/** Counters count wherever the devices are that use them. */
function isRelevant({ spec, counterSets, devices }: Slice, node: Node): boolean {
  if (counterSets.length > 0) return true;
  const { nodeName = "", allNodes = false, nodeSelector, perDeviceNodeSelection = false } = spec;
  if (nodeName !== "" || allNodes || nodeSelector !== undefined) return isForNode(spec, node);
  return perDeviceNodeSelection && devices.some((device) => isForNode(device.spec, node));
}

function addTo(map: Map<string, Slice[]>, key: string, slice: Slice): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [slice]);
  else list.push(slice);
}
