import { expect, it } from "vitest";
import { afterLoss, type ConnectionState } from "./connection.model.ts";

it("tries again after 1, 2, 4, 8 and then every 15 seconds, and remembers when the connection was lost", () => {
  let state: ConnectionState = { phase: "connected" };
  const delays: number[] = [];
  for (const now of [1_000, 2_000, 4_000, 8_000, 16_000, 31_000]) {
    state = afterLoss(state, now);
    delays.push((state.retryAt ?? 0) - now);
    expect(state.since).toBe(1_000);
  }
  expect(delays).toEqual([1_000, 2_000, 4_000, 8_000, 15_000, 15_000]);
  expect(state).toMatchObject({ phase: "lost", attempt: 6 });
});
