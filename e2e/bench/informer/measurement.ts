import process from "node:process";
import { request } from "undici";
import { z } from "zod";

/** What one fresh process is asked to measure. */
export interface Task {
  readonly url: string;
  readonly mode: "list" | "watchlist";
  /** 0 for none. */
  readonly events: number;
  readonly handlers: number;
}

/** What every client prints, whatever it is written in. */
export const measurementSchema = z.object({
  pods: z.number(),
  /** From the start until every registration has synced. */
  syncMs: z.number(),
  /** Of the process, at that point. */
  peakRssMiB: z.number(),
  /** From asking for the events until the last handler has counted the last one. */
  deliverMs: z.number(),
  /** Of the event loop, until everything has synced; absent where there is none. */
  longestBlockMs: z.number().optional(),
});

export type Measurement = z.output<typeof measurementSchema>;

/** The command line of a child of this project's own. */
export function taskFromArguments(): Task {
  const [url = "", mode = "list", events = "0", handlers = "1"] = process.argv.slice(2);
  return { url, mode: mode === "watchlist" ? mode : "list", events: Number(events), handlers: Number(handlers) };
}

export function argumentsOf({ url, mode, events, handlers }: Task): string[] {
  return [url, mode, `${events}`, `${handlers}`];
}

/** Until somebody watches nothing would come. */
export async function flood({ url, events }: Task): Promise<number> {
  for (;;) {
    const { openWatches } = infoSchema.parse(await (await request(`${url}/bench/info`)).body.json());
    if (openWatches > 0) break;
  }
  const start = performance.now();
  const { body } = await request(`${url}/bench/flood?events=${events}`, { method: "POST" });
  await body.dump();
  return start;
}

const infoSchema = z.object({ openWatches: z.number() });

export function peakRssMiB(): number {
  return process.resourceUsage().maxRSS / 1024;
}

export function print(measurement: Measurement): void {
  console.log(JSON.stringify(measurement));
  process.exit(0);
}
