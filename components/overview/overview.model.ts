import { formatCount, formatPlural, type QueueState } from "#components/ui/index.ts";
import type { Overview, QueueCounts } from "#lib/protocol/index.ts";

/** The life of a pod, in order. */
export const lifeOfAPod = [
  "gated",
  "active",
  "inFlight",
  "backoff",
  "unschedulable",
] as const satisfies readonly QueueState[];

export function pendingPods(counts: QueueCounts): number {
  return lifeOfAPod.reduce((sum, queue) => sum + counts[queue], 0);
}

/** What all pending pods wait for, in one sentence: no verdict, only where they are. */
export function situation({ queue, provenance }: Pick<Overview, "queue" | "provenance">): {
  readonly sentence: string;
  readonly context: string;
} {
  const pending = pendingPods(queue);
  const moving = queue.active + queue.inFlight + queue.backoff;
  const parts = [
    moving > 0 ? `${formatCount(moving)} on the way` : undefined,
    queue.unschedulable > 0 ? `${formatCount(queue.unschedulable)} waiting for a change` : undefined,
    queue.gated > 0 ? `${formatCount(queue.gated)} held on purpose` : undefined,
  ].filter((part) => part !== undefined);
  return {
    sentence:
      pending === 0
        ? "No pods are pending."
        : `${formatPlural(pending, "pod is", "pods are")} pending: ${parts.join(", ")}.`,
    context: provenance === "simulated" ? "by our model of the scheduling queue" : "",
  };
}

/** Parts of the proportion bar, to scale; what is empty is left out. */
export function proportions(queue: QueueCounts): readonly { readonly queue: QueueState; readonly count: number }[] {
  return lifeOfAPod.map((name) => ({ queue: name, count: queue[name] })).filter(({ count }) => count > 0);
}

export interface RejectorRow {
  readonly plugin: string;
  readonly count: number;
  /** Of the longest bar. */
  readonly share: number;
}

/** Most pods first. */
export function rejectorRows(rejectors: Overview["rejectors"]): readonly RejectorRow[] {
  const most = Math.max(1, ...Object.values(rejectors));
  return Object.entries(rejectors)
    .map(([plugin, count]) => ({ plugin, count, share: count / most }))
    .sort((a, b) => b.count - a.count || (a.plugin < b.plugin ? -1 : 1))
    .slice(0, 6);
}

export const meanings = {
  gated: "held by a gate, never tried",
  active: "next to be tried",
  inFlight: "being scheduled now",
  backoff: "tried, retried after a while",
  unschedulable: "tried, waiting for a change",
} as const satisfies Record<QueueState, string>;

/** Where a queue can be looked at: the lane that is in front on a narrow screen. */
export const lanes = {
  gated: "gate",
  active: "act",
  inFlight: undefined,
  backoff: "back",
  unschedulable: "uns",
} as const satisfies Record<QueueState, string | undefined>;
