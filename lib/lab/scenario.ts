import type { RecordedObject, RecordedOp, TraceConfig } from "#lib/queue/index.ts";

/** One operation on a queue, in the words of the recordings. Its time is how long it comes after the one before it. */
export interface Operation extends Omit<RecordedOp, "t" | "result" | "h" | "state" | "metrics"> {
  /** 1 unless given. */
  readonly afterMs?: number;
  /** What it shows, for the reader. */
  readonly note?: string;
}

/** What both queues of an experiment are put through. */
export interface Scenario {
  readonly config: TraceConfig;
  /** Pods that wait from the start, in the order in which they came. */
  readonly given: readonly RecordedObject[];
  /** Steps 1, 2, … of the experiment. */
  readonly operations: readonly Operation[];
}

/** Operations that may put an event on the list. */
const eventful: ReadonlySet<string> = new Set([
  "moveAll",
  "assignedAdd",
  "assignedUpdate",
  "activate",
  "update",
  "flushUnschedulable",
]);

/** What the events of an operation are called: `e1`, `e2`, … in the order of the operations that may bring one. */
export function eventNames(operations: readonly Operation[]): readonly (string | undefined)[] {
  let count = 0;
  return operations.map(({ op }) => (eventful.has(op) ? `e${++count}` : undefined));
}

/** Every pod of the scenario by uid, in the order of its first appearance, in its first version. */
export function podsOf({ given, operations }: Scenario): ReadonlyMap<string, RecordedObject> {
  const pods = new Map<string, RecordedObject>();
  const meet = (pod: RecordedObject | undefined): void => {
    const uid = pod?.uid;
    if (pod !== undefined && uid !== undefined && pod.kind === "Pod" && !pods.has(uid)) pods.set(uid, pod);
  };
  for (const pod of given) meet(pod);
  for (const { op, pod, pods: several, new: updated } of operations) {
    meet(pod);
    for (const one of several ?? []) meet(one);
    if (op === "update") meet(updated);
  }
  return pods;
}
