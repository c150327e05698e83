"use client";
import { createParser, parseAsArrayOf, parseAsString, parseAsStringLiteral, useQueryStates } from "nuqs";
import { useMemo } from "react";
import { parseQuery, type FacetName, type PodSort, type View } from "#lib/protocol/index.ts";
import { codesOf } from "./pills.model.ts";

const sorts = ["severity", "age", "name", "priority", "attempts", "queue"] as const satisfies readonly PodSort[];
const descending = sorts.map((sort) => `-${sort}` as const);
const list = parseAsArrayOf(parseAsString).withDefault([]);
const flag = createParser({ parse: (text) => text === "1" || text === "true", serialize: (on) => (on ? "1" : "0") });
const parsers = {
  q: parseAsString.withDefault(""),
  v: list,
  queue: list,
  plugin: list,
  ns: list,
  pc: list,
  node: list,
  sort: parseAsStringLiteral([...sorts, ...descending]).withDefault("-severity"),
  fold: flag.withDefault(false),
};

/** Everything that says which pods are shown stands in the address. */
export function usePodsAddress() {
  const [address, set] = useQueryStates(parsers, { history: "replace", scroll: false });
  return { address, set };
}

export type PodsAddress = ReturnType<typeof usePodsAddress>["address"];
/** The facets one can choose from at the left. */
export type ShownFacet = Exclude<FacetName, "verdict">;

/** The address as a question to the server. `draft`: what is being typed counts already. */
export function usePodsView(
  address: PodsAddress,
  draft: string,
  window: { offset: number; limit: number },
): View<"pods"> {
  return useMemo(() => {
    const { q, v, queue, plugin, ns, pc, node, sort, fold } = address;
    // What is half typed and cannot be read yet leaves the list as it is.
    const query = `${q} ${parseQuery(draft).problem === undefined ? draft : ""}`.trim();
    return {
      ...(query === "" ? {} : { q: query }),
      ...(v.length === 0 ? {} : { verdict: [...codesOf(v)] }),
      ...chosen({ queue, plugin, ns, pc, node }),
      sort: sortOf(sort).by,
      // The server's own order is the usual one: the worst, the oldest, the highest first.
      ...(sort === usual(sortOf(sort).by) ? {} : { isDescending: true }),
      ...(fold ? { fold } : {}),
      ...window,
    };
  }, [address, draft, window]);
}

export function sortOf(sort: PodsAddress["sort"]): { readonly by: PodSort; readonly isDescending: boolean } {
  const isDescending = sort.startsWith("-");
  return { by: (isDescending ? sort.slice(1) : sort) as PodSort, isDescending };
}

/** The same column again turns its order round; another begins as one usually wants it. */
export function sortedBy(sort: PodsAddress["sort"], column: PodSort): PodsAddress["sort"] {
  const { by, isDescending } = sortOf(sort);
  if (by === column) return isDescending ? column : `-${column}`;
  return usual(column);
}

/** The order in which one wants a column first. */
function usual(column: PodSort): PodsAddress["sort"] {
  return column === "name" || column === "queue" ? column : `-${column}`;
}

function chosen<K extends string>(lists: Readonly<Record<K, string[]>>): Partial<Record<K, string[]>> {
  const entries = Object.entries<string[]>(lists).filter(([, values]) => values.length > 0);
  return Object.fromEntries(entries) as Partial<Record<K, string[]>>;
}
