import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium } from "playwright";
import { browser as settings } from "../../browser.ts";
import { RunningServer } from "../../running-server.ts";
import { atMost, type Figure } from "../figure.ts";
import { goProgram } from "../go-program.ts";
import { PodServer } from "../informer/pod-server.ts";
import { noGo, type BenchOptions, type Found } from "../section.ts";
import { pageLoad, watchPaints, type PageLoad } from "./page-load.ts";

const queued = 20_000;
const perSecond = 500;
const seconds = 30;
/** The page has drawn its first picture by then, and the stream runs. */
const settlingMs = 8_000;
/** Views are built at most ten times a second. */
const buildEveryMs = 100;
const pages = [
  { name: "Queue", path: "/queue" },
  { name: "Overview", path: "/" },
  { name: "Pods", path: "/pods" },
  { name: "Informers", path: "/informers" },
] as const;
type PageName = (typeof pages)[number]["name"];
type Loads = Readonly<Record<PageName, PageLoad[]>>;

/** What each page costs a browser, attached to a cluster in which 20,000 pods wait and 500 come or go each second. */
export async function benchViewer({ runs }: BenchOptions): Promise<Found> {
  const program = await goProgram("informer");
  if (program === undefined) return { figures: [], missing: [`viewer: its cluster is a Go program. ${noGo}`] };
  const loads: Loads = { Queue: [], Overview: [], Pods: [], Informers: [] };
  for (let run = 0; run < runs; run++) {
    await PodServer.during(program, { pods: queued, pending: queued, nodes: 100 }, (cluster) => look(cluster, loads));
  }
  return { figures: pages.flatMap(({ name }) => figuresOf(name, loads[name])), missing: [] };
}

function figuresOf(name: PageName, loads: readonly PageLoad[]): Figure[] {
  return [
    atMost({
      what: `socket of ${name}, 20,000 pods wait, 500 changes/s`,
      unit: "KB/s",
      ours: loads.map(({ socketKilobytesPerSecond }) => socketKilobytesPerSecond),
      goal: 50,
    }),
    atMost({
      what: `${name}: longest task of the browser`,
      unit: "ms",
      ours: loads.map(({ longestTaskMs }) => longestTaskMs),
      goal: 50,
    }),
    atMost({
      what: `${name}: event to pixel, p99`,
      unit: "ms",
      ours: loads.map(({ paintLagMs }) => buildEveryMs + paintLagMs),
      goal: 250,
    }),
    atMost({
      what: `${name}: growth of the heap in ${seconds} s`,
      unit: "MB",
      ours: loads.map(({ heapGrowthMegabytes }) => heapGrowthMegabytes),
      goal: 2,
    }),
  ];
}

async function look(cluster: PodServer, loads: Loads): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "kube-inflight-bench-"));
  const kubeconfig = join(folder, "kubeconfig");
  writeFileSync(kubeconfig, cluster.kubeconfig);
  const server = await RunningServer.start(["--kubeconfig", kubeconfig]);
  const browser = await chromium.launch(settings.launchOptions);
  try {
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
    await watchPaints(page);
    const cdp = await page.context().newCDPSession(page);
    await cdp.send("Network.enable");
    await cdp.send("Performance.enable");
    await page.goto(server.loginUrl);
    await page.goto(new URL("/queue", server.origin).href);
    await page.getByText("20,000").first().waitFor();
    for (const { name, path } of pages) {
      await cluster.churn(perSecond, seconds + 2 * (settlingMs / 1000));
      await page.goto(new URL(path, server.origin).href);
      await page.waitForTimeout(settlingMs);
      loads[name].push(await pageLoad({ browser, page, cdp }, seconds));
      await page.waitForTimeout(settlingMs); // until nothing changes any more
    }
  } finally {
    await browser.close();
    await server.stop();
    rmSync(folder, { recursive: true });
  }
}
