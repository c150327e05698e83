import { describe, expect, it } from "vitest";
import { BoundedHistory, RingBuffer } from "./ring-buffer.ts";

describe("a ring buffer", () => {
  it("gives back in the order it was given, also when it wraps and grows", () => {
    const buffer = new RingBuffer<number>();
    const out: (number | undefined)[] = [];
    let next = 0;
    for (let round = 0; round < 50; round++) {
      for (let push = 0; push < 7; push++) buffer.push(next++);
      for (let shift = 0; shift < 5; shift++) out.push(buffer.shift());
    }
    expect(buffer.size).toBe(100);
    expect(buffer.peek()).toBe(250);
    expect([...out, ...buffer]).toEqual(Array.from({ length: 350 }, (_, index) => index));
    expect([...buffer.newestFirst()]).toEqual([...buffer].reverse());
  });

  it("is empty after clear and after its last value left", () => {
    const buffer = new RingBuffer<string>();
    expect(buffer.shift()).toBeUndefined();
    buffer.push("a");
    buffer.clear();
    expect([buffer.size, buffer.peek()]).toEqual([0, undefined]);
    for (let value = 0; value < 100; value++) buffer.push(String(value));
    while (buffer.size > 0) buffer.shift();
    buffer.push("b");
    expect([...buffer]).toEqual(["b"]);
  });
});

it("a bounded history keeps the newest values, oldest first", () => {
  const history = new BoundedHistory<number>(3);
  for (const value of [1, 2, 3, 4, 5]) history.push(value);
  expect([...history]).toEqual([3, 4, 5]);
  expect(history.size).toBe(3);
});
