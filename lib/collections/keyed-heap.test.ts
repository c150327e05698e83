import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { KeyedHeap, type HeapItem } from "./keyed-heap.ts";

interface Item extends HeapItem {
  rank: number;
}

const item = (key: string, rank: number): Item => ({ key, rank, heapIndex: -1 });
const heapOf = (...items: readonly Item[]): KeyedHeap<Item> => {
  const heap = new KeyedHeap<Item>((a, b) => a.rank < b.rank);
  for (const one of items) heap.addOrUpdate(one);
  return heap;
};
const keysOf = (items: readonly Item[]): string => items.map(({ key }) => key).join("");

describe("a heap by key", () => {
  it("gives its values in order and knows them by key", () => {
    const heap = heapOf(item("c", 3), item("a", 1), item("b", 2));
    expect(heap.peek()?.key).toBe("a");
    expect(heap.get("c")?.rank).toBe(3);
    expect(heap.delete("b")?.rank).toBe(2);
    expect(heap.delete("b")).toBeUndefined();
    expect([heap.pop()?.key, heap.pop()?.key, heap.pop()]).toEqual(["a", "c", undefined]);
  });

  it("replaces a value under its key and says which", () => {
    const old = item("a", 1);
    const heap = heapOf(old, item("b", 2));
    expect(heap.addOrUpdate(item("a", 3))).toBe(old);
    expect(old.heapIndex).toBe(-1);
    expect(keysOf(heap.inPopOrder())).toBe("ba");
  });

  it("restores the order when a value says that it changed", () => {
    const changing = item("a", 1);
    const heap = heapOf(changing, item("b", 2), item("c", 3));
    changing.rank = 4;
    expect(heap.isOrdered()).toBe(false);
    heap.addOrUpdate(changing);
    expect(heap.isOrdered()).toBe(true);
    expect(keysOf(heap.inPopOrder())).toBe("bca");
  });

  it("gives equal values in the order of upstream's layout", () => {
    const heap = heapOf(...["a", "b", "c", "d", "e"].map((key) => item(key, 0)));
    expect(keysOf(heap.inPopOrder())).toBe("aedcb");
  });

  it("shows the first few in order without changing anything", () => {
    const heap = heapOf(...["d", "b", "a", "c"].map((key, index) => item(key, [4, 2, 1, 3][index] ?? 0)));
    expect(keysOf(heap.inPopOrder(2))).toBe("ab");
    expect(heap.size).toBe(4);
    expect(keysOf(heap.inPopOrder())).toBe("abcd");
    expect(heap.inPopOrder(0)).toEqual([]);
  });

  it("shows those that are wanted in order", () => {
    const heap = heapOf(...["d", "b", "a", "c"].map((key, index) => item(key, [4, 2, 1, 3][index] ?? 0)));
    expect(keysOf(heap.sorted(({ key }) => key !== "b"))).toBe("acd");
    expect(keysOf(heap.inPopOrder())).toBe("abcd");
  });

  it("stays in order through any insertions, changes and removals", () => {
    const step = fc.tuple(fc.constantFrom("set", "delete", "pop"), fc.nat({ max: 9 }), fc.nat({ max: 5 }));
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const heap = heapOf();
        const known = new Map<string, number>();
        for (const [what, number, rank] of steps) {
          const key = String(number);
          if (what === "set") {
            heap.addOrUpdate(item(key, rank));
            known.set(key, rank);
          } else {
            const gone = what === "delete" ? heap.delete(key) : heap.pop();
            if (what === "pop") expect(gone?.rank ?? 0).toBe(known.size === 0 ? 0 : Math.min(...known.values()));
            if (gone !== undefined) known.delete(gone.key);
          }
          expect(heap.isOrdered()).toBe(true);
          expect(heap.size).toBe(known.size);
          expect([...heap.values()].every((value) => known.get(value.key) === value.rank)).toBe(true);
        }
      }),
    );
  });
});
