import { describe, expect, it } from "vitest";
import { LinkedList } from "./linked-list.ts";

describe("a linked list", () => {
  it("keeps the order of insertion, from either end", () => {
    const list = new LinkedList<string>();
    for (const value of ["a", "b", "c"]) list.pushBack(value);
    expect([...list]).toEqual(["a", "b", "c"]);
    expect([...list.newestFirst()]).toEqual(["c", "b", "a"]);
    expect([list.front?.value, list.back?.value, list.size]).toEqual(["a", "c", 3]);
  });

  it("joins the neighbours of a removed element", () => {
    const list = new LinkedList<string>();
    const [a, b, c] = ["a", "b", "c"].map((value) => list.pushBack(value));
    if (a === undefined || b === undefined || c === undefined) throw new Error("three were pushed");
    list.remove(b);
    expect(a.next).toBe(c);
    expect(c.previous).toBe(a);
    expect(list.has(b)).toBe(false);
    list.remove(a);
    list.remove(c);
    expect([list.front, list.back, list.size]).toEqual([undefined, undefined, 0]);
  });

  it("leaves a removed element without neighbours, and removing it again alone", () => {
    const list = new LinkedList<string>();
    const a = list.pushBack("a");
    list.pushBack("b");
    list.remove(a);
    list.remove(a);
    expect([a.next, a.previous]).toEqual([undefined, undefined]);
    expect([...list]).toEqual(["b"]);
  });

  it("does not remove an element of another list", () => {
    const list = new LinkedList<string>();
    const foreign = new LinkedList<string>().pushBack("a");
    list.pushBack("b");
    list.remove(foreign);
    expect(list.size).toBe(1);
  });
});
