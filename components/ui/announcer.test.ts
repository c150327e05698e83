import { expect, it } from "vitest";
import { quietMs, sayAt } from "./announcer.model.ts";

it("says the first message at once and leaves quiet after each", () => {
  expect(sayAt(100, undefined)).toBe(100);
  expect(sayAt(200, 100)).toBe(100 + quietMs);
  expect(sayAt(100 + 2 * quietMs, 100)).toBe(100 + 2 * quietMs);
});
