import type { Place, Split } from "#lib/protocol/index.ts";

/** What the two rows are called: in the embedded cluster both queues are ours. */
export function namesOf(scheduler: string, { happened }: Split) {
  if (happened.provenance === "actual") {
    return {
      expected: "A correct queue",
      happened: "The queue of 1.28.0",
      context: "both are told the same, pop and take back the same pods",
    };
  }
  return {
    expected: "Our queue",
    happened: scheduler === "default-scheduler" ? "kube-scheduler" : scheduler,
    context: "the shadow compares every attempt with ours",
  };
}

/** Since when the pod is parked although it should not be: the event, or the end of the attempt that it fell into. */
export function parkedSince({ event, attempt }: Split): number {
  return Math.max(event.at, attempt?.ended ?? event.at);
}

/** Where the correct queue put the pod first. */
export function expectedAfter(split: Split): Place | undefined {
  const since = parkedSince(split);
  return split.expected.stays.find(({ queue, from }) => from >= since - 50 && queue !== "unschedulable")?.queue;
}
