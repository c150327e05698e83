/** Our shadow of the queue beside what kube-scheduler counts itself: 500 pods on 20 nodes, while they come and go. */
import { writeFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import type { KubeApi } from "#e2e/kube-api.ts";
import { RunningServer } from "#e2e/running-server.ts";
import type { Measured } from "#lib/protocol/index.ts";
import { seededRandom } from "#server/embedded/random.ts";
import { differencesIn, reasons, type Difference, type Interval } from "./explained-differences.ts";
import { expect, test } from "./fixtures.ts";
import { KubeSchedulerFigures } from "./kube-scheduler-figures.ts";
import { podCount, SchedulingChurn, type ChangedObject } from "./scheduling-churn.ts";
import { ServedCluster } from "./served.ts";

test.use({ storageState: undefined, baseURL: undefined });

const namespace = "inflight-measured";
const informers = { Pod: "v1/pods", Node: "v1/nodes" } as const;
const intervals = 4;
const intervalMs = 10_000;
/** kube-scheduler writes some of its figures only once a second. */
const figuresTakeMs = 1_500;
/** A shadow that is behind by more than these is overtaken by the next change. */
const mostLooks = 5;

test("what comes into the queues is what kube-scheduler counts, and what differs has a name", async ({
  controlPlane,
  api,
}, testInfo) => {
  test.skip(!controlPlane.isOurs, "other pods of a given cluster would be counted, too");
  const seed = Number(process.env["KUBE_INFLIGHT_SEED"] ?? Math.floor(Math.random() * 2 ** 31));
  console.log(`seed ${seed}`);
  const theirs = new KubeSchedulerFigures(controlPlane.schedulerMetricsUrl);
  const authority = testInfo.outputPath("kube-scheduler.pem");
  writeFileSync(authority, await theirs.authority());
  const metrics = ["--scheduler-metrics", controlPlane.schedulerMetricsUrl, "--scheduler-metrics-ca", authority];
  const start = () => RunningServer.start(["--kubeconfig", controlPlane.viewerKubeconfig, ...metrics]);
  const churn = new SchedulingChurn(api, namespace, seededRandom(seed));
  await api.createNamespace(namespace);
  const server = await start();
  let late: RunningServer | undefined;
  try {
    const cluster = await ServedCluster.connected(server);
    await untilCounting(cluster);
    await churn.begin();
    await theirs.untilRest();
    const settle = async (changed: readonly ChangedObject[]) => {
      await theirs.untilRest();
      return inTime(cluster, changed);
    };
    const seen: Interval[] = [];
    let from = await measuredAtRest(cluster, theirs);
    for (let index = 0; index < intervals; index++) {
      // Somebody attaches in the middle of it.
      const attaching = index === 1 ? start() : undefined;
      const changes = await churn.run(intervalMs, settle);
      late ??= await attaching;
      const to = await measuredAtRest(cluster, theirs);
      seen.push({ from, to, changes });
      from = to;
    }
    const differences = seen.map((interval) => differencesIn(interval));
    for (const [index, interval] of seen.entries()) console.log(reportOf(index, interval, differences[index] ?? []));
    const named = new Set(differences.flat().flatMap(({ because }) => because));
    for (const name of named) console.log(`${name}: ${reasons[name]}`);

    await test.step("every difference is explained by reasons that have a bound", () => {
      expect(differences.flat().filter(({ isExplained }) => !isExplained)).toEqual([]);
    });
    await test.step("the shadow keeps pace", () => {
      const changes = seen.flatMap((interval) => interval.changes);
      expect(changes.filter(({ isOverlapped }) => isOverlapped).length).toBeLessThan(changes.length / 2);
    });
    await test.step("it was worth comparing", () => {
      const came = ["active", "unschedulable"].map((queue) => from.incoming[`${queue}/UnschedulablePodAdd`]?.measured);
      expect(came.reduce((sum = 0, count = 0) => sum + count)).toBeGreaterThan(podCount);
      expect(from.attempts["unschedulable"]?.measured).toBeGreaterThan(podCount);
    });
    await test.step("what is in the queues and in flight is the same", () => expectNoDrift(from));

    const lateCluster = await ServedCluster.connected(late ?? server);
    for (const [name, one] of [
      ["attached first", cluster] as const,
      ["attached in the middle", lateCluster] as const,
    ]) {
      await test.step(`${name}: parked pods and who rejected them are as their messages say`, async () => {
        const said = new Map((await api.pods(namespace)).flatMap(rejectorsSaid));
        expect(said.size).toBeGreaterThan(50);
        await expect.poll(() => parked(one)).toEqual(said);
      });
    }
    await test.step("attached in the middle: its queues are the same, too", async () => {
      expectNoDrift(await measuredAtRest(lateCluster, theirs));
    });
  } finally {
    await late?.stop();
    await server.stop();
    await churn.end();
    await theirs.close();
  }
});

/** The shadow may begin anew once it has read how kube-scheduler is configured: what is counted begins anew with it. */
async function untilCounting(cluster: ServedCluster): Promise<void> {
  let before: Measured | undefined;
  const isCounting = async () => {
    const now = await cluster.measured();
    if (now === undefined || now.at === before?.at) return false;
    const isSame = now.since === before?.since;
    before = now;
    return isSame;
  };
  await expect.poll(isCounting, { intervals: [500] }).toBe(true);
}

/** Whether the shadow has seen these, too, and tried everybody again, or does so in no time. */
async function inTime(cluster: ServedCluster, changed: readonly ChangedObject[]): Promise<boolean> {
  const isSeen = ({ kind, metadata }: ChangedObject) => cluster.hasSeen(informers[kind], metadata.resourceVersion);
  for (let looks = 1; looks <= mostLooks; looks++) {
    if (looks > 1) await sleep(100);
    if ((await Promise.all(changed.map(isSeen))).every(Boolean) && (await cluster.isAtRest())) return true;
  }
  return false;
}

/** Nothing changes any more, nobody is on the way through a queue, and all figures have been written since. */
async function measuredAtRest(cluster: ServedCluster, theirs: KubeSchedulerFigures): Promise<Measured> {
  await theirs.untilRest();
  await expect.poll(() => cluster.isAtRest(), { intervals: [100] }).toBe(true);
  const from = Date.now() + figuresTakeMs;
  for (;;) {
    const measured = await cluster.measured();
    if (measured !== undefined && measured.at >= from) return measured;
    await sleep(200);
  }
}

function expectNoDrift({ pending, inFlight, inFlightEvents }: Measured): void {
  for (const [name, { measured, ours }] of Object.entries({ ...pending, inFlight, ...inFlightEvents })) {
    expect(ours, name).toBe(measured);
  }
}

function reportOf(index: number, { changes, to }: Interval, rows: readonly Difference[]): string {
  const overlapped = changes.filter(({ isOverlapped }) => isOverlapped).length;
  const lines = rows.map(({ row, measured, ours, because, atMost, isExplained }) => {
    const why = because.length === 0 ? "no reason known" : `${because.join(", ")}: at most ${atMost}`;
    return `  ${isExplained ? " " : "!"} ${row}: kube-scheduler ${measured}, ours ${ours} (${why})`;
  });
  const attempt = to.attemptMs === undefined ? "" : `, an attempt takes ${to.attemptMs.toFixed(2)} ms`;
  return [
    `interval ${index + 1}: ${changes.length} changes, ${overlapped} of them overlapped${attempt}`,
    ...lines,
  ].join("\n");
}

const words: readonly (readonly [plugin: string, said: string])[] = [
  ["InterPodAffinity", "didn't match pod affinity rules"],
  ["NodeAffinity", "didn't match Pod's node affinity/selector"],
  ["NodeResourcesFit", "Insufficient"],
  ["NodeUnschedulable", "were unschedulable"],
  ["TaintToleration", "had untolerated taint"],
];

/** Of a pod that is said to be unschedulable: its name, and the plugins that its message means. */
function rejectorsSaid(pod: Awaited<ReturnType<KubeApi["pods"]>>[number]): readonly [string, readonly string[]][] {
  const condition = pod.status.conditions?.find(({ type, status }) => type === "PodScheduled" && status === "False");
  const { message } = condition ?? {};
  if (pod.spec.nodeName !== undefined || message?.startsWith("0/") !== true) return [];
  const [filters = ""] = message.split("preemption:");
  return [[pod.metadata.name, words.flatMap(([plugin, said]) => (filters.includes(said) ? [plugin] : []))]];
}

async function parked(cluster: ServedCluster): Promise<ReadonlyMap<string, readonly string[]>> {
  const { lanes } = await cluster.queue();
  const rows = Object.values(lanes.unschedulable.rows).filter((row) => row.namespace === namespace);
  return new Map(rows.map(({ name, plugins }) => [name, plugins.toSorted()]));
}
