import { z } from "zod";
import { valuesOfScript } from "../child.ts";
import { atMost } from "../figure.ts";
import type { BenchOptions, Found } from "../section.ts";

const measured = z.object({
  loadMs: z.number(),
  loadedMiB: z.number(),
  listMs: z.number(),
  pods: z.literal(150_000),
  nodes: z.literal(5_000),
});

/** How soon the embedded cluster stands at the size of scale tests, and whether an informer can list it. */
export async function benchEmbedded({ runs }: BenchOptions): Promise<Found> {
  const found: z.infer<typeof measured>[] = [];
  for (let run = 0; run < runs; run++) {
    const [value] = await valuesOfScript("./embedded/ours.ts", []);
    found.push(measured.parse(value));
  }
  const of = "150,000 pods and 5,000 nodes";
  return {
    figures: [
      atMost({ what: `${of} stand`, unit: "ms", ours: found.map(({ loadMs }) => loadMs), goal: 60_000 }),
      atMost({ what: "memory then", unit: "MiB", ours: found.map(({ loadedMiB }) => loadedMiB), goal: 1_024 }),
      atMost({
        what: "listed over HTTPS by our informer",
        unit: "ms",
        ours: found.map(({ listMs }) => listMs),
        goal: 60_000,
      }),
    ],
    missing: [],
  };
}
