/**
 * Beside the real kube-scheduler: events that wake parked pods, again and again, and nobody is said to have missed one.
 * Then kube-scheduler is frozen between a failure and the event that would wake the pod: that is noticed, and taken back
 * once it goes on.
 */
import process from "node:process";
import { setTimeout as sleep } from "node:timers/promises";
import { topics } from "#lib/protocol/index.ts";
import type { KubeApi } from "#e2e/kube-api.ts";
import { RunningServer } from "#e2e/running-server.ts";
import { z } from "zod";
import { expect, test } from "./fixtures.ts";
import { ServedCluster } from "./served.ts";

test.use({
  storageState: undefined,
  baseURL: undefined,
  controlPlaneName: ["missed", { scope: "worker" }],
  // It keeps its Lease while it is frozen: the one that goes on is the one that was.
  leaseSeconds: [600, { scope: "worker" }],
});

const namespace = "inflight-missed";
const nodeCount = 5;
const parkedCount = 40;
/** Three minutes; longer for the record. */
const churnMs = Number(process.env["KUBE_INFLIGHT_CHURN_MS"] ?? 180_000);
const roundMs = 500;
const lookEveryMs = 250;
const leastEvents = 200;
const leastWoken = 100;

/** What would be a false alarm. */
const alarms: readonly string[] = ["missed-event", "stuck-in-flight", "flush-overdue", "lost"];
const nodeList = z.object({ items: z.array(z.object({ metadata: z.object({ name: z.string() }) })) });

test("under churn that wakes parked pods nobody is said to have missed anything", async ({ controlPlane, api }) => {
  test.skip(!controlPlane.isOurs, "whoever else is in a given cluster would be churned, too");
  test.setTimeout(churnMs + 240_000);
  const server = await RunningServer.start(["--kubeconfig", controlPlane.viewerKubeconfig]);
  try {
    const cluster = await ServedCluster.connected(server);
    await prepare(api);
    await expect.poll(() => parked(api), { timeout: 120_000 }).toBe(parkedCount);
    await expect.poll(() => cluster.queuedPods(namespace)).toBe(parkedCount);
    const before = await controlPlane.schedulerMetrics();
    const end = { isReached: false };
    const [events, looks] = await Promise.all([
      churn(api).finally(() => (end.isReached = true)),
      alarmsUntil(server, cluster, end),
    ]);
    const after = await controlPlane.schedulerMetrics();
    const woken = wokenBy(after) - wokenBy(before);
    console.log(`${events} events woke ${woken} pods of kube-scheduler's own count; looked ${looks.count} times`);
    expect(looks.seen).toEqual([]);
    expect(looks.count).toBeGreaterThan(churnMs / 5_000);
    expect(events).toBeGreaterThanOrEqual(leastEvents);
    expect(woken).toBeGreaterThanOrEqual(leastWoken);
  } finally {
    await server.stop();
    await cleanUp(api);
  }
});

test("kube-scheduler frozen before the event that would wake a pod is noticed, until it goes on", async ({
  controlPlane,
  api,
}) => {
  test.skip(!controlPlane.isOurs, "the kube-scheduler of a given cluster is not ours to freeze");
  const server = await RunningServer.start(["--kubeconfig", controlPlane.viewerKubeconfig]);
  try {
    const cluster = await ServedCluster.connected(server);
    await api.createNamespace(namespace);
    await createNode(api, 0);
    await api.createPod(namespace, "frozen", "64");
    await expect.poll(() => parked(api)).toBe(1);
    await expect.poll(() => cluster.queuedPods(namespace)).toBe(1);
    let isTheSame = false;
    controlPlane.freeze("kube-scheduler");
    try {
      await api.createNode("missed-giant", { cpu: "640" });
      await expect
        .poll(() => codes(server, cluster), { timeout: 90_000 })
        .toContainEqual(expect.stringMatching(/^(no-scheduler|missed-event)$/));
    } finally {
      isTheSame = await controlPlane.goOn("kube-scheduler");
    }
    expect(isTheSame, "kube-scheduler went on, and was not started again").toBe(true);
    await expect.poll(() => codes(server, cluster), { timeout: 120_000 }).toEqual([]);
    await expect
      .poll(async () => (await api.pods(namespace)).map(({ spec }) => spec.nodeName))
      .toEqual(["missed-giant"]);
  } finally {
    await server.stop();
    await cleanUp(api);
  }
});

/** Small nodes, and pods that are larger. */
async function prepare(api: KubeApi): Promise<void> {
  await api.createNamespace(namespace);
  for (let index = 0; index < nodeCount; index++) await createNode(api, index);
  await Promise.all(
    Array.from({ length: parkedCount }, (_, index) =>
      api.createPod(namespace, `parked-${index}`, `${5 + (index % 3)}`),
    ),
  );
}

