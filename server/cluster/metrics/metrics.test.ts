import { expect, it } from "vitest";
import { keyOfTarget } from "#lib/informer/index.ts";
import type { MetricFamily } from "#lib/queue/index.ts";
import { aHandler, FakeCluster } from "../testing/fake-cluster.ts";
import { informerFamilies, registrationFamilies, ThreadFamilies } from "./index.ts";

const canary = "canary-7f3a";

/** `name{label="value"} 1`, without zeros. */
function series(families: readonly MetricFamily[]): string[] {
  return families.flatMap(({ name, type, values }) =>
    values.flatMap((value) => {
      const labels = Object.entries(value.labels).map(([label, text]) => `${label}=${text}`);
      const figure = type === "histogram" && "count" in value ? value.count : "value" in value ? value.value : 0;
      return figure === 0 ? [] : [`${name}{${labels.join(",")}} ${figure}`];
    }),
  );
}

async function aCluster() {
  const cluster = new FakeCluster();
  const key = keyOfTarget({ resource: "v1/pods" });
  const board = cluster.board;
  board.addHandler("v1/pods", aHandler({ kind: "count", times: 2 }));
  board.addHandler("v1/pods", aHandler({ kind: "tail", owner: "kai" }));
  await cluster.clock.settle();
  const name = canary;
  await cluster.tell(key, "ADDED", { metadata: { name, namespace: canary, uid: canary, labels: { a: canary } } });
  await cluster.clock.advance(1_500);
  return { board, clock: cluster.clock };
}

it("an informer says what it is doing, what it holds, how fresh it is and why it listed again", async () => {
  const { board, clock } = await aCluster();
  expect(series(informerFamilies(board, clock.now()))).toEqual([
    "informer_phase{informer=v1/pods,phase=watching} 1",
    "informer_synced{informer=v1/pods} 1",
    "informer_objects{informer=v1/pods} 1",
    "informer_last_event_age_seconds{informer=v1/pods} 1.5",
    "informer_received_total{informer=v1/pods,kind=added} 1",
    "informer_received_total{informer=v1/pods,kind=bookmarks} 1",
    "informer_registrations{informer=v1/pods} 3",
  ]);
  board.relist("v1/pods");
  await clock.advance(1);
  expect(series(informerFamilies(board, clock.now()))).toContain(
    "informer_relists_total{informer=v1/pods,reason=asked} 1",
  );
});

it("registrations of one owner and name are one series: what they wait for, did and failed at", async () => {
  const { board } = await aCluster();
  const found = series(registrationFamilies(board));
  const of = (metric: string) => found.filter((line) => line.startsWith(`registration_${metric}{`));
  expect(of("count")).toEqual([
    expect.stringMatching(/^registration_count\{informer=v1\/pods,owner=jane,handler=\w+\} 2$/),
    expect.stringMatching(/^registration_count\{informer=v1\/pods,owner=kai,handler=\w+\} 1$/),
  ]);
  expect(of("delivered_total").map((line) => line.split(" ").at(-1))).toEqual(["2", "1"]);
  expect(of("synced")).toHaveLength(2);
  expect([of("failed_total"), of("pending")]).toEqual([[], []]);
});

it("tells nothing of an object", async () => {
  const { board, clock } = await aCluster();
  const all = [...informerFamilies(board, clock.now()), ...registrationFamilies(board)];
  expect(JSON.stringify(all)).not.toContain(canary);
});

it("a histogram counts each call in every bucket that holds it", async () => {
  const { board } = await aCluster();
  const histogram = registrationFamilies(board).find(({ type }) => type === "histogram");
  for (const value of histogram?.type === "histogram" ? histogram.values : []) {
    const counts = value.buckets.map(({ count }) => count);
    expect(counts).toEqual(counts.toSorted((a, b) => a - b));
    expect(counts.at(-1)).toBeLessThanOrEqual(value.count);
    expect(value.count).toBeGreaterThan(0);
  }
});

it("a thread tells its longest delay since it was asked last", () => {
  const thread = new ThreadFamilies();
  expect(series(thread.take()).some((line) => line.startsWith("cluster_heap_used_bytes{} "))).toBe(true);
  expect(thread.take().map(({ name }) => name)).toEqual([
    "cluster_event_loop_delay_seconds",
    "cluster_heap_used_bytes",
  ]);
  thread.stop();
});
