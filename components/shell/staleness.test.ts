import { expect, it } from "vitest";
import { stalenessOf } from "./staleness.model.ts";

it("a picture tells its age after 5 s and is not called live after 15", () => {
  expect([0, 4_999, 5_000, 14_999, 15_000].map((age) => stalenessOf(1_000, 1_000 + age))).toEqual([
    "fresh",
    "fresh",
    "aged",
    "aged",
    "silent",
  ]);
});
