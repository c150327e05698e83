import { describe, expect, it } from "vitest";
import type { PodRow, Pods } from "#lib/protocol/index.ts";
import { changesSince, follow, hold, rowAt } from "./held-order.model.ts";

function row(key: string, attempts = 1): PodRow {
  return {
    key,
    uid: key,
    namespace: "shop",
    name: key,
    count: 1,
    code: "no-fit",
    severity: "blocked",
    sentence: ["No node fits."],
    provenance: "actual",
    queue: "unschedulable",
    attempts,
    priority: 0,
    since: 0,
    plugins: [],
    scheduler: "default-scheduler",
  };
}

function pods(rows: readonly PodRow[], more: Partial<Pods> = {}): Pods {
  return {
    asOf: 0,
    provenance: "actual",
    total: rows.length,
    matching: rows.length,
    rowCount: rows.length,
    offset: 0,
    order: rows.map(({ key }) => key),
    rows: Object.fromEntries(rows.map((each) => [each.key, each])),
    facets: {} as Pods["facets"],
    judged: rows.length,
    ...more,
  };
}

describe("a list that somebody is in", () => {
  const held = hold(pods([row("a"), row("b")]));

  it("keeps every row in its place while the values follow", () => {
    const later = pods([row("b", 2), row("c"), row("a", 3)]);
    const followed = follow(held, later);
    expect([rowAt(followed, 0)?.key, rowAt(followed, 1)?.key, rowAt(followed, 2)?.key]).toEqual(["a", "b", undefined]);
    expect(rowAt(followed, 0)?.attempts).toBe(3);
    expect(changesSince(followed, later)).toBe(3);
  });

  it("keeps a row that is gone, as it was", () => {
    expect(rowAt(follow(held, pods([row("b")])), 0)?.key).toBe("a");
  });

  it("fills places that come into sight, and shows nobody twice", () => {
    const long = hold(pods([row("a")], { rowCount: 3 }));
    const followed = follow(long, pods([row("a"), row("c")], { rowCount: 3, offset: 1 }));
    expect(rowAt(followed, 1)).toBeUndefined();
    expect(rowAt(followed, 2)?.key).toBe("c");
  });

  it("says nothing of changes when there are none", () => {
    expect(changesSince(held, held.source)).toBe(0);
  });
});
