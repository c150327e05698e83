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
import { pageLoad, type PageLoad } from "./page-load.ts";

const queued = 20_000;
const perSecond = 500;
const seconds = 60;
/** The page has drawn its first picture by then, and the stream runs. */
const settlingMs = 5_000;

/** What the Queue page costs a browser, attached to a cluster in which 20,000 pods wait and 500 come or go each second. */
export async function benchViewer({ runs }: BenchOptions): Promise<Found> {
  const program = await goProgram("informer");
  if (program === undefined) return { figures: [], missing: [`viewer: its cluster is a Go program. ${noGo}`] };
  const loads: PageLoad[] = [];
  for (let run = 0; run < runs; run++) {
    await PodServer.during(program, { pods: queued, pending: queued, nodes: 100 }, async (cluster) => {
      loads.push(await loadOf(cluster));
    });
  }
  return { figures: figuresOf(loads), missing: [] };
}

function figuresOf(loads: readonly PageLoad[]): Figure[] {
  return [
    atMost({
      what: "socket of the Queue page, 20,000 queued pods, 500 changes/s",
      unit: "KB/s",
      ours: loads.map(({ socketKilobytesPerSecond }) => socketKilobytesPerSecond),
      goal: 50,
    }),
    atMost({
      what: "long tasks of the browser in 60 s",
      unit: "tasks",
      ours: loads.map(({ longTasksMs }) => longTasksMs.length),
      goal: 0,
    }),
  ];
}

async function loadOf(cluster: PodServer): Promise<PageLoad> {
  const folder = mkdtempSync(join(tmpdir(), "kube-inflight-bench-"));
  const kubeconfig = join(folder, "kubeconfig");
  writeFileSync(kubeconfig, cluster.kubeconfig);
  const server = await RunningServer.start(["--kubeconfig", kubeconfig]);
  const browser = await chromium.launch(settings.launchOptions);
  try {
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
    const cdp = await page.context().newCDPSession(page);
    await cdp.send("Network.enable");
    await page.goto(server.loginUrl);
    await page.goto(new URL("/queue", server.origin).href);
    await page.getByText("20,000").first().waitFor();
    await cluster.churn(perSecond, seconds + 2 * (settlingMs / 1000));
    await page.waitForTimeout(settlingMs);
    return await pageLoad(page, cdp, seconds);
  } finally {
    await browser.close();
    await server.stop();
    rmSync(folder, { recursive: true });
  }
}
