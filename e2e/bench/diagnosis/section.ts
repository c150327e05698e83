import { z } from "zod";
import { valuesOfScript } from "../child.ts";
import { atMost, timesFaster } from "../figure.ts";
import type { BenchOptions, Found } from "../section.ts";

const measured = z.object({
  firstMs: z.number(),
  gapMs: z.number(),
  openingMs: z.number(),
  closingMs: z.number(),
  naiveMs: z.number(),
});

/** How soon verdicts are there, how soon they follow a node, and what it would cost to ask everything anew. */
export async function benchDiagnosis({ runs }: BenchOptions): Promise<Found> {
  const found: z.infer<typeof measured>[] = [];
  for (let run = 0; run < runs; run++) {
    const [value] = await valuesOfScript("./diagnosis/ours.ts", []);
    found.push(measured.parse(value));
  }
  const samples = (name: keyof z.infer<typeof measured>) => found.map((each) => each[name]);
  const of = "10,000 pods of 200 specs, 5,000 nodes";
  return {
    figures: [
      atMost({ what: `first verdicts: ${of}`, unit: "ms", ours: samples("firstMs"), goal: 10_000 }),
      atMost({ what: "meanwhile, longest wait of a delta", unit: "ms", ours: samples("gapMs"), goal: 300 }),
      atMost({ what: "verdicts after a node came to fit", unit: "ms", ours: samples("openingMs"), goal: 100 }),
      atMost({ what: "verdicts after the last one ceased to", unit: "ms", ours: samples("closingMs"), goal: 100 }),
      ...timesFaster({
        what: "the same, against asking about all nodes anew",
        unit: "ms",
        ours: samples("closingMs"),
        peer: samples("naiveMs"),
        name: "anew",
        goal: 10,
      }),
    ],
    missing: [],
  };
}
