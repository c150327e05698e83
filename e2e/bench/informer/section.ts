import { z } from "zod";
import { valuesOf, valuesOfScript } from "../child.ts";
import { atMost, atMostTimes, timesFaster, timesMore, type Figure, type Samples } from "../figure.ts";
import { goProgram } from "../go-program.ts";
import { noGo, type BenchOptions, type Found } from "../section.ts";
import { argumentsOf, measurementSchema, type Measurement, type Task } from "./measurement.ts";
import { PodServer } from "./pod-server.ts";

const pods = 50_000;
const events = 50_000;

/** One repetition: every client, one after the other. */
interface Round {
  readonly go: Measurement;
  readonly ours: Measurement;
  readonly limit: Measurement;
}

/** The informer against client-go's, and against reading and parsing the same bytes in this Node. */
export async function benchInformer({ runs }: BenchOptions): Promise<Found> {
  const go = await goProgram("informer");
  if (go === undefined) return { figures: [], missing: [`informer: its server is a Go program. ${noGo}`] };
  const figures: Figure[] = [];
  await PodServer.during(go, { pods }, async ({ url }) => {
    const list = await measured(go, runs, { url, mode: "list", events: 0, handlers: 1 });
    const streaming = await measured(go, runs, { url, mode: "watchlist", events: 0, handlers: 1 });
    figures.push(...synced("one body", list, 1.6), ...synced("streaming", streaming, 1.3), ...memory(list, streaming));
  });
  await PodServer.during(go, { pods: 10_000 }, async ({ url }) => {
    for (const handlers of [1, 10, 100]) {
      figures.push(...delivered(handlers, await measured(go, runs, { url, mode: "list", events, handlers })));
    }
  });
  return { figures, missing: [] };
}

async function measured(go: string, runs: number, task: Task): Promise<readonly Round[]> {
  const rounds: Round[] = [];
  const goArguments = ["-mode", task.mode, "-events", `${task.events}`, "-handlers", `${task.handlers}`];
  for (let run = 0; run < runs; run++) {
    rounds.push({
      go: first(await valuesOf(go, ["-client", task.url, ...goArguments])),
      ours: first(await valuesOfScript("informer/ours.ts", argumentsOf(task))),
      limit: first(await valuesOfScript("informer/limit.ts", argumentsOf(task))),
    });
  }
  return rounds;
}

function first(values: readonly unknown[]): Measurement {
  return z.tuple([measurementSchema], z.unknown()).parse(values)[0];
}

function synced(how: string, rounds: readonly Round[], ofLimit: number): Figure[] {
  const what = `50,000 pods to synced, ${how}`;
  const [ours, go, limit] = columns(rounds, ({ syncMs }) => syncMs);
  const blocks = rounds.map((round) => round.ours.longestBlockMs ?? Number.NaN);
  return [
    ...timesFaster({ what, unit: "ms", ours, peer: go, name: "Go", goal: 2 }),
    ...atMostTimes({ what, unit: "ms", ours, peer: limit, name: "limit", goal: ofLimit }),
    atMost({ what: `longest event-loop block, ${how}`, unit: "ms", ours: blocks, goal: 50 }),
  ];
}

/** Both paths against the one on which Go needs most. */
function memory(list: readonly Round[], streaming: readonly Round[]): Figure[] {
  const [ours, go] = columns(list, ({ peakRssMiB }) => peakRssMiB);
  const [oursStreaming] = columns(streaming, ({ peakRssMiB }) => peakRssMiB);
  const compared = { unit: "MiB", peer: go, name: "Go", goal: 0.5 };
  return [
    ...atMostTimes({ what: "peak RSS, one body", ours, ...compared }),
    ...atMostTimes({ what: "peak RSS, streaming, of Go's list", ours: oursStreaming, ...compared }),
  ];
}

function delivered(handlers: number, rounds: readonly Round[]): Figure[] {
  const what = `watch events to ${handlers} handler${handlers === 1 ? "" : "s"}`;
  const [ours, go, limit] = columns(rounds, ({ deliverMs }) => (events / deliverMs) * 1000);
  return [
    ...timesMore({ what, unit: "/s", ours, peer: go, name: "Go", goal: 5 }),
    ...timesMore({ what, unit: "/s", ours, peer: limit, name: "limit", goal: 0.7 }),
  ];
}

function columns(rounds: readonly Round[], of: (measurement: Measurement) => number): [Samples, Samples, Samples] {
  return [rounds.map(({ ours }) => of(ours)), rounds.map(({ go }) => of(go)), rounds.map(({ limit }) => of(limit))];
}
