import { z } from "zod";
import { valuesOf, valuesOfScript } from "../child.ts";
import { atMostTimes, timesFaster, type Figure, type Samples } from "../figure.ts";
import { goProgram } from "../go-program.ts";
import { noGo, type BenchOptions, type Found } from "../section.ts";

/** A workload's name, and nanoseconds per operation for each of its phases. */
const resultSchema = z.object({ workload: z.string() }).catchall(z.union([z.string(), z.number()]));
const memorySchema = z.object({ small: z.number(), large: z.number() });

interface Goal {
  readonly workload: string;
  readonly phase: string;
  readonly what: string;
  readonly unit: "us" | "ms";
  readonly times: number;
}

const goals: readonly Goal[] = [
  { workload: "addPopDone", phase: "add", what: "add, 10,000 pods", unit: "us", times: 2 },
  { workload: "addPopDone", phase: "pop", what: "pop, 10,000 pods", unit: "us", times: 2 },
  { workload: "addPopDone", phase: "done", what: "done, 10,000 pods in flight", unit: "us", times: 2 },
  { workload: "flightDone", phase: "event", what: "event while 1,000 pods fly", unit: "us", times: 5 },
  { workload: "flightDone", phase: "done", what: "done behind 10,000 events", unit: "us", times: 2 },
  {
    workload: "flightHandBack",
    phase: "handBack",
    what: "hand-back past 10,000 skipping events",
    unit: "ms",
    times: 5,
  },
  { workload: "parkedSkip", phase: "event", what: "event over 10,000 parked pods, all skip", unit: "ms", times: 5 },
  { workload: "parkedMatch", phase: "event", what: "event over 10,000 parked pods, 1 % match", unit: "ms", times: 5 },
  { workload: "steady", phase: "round", what: "round of pop, 10 events, done; 200 fly", unit: "us", times: 5 },
];

const nsPer = { us: 1e3, ms: 1e6 } as const;

/** The queue against kube-scheduler's own. */
export async function benchQueue({ runs }: BenchOptions): Promise<Found> {
  const go = await goProgram("queue");
  const [ours, theirs] = [new Results(), new Results()];
  const memory: z.output<typeof memorySchema>[] = [];
  for (let run = 0; run < runs; run++) {
    if (go !== undefined) theirs.add(await valuesOf(go, ["-runs", "1"]));
    ours.add(await valuesOfScript("queue/ours.ts", ["3"], ["--expose-gc"]));
    memory.push(memorySchema.parse((await valuesOfScript("queue/memory.ts", [], ["--expose-gc"]))[0]));
  }
  const figures = goals.flatMap((goal) => figureOf(goal, ours, go === undefined ? undefined : theirs));
  const linear = atMostTimes({
    what: "memory per pod, 100,000 in all places",
    unit: "KiB",
    ours: memory.map(({ large }) => large),
    peer: memory.map(({ small }) => small),
    name: "10,000",
    goal: 1.25,
  });
  return { figures: [...figures, ...linear], missing: go === undefined ? [noGo] : [] };
}

function figureOf({ workload, phase, what, unit, times }: Goal, ours: Results, theirs: Results | undefined): Figure[] {
  const scale = nsPer[unit];
  return timesFaster({
    what,
    unit,
    ours: ours.of(workload, phase, scale),
    peer: theirs?.of(workload, phase, scale),
    name: "Go",
    goal: times,
  });
}

class Results {
  readonly #samples = new Map<string, number[]>();

  add(values: readonly unknown[]): void {
    for (const value of values) {
      const { workload, ...phases } = resultSchema.parse(value);
      for (const [phase, ns] of Object.entries(phases)) this.#of(`${workload} ${phase}`).push(Number(ns));
    }
  }

  of(workload: string, phase: string, scale: number): Samples {
    return this.#of(`${workload} ${phase}`).map((ns) => ns / scale);
  }

  #of(name: string): number[] {
    let samples = this.#samples.get(name);
    if (samples === undefined) {
      samples = [];
      this.#samples.set(name, samples);
    }
    return samples;
  }
}
