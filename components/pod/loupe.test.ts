import { expect, it } from "vitest";
import type { SeenEvent } from "#lib/protocol/index.ts";
import { itemsOf } from "./loupe.model.ts";

const event = (label: string, answer: SeenEvent["answer"], seq = 0): SeenEvent => ({
  seq,
  at: 0,
  label,
  answer,
  answers: [],
  isLostByHistorical: false,
});
const shown = (events: readonly SeenEvent[], room = 12): readonly string[] =>
  itemsOf(events, room).map(({ first, count }) => `${first.label} ${first.answer} ×${count}`);

it("equal neighbours stand as one", () => {
  const many = Array.from({ length: 16 }, () => event("NodeUpdate", "Skip"));
  expect(
    shown([...many, event("NodeAdd", "Queue"), event("NodeUpdate", "Skip"), event("NodeUpdate", "Queue")]),
  ).toEqual(["NodeUpdate Skip ×16", "NodeAdd Queue ×1", "NodeUpdate Skip ×1", "NodeUpdate Queue ×1"]);
});

it("what decides is there, however much came before it", () => {
  const noise = Array.from({ length: 40 }, (_, index) => event(index % 2 === 0 ? "A" : "B", "Skip"));
  const found = shown([...noise, event("NodeAdd", "Queue")], 5);
  expect(found).toEqual(["A Skip ×1", "B Skip ×1", "A Skip ×1", "B Skip ×1", "NodeAdd Queue ×1"]);
});
