import { expect, it } from "vitest";
import { FakeClock } from "#lib/clock/testing/fake-clock.ts";
import type { MetricFamily } from "#lib/queue/index.ts";
import { RefusedError, type HubCounts } from "#server/hub/index.ts";
import { FakeCluster, FakeRegistry } from "#server/hub/testing/fake-clusters.ts";
import { Metrics } from "./metrics.ts";
import { samplesOf } from "./testing/samples.ts";

const counts: HubCounts = {
  connections: 2,
  subscriptions: 5,
  views: 3,
  messages: { snapshot: 7, delta: 40, closed: 1 },
  coalesced: 4,
  dropped: 6,
};

function situation(...clusters: readonly FakeCluster[]) {
  const clock = new FakeClock();
  const metrics = new Metrics({ registry: new FakeRegistry(...clusters), hub: () => counts, clock, version: "1.2.3" });
  return { clock, metrics, scrape: async () => samplesOf(await metrics.scrape()) };
}

/** A cluster whose answer is what the test says. */
function aCluster(id: string, ...families: readonly MetricFamily[]): FakeCluster {
  const cluster = new FakeCluster(id);
  cluster.metrics = async () => families;
  return cluster;
}

it("tells the process, the hub, and each cluster under its name", async () => {
  const { metrics, scrape } = situation(new FakeCluster("a"), new FakeCluster("b"));
  const samples = await scrape();
  expect(metrics.contentType).toBe("text/plain; version=0.0.4; charset=utf-8");
  expect(samples.get('kube_inflight_build_info{version="1.2.3"}')).toBe(1);
  expect(samples.get("process_resident_memory_bytes")).toBeGreaterThan(0);
  expect([...samples].filter(([series]) => /^kube_inflight_(hub|informer|cluster)/.test(series))).toEqual([
    ["kube_inflight_hub_connections", 2],
    ["kube_inflight_hub_subscriptions", 5],
    ["kube_inflight_hub_views", 3],
    ['kube_inflight_hub_messages_total{kind="snapshot"}', 7],
    ['kube_inflight_hub_messages_total{kind="delta"}', 40],
    ['kube_inflight_hub_messages_total{kind="closed"}', 1],
    ["kube_inflight_hub_coalesced_total", 4],
    ["kube_inflight_hub_dropped_total", 6],
    ['kube_inflight_cluster_connected{cluster="a",mode="embedded"}', 1],
    ['kube_inflight_cluster_connected{cluster="b",mode="embedded"}', 1],
    ['kube_inflight_cluster_answered{cluster="a"}', 1],
    ['kube_inflight_cluster_answered{cluster="b"}', 1],
    ['kube_inflight_informer_objects{cluster="a",informer="v1/pods"}', 7],
    ['kube_inflight_informer_objects{cluster="b",informer="v1/pods"}', 7],
  ]);
  // Each time anew: nothing is counted twice.
  expect([...(await scrape())].filter(([series]) => series.includes("hub"))).toHaveLength(8);
});

it("tells histograms with their endless bucket, and quotes what somebody called a handler", async () => {
  const name = 'a "name"\\with\nlines';
  const { scrape } = situation(
    aCluster("a", {
      type: "histogram",
      name: "registration_handling_seconds",
      help: "h",
      values: [{ labels: { handler: name }, count: 3, sum: 0.5, buckets: [{ le: 0.1, count: 2 }] }],
    }),
  );
  const found = [...(await scrape())].filter(([series]) => series.includes("handling"));
  const labels = String.raw`cluster="a",handler="a \"name\"\\with\nlines"`;
  expect(found).toEqual([
    [`kube_inflight_registration_handling_seconds_bucket{${labels},le="0.1"}`, 2],
    [`kube_inflight_registration_handling_seconds_bucket{${labels},le="+Inf"}`, 3],
    [`kube_inflight_registration_handling_seconds_sum{${labels}}`, 0.5],
    [`kube_inflight_registration_handling_seconds_count{${labels}}`, 3],
  ]);
});

it("does without a cluster whose thread is gone, or does not answer in time", async () => {
  const gone = aCluster("gone");
  gone.metrics = () => Promise.reject(new RefusedError(503, "worker-gone", "it ended"));
  const stuck = aCluster("stuck");
  stuck.metrics = () => new Promise(() => {});
  const { clock, scrape } = situation(gone, stuck, new FakeCluster("well"));
  const scraped = scrape();
  await clock.advance(5_000);
  const answered = [...(await scraped)].filter(([series]) => series.includes("cluster_answered"));
  expect(answered.map(([, value]) => value)).toEqual([0, 0, 1]);
  expect(clock.nextTimerAt).toBeUndefined();
});
