import type { CDPSession, Page } from "playwright";

/** What a page costs while it is looked at. */
export interface PageLoad {
  readonly socketKilobytesPerSecond: number;
  /** Of the browser's main thread. What takes less than 50 ms is not a long task. */
  readonly longTasksMs: readonly number[];
}

/** Watches a page for so long. Everything counts that the socket's frames carry, in both directions. */
export async function pageLoad(page: Page, cdp: CDPSession, seconds: number): Promise<PageLoad> {
  let bytes = 0;
  const count = ({ response }: { readonly response: { readonly payloadData: string } }): void => {
    bytes += Buffer.byteLength(response.payloadData);
  };
  await page.evaluate(observeLongTasks);
  cdp.on("Network.webSocketFrameReceived", count);
  cdp.on("Network.webSocketFrameSent", count);
  await page.waitForTimeout(seconds * 1000);
  cdp.off("Network.webSocketFrameReceived", count);
  cdp.off("Network.webSocketFrameSent", count);
  const longTasksMs = await page.evaluate(() => (globalThis as unknown as Observed).longTasksMs);
  return { socketKilobytesPerSecond: bytes / 1024 / seconds, longTasksMs };
}

interface Observed {
  longTasksMs: number[];
}

/** Runs in the page. */
function observeLongTasks(): void {
  const observed = globalThis as unknown as Observed;
  observed.longTasksMs = [];
  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) observed.longTasksMs.push(duration);
  }).observe({ type: "longtask" });
}
