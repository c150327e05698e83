import { expect, it } from "vitest";
import { firstWindow, windowFor } from "./window.model.ts";

it("asks for what is on the screen and a chunk at both ends, on chunk borders", () => {
  expect(windowFor(0, 19, firstWindow)).toBe(firstWindow);
  expect(windowFor(100, 119, firstWindow)).toEqual({ offset: 40, limit: 120 });
  expect(windowFor(0, 1000, firstWindow).limit).toBe(200);
});
