import { formatAge, formatExactCount, formatPeriod } from "#components/ui/index.ts";
import type { Compared, Measured, Scheduler } from "#lib/protocol/index.ts";

export interface DriftRow {
  readonly name: string;
  readonly measured: string;
  readonly ours: string;
  readonly differs: boolean;
}

/** kube-scheduler's own figures beside ours. They are taken at one moment, but written by it at most once a second. */
export function driftRows({ pending, inFlight, inFlightEvents }: Measured): readonly DriftRow[] {
  const events = Object.values(inFlightEvents).reduce<Compared>(
    (sum, { measured, ours }) => ({ measured: sum.measured + measured, ours: sum.ours + ours }),
    { measured: 0, ours: 0 },
  );
  const queues = Object.entries(pending).map(([queue, figures]) => driftRow(queue, figures));
  return [...queues, driftRow("pods in flight", inFlight), driftRow("events held", events)];
}

function driftRow(name: string, { measured, ours }: Compared): DriftRow {
  return {
    name,
    measured: formatExactCount(measured),
    ours: formatExactCount(ours),
    differs: measured !== ours,
  };
}

/** One line: whether its metrics are read, and how far apart the two queues are. */
export function metricsSentence({ metrics }: Pick<Scheduler, "metrics">, now: number): string {
  switch (metrics.state) {
    case "notNeeded":
      return "our own scheduler";
    case "looking":
      return "looking for its metrics";
    case "notReachable":
      return "metrics not reachable";
    case "measured": {
      if (metrics.problem !== undefined) return `metrics ${formatAge(now - metrics.last.at)} old`;
      const apart = driftRows(metrics.last).filter(({ differs }) => differs).length;
      if (apart === 0) return "agrees with its metrics";
      return `${apart} of its figures ${apart === 1 ? "differs" : "differ"} from ours`;
    }
    default:
      return metrics satisfies never;
  }
}

/** How it is set up, as far as that could be read. */
export function configurationSentence({ configuration }: Pick<Scheduler, "configuration">): string {
  const { source, from, initialBackoffMs, maxBackoffMs } = configuration;
  const origin = { file: "read from", configz: "read from", defaults: "not readable, so its defaults are assumed" };
  const where = source === "defaults" || from === undefined ? "" : ` ${from}`;
  return `Configuration ${origin[source]}${where}. Backoff ${formatPeriod(initialBackoffMs)} to ${formatPeriod(maxBackoffMs)}.`;
}
