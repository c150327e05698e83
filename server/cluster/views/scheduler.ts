import { modelOf } from "#lib/scheduler/index.ts";
import type { Cluster, Overview, Scheduler } from "#lib/protocol/index.ts";
import type { Scheduling } from "../scheduling/scheduling.ts";

/** Who schedules the cluster, how it is set up, and what its metrics say beside our queue. */
export function buildScheduler(cluster: Cluster, scheduling: Pick<Scheduling, "facts">): Omit<Scheduler, "asOf"> {
  return { ...identityOf(cluster), ...scheduling.facts() };
}

/** `undefined` while nothing is known about who schedules. */
export function schedulerOf(cluster: Cluster): Overview["scheduler"] {
  if (cluster.mode === "shadow" && cluster.version === undefined) return undefined;
  return identityOf(cluster);
}

function identityOf({ mode, version }: Cluster): Pick<Scheduler, "name" | "version" | "isModelled" | "notModelled"> {
  if (mode === "embedded") return { name: "embedded", isModelled: true };
  return { name: "kube-scheduler", ...(version === undefined ? {} : { version }), ...modelOf(version) };
}

/** The counts of the overview as kube-scheduler's metrics have them, where they can be read. */
export function measuredQueue({ metrics }: Pick<Scheduler, "metrics">): Overview["measured"] {
  if (metrics.state !== "measured") return undefined;
  const { at, source, pending, inFlight } = metrics.last;
  const count = (queue: string): number => pending[queue]?.measured ?? 0;
  return {
    at,
    source,
    queue: {
      active: count("active"),
      backoff: count("backoff"),
      unschedulable: count("unschedulable"),
      gated: count("gated"),
      inFlight: inFlight.measured,
    },
  };
}