function createNode(api: KubeApi, index: number): Promise<void> {
  return api.createNode(`missed-${index}`, { cpu: "4" });
}

/** Room comes and goes, nodes are cordoned, small pods leave. How many events that made. */
async function churn(api: KubeApi): Promise<number> {
  const until = Date.now() + churnMs;
  const rooms: string[] = [];
  let events = 0;
  for (let round = 0; Date.now() < until; round++) {
    const began = Date.now();
    const node = `missed-${round % nodeCount}`;
    switch (round % 4) {
      case 0: // NodeUpdateNodeAllocatable: more than before, for the smallest not enough
        await api.patch(`/api/v1/nodes/${node}/status`, {
          status: { allocatable: { cpu: `${4_000 + (round % 900)}m` } },
        });
        events++;
        break;
      case 1: // NodeUpdateNodeTaint, twice
        await api.patch(`/api/v1/nodes/${node}`, { spec: { unschedulable: true } });
        await api.patch(`/api/v1/nodes/${node}`, { spec: { unschedulable: null } });
        events += 2;
        break;
      case 2: // AssignedPodAdd, and AssignedPodDelete two rounds later
        await api.createPod(namespace, `guest-${round}`, "100m");
        if (round > 4) await api.deletePod(namespace, `guest-${round - 4}`);
        events += 2;
        break;
      default: {
        // NodeAdd: a pod fits there, and leaves with the node while another takes its place among those who wait.
        const room = `missed-room-${round}`;
        await api.createNode(room, { cpu: "6" });
        rooms.push(room);
        events++;
        if (rooms.length > 2) events += await takeAway(api, rooms.shift() ?? "", round);
      }
    }
    await sleep(Math.max(0, began + roundMs - Date.now()));
  }
  return events;
}

async function takeAway(api: KubeApi, room: string, round: number): Promise<number> {
  const there = (await api.pods(namespace)).filter(({ spec }) => spec.nodeName === room);
  for (const [index, { metadata }] of there.entries()) {
    await api.deletePod(namespace, metadata.name);
    if (!metadata.name.startsWith("guest")) await api.createPod(namespace, `again-${round}-${index}`, "5");
  }
  await api.request("DELETE", `/api/v1/nodes/${room}`);
  return there.length + 1;
}

/** Looks all the time: what is accused for a moment counts. */
async function alarmsUntil(
  server: RunningServer,
  cluster: ServedCluster,
  end: { readonly isReached: boolean },
): Promise<{ readonly count: number; readonly seen: readonly unknown[] }> {
  const seen: unknown[] = [];
  let count = 0;
  for (; !end.isReached; count++) {
    const found = await attention(server, cluster);
    seen.push(...found.filter(({ code }) => alarms.includes(code)));
    await sleep(lookEveryMs);
  }
  return { count, seen };
}

async function attention(server: RunningServer, cluster: ServedCluster) {
  const { body } = await server.api("GET", `/api/clusters/${cluster.id}/attention`);
  return Object.values(topics.attention.value.parse(body).groups);
}

async function codes(server: RunningServer, cluster: ServedCluster): Promise<readonly string[]> {
  return (await attention(server, cluster)).map(({ code }) => code);
}

/** Pods that wait, and of which kube-scheduler has said so. */
async function parked(api: KubeApi): Promise<number> {
  return (await api.pods(namespace)).filter(
    ({ spec, status }) =>
      spec.nodeName === undefined &&
      status.conditions?.some(({ type, status: is }) => type === "PodScheduled" && is === "False") === true,
  ).length;
}

/** Pods that something which happened moved: neither their coming nor a failed attempt nor the end of a backoff. */
function wokenBy(metrics: string): number {
  let woken = 0;
  const own =
    /event="(PodAdd|UnschedulablePodAdd|ScheduleAttemptFailure|BackoffComplete|PopFromBackoffQ|UnschedulableTimeout)"/;
  for (const line of metrics.split("\n")) {
    if (!line.startsWith("scheduler_queue_incoming_pods_total{") || own.test(line)) continue;
    woken += Number(line.slice(line.lastIndexOf(" ")));
  }
  return woken;
}

async function cleanUp(api: KubeApi): Promise<void> {
  await api.request("DELETE", `/api/v1/namespaces/${namespace}/pods?gracePeriodSeconds=0`);
  const { items } = nodeList.parse(await api.request("GET", "/api/v1/nodes"));
  for (const { metadata } of items) await api.request("DELETE", `/api/v1/nodes/${metadata.name}`);
}
