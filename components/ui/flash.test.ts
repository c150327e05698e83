import { expect, it } from "vitest";
import { isFlashed, recentChanges } from "./flash.model.ts";

it("a change is tinted unless there were more than three within a second", () => {
  const tinted = [0, 100, 200, 300, 1_150, 2_500].reduce<{ changes: readonly number[]; seen: boolean[] }>(
    ({ changes, seen }, at) => {
      const next = recentChanges(changes, at);
      return { changes: next, seen: [...seen, isFlashed(next)] };
    },
    { changes: [], seen: [] },
  );
  expect(tinted.seen).toEqual([true, true, true, false, true, true]);
});
