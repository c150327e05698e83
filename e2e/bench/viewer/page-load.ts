import type { Browser, CDPSession, Page } from "playwright";
import { z } from "zod";

/** What a page costs while it is looked at. */
export interface PageLoad {
  readonly socketKilobytesPerSecond: number;
  /** The longest of the browser's main thread, in its own processor time: how busy the machine is does not count. */
  readonly longestTaskMs: number;
  /** From the moment that a message tells of to the frame that shows it; all but one in a hundred were quicker. */
  readonly paintLagMs: number;
  /** After rubbish was collected, at the end against the beginning. */
  readonly heapGrowthMegabytes: number;
}

const taskName = /RunTask$/;
const mainThread = "CrRendererMain";
const trace = z.object({
  traceEvents: z.array(
    z.object({
      name: z.string(),
      pid: z.number(),
      tid: z.number(),
      /** Microseconds of the thread. */
      tdur: z.number().optional(),
      args: z.object({ name: z.string().optional() }).optional(),
    }),
  ),
});
const metrics = z.object({ metrics: z.array(z.object({ name: z.string(), value: z.number() })) });

/** Before the page is opened. */
export async function watchPaints(page: Page): Promise<void> {
  await page.addInitScript(notePaints);
}

/** Watches a page for so long. Everything counts that the socket's frames carry, in both directions. */
export async function pageLoad(
  { browser, page, cdp }: { readonly browser: Browser; readonly page: Page; readonly cdp: CDPSession },
  seconds: number,
): Promise<PageLoad> {
  let bytes = 0;
  const count = ({ response }: { readonly response: { readonly payloadData: string } }): void => {
    bytes += Buffer.byteLength(response.payloadData);
  };
  const heapBefore = await heapOf(cdp);
  await page.evaluate(() => void ((globalThis as unknown as Noted).paintLagsMs = []));
  await browser.startTracing(page, { categories: ["-*", "toplevel", "__metadata"] });
  cdp.on("Network.webSocketFrameReceived", count);
  cdp.on("Network.webSocketFrameSent", count);
  await page.waitForTimeout(seconds * 1000);
  cdp.off("Network.webSocketFrameReceived", count);
  cdp.off("Network.webSocketFrameSent", count);
  const { traceEvents } = trace.parse(JSON.parse((await browser.stopTracing()).toString()));
  const lags = await page.evaluate(() => (globalThis as unknown as Noted).paintLagsMs);
  lags.sort((a, b) => a - b);
  return {
    socketKilobytesPerSecond: bytes / 1024 / seconds,
    longestTaskMs: longestTask(traceEvents),
    paintLagMs: lags[Math.floor(0.99 * lags.length)] ?? Number.NaN,
    heapGrowthMegabytes: (await heapOf(cdp)) - heapBefore,
  };
}

function longestTask(events: z.infer<typeof trace>["traceEvents"]): number {
  const threadOf = ({ pid, tid }: { readonly pid: number; readonly tid: number }): string => `${pid}/${tid}`;
  const mains = new Set(events.flatMap((event) => (event.args?.name === mainThread ? [threadOf(event)] : [])));
  const tasks = events.filter((event) => taskName.test(event.name) && mains.has(threadOf(event)));
  if (tasks.length === 0) throw new Error("the browser traced no task of its main thread");
  return Math.max(...tasks.map(({ tdur = 0 }) => tdur / 1000));
}

async function heapOf(cdp: CDPSession): Promise<number> {
  await cdp.send("HeapProfiler.collectGarbage");
  const found = metrics.parse(await cdp.send("Performance.getMetrics")).metrics;
  return (found.find(({ name }) => name === "JSHeapUsedSize")?.value ?? Number.NaN) / 1e6;
}

interface Noted {
  paintLagsMs: number[];
  WebSocket: typeof WebSocket;
}

/** Runs in the page: every message of the socket that says of which moment it is. */
function notePaints(): void {
  const noted = globalThis as unknown as Noted;
  noted.paintLagsMs = [];
  noted.WebSocket = new Proxy(noted.WebSocket, {
    construct(Real, [url, protocols]: [string, (string | string[])?]) {
      const socket = new Real(url, protocols);
      socket.addEventListener("message", ({ data }: MessageEvent<unknown>) => {
        const asOf = typeof data === "string" ? /"asOf":(\d+)/.exec(data)?.[1] : undefined;
        if (asOf === undefined) return;
        requestAnimationFrame(() => {
          // A message is delivered after the frame is drawn.
          const { port1, port2 } = new MessageChannel();
          port1.addEventListener("message", () => noted.paintLagsMs.push(Date.now() - Number(asOf)));
          port1.start();
          port2.postMessage(undefined);
        });
      });
      return socket;
    },
  });
}
