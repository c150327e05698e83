import type { Clock } from "#lib/clock/index.ts";
import type { QueuedPodInfo, QueueView } from "#lib/queue/index.ts";
import type { Lane, LaneName, LaneRow, Lanes, LaneWindow, Provenance, View } from "#lib/protocol/index.ts";
import { defaultSchedulerName } from "#lib/scheduler/index.ts";
import type { JudgedPod } from "../diagnosis/index.ts";
import type { QueueFlow } from "../queue-flow.ts";
import { findPod } from "./find-pod.ts";
import { matchingIn } from "./lane-filter.ts";

const buckets = 24;
/** What the width of a lane's histogram stands for: ui scale of ages, in milliseconds. */
const histogramMaxMs = { active: 60_000, backoff: 10_000, unschedulable: 300_000 } as const satisfies Record<
  LaneName,
  number
>;

export interface LanesSource {
  readonly clock: Clock;
  readonly queue: QueueView;
  readonly flow: QueueFlow;
  readonly provenance: Provenance;
  /** Absent where everything is actual. */
  readonly outcomeOf?: (uid: string) => LaneRow["outcome"];
  /** What a filter by verdict looks at. */
  readonly judgedOf?: (uid: string) => JudgedPod | undefined;
}

/** The three lanes in the windows that are on the screen, and the gated pods by what gates them. */
export function buildLanes(source: LanesSource, view: View<"lanes">): Omit<Lanes, "asOf"> {
  const { clock, queue, flow, provenance, judgedOf = () => undefined } = source;
  const now = clock.now();
  const sizes = queue.sizes();
  const matching = matchingIn(view.q, { queue, judgedOf, now });
  const windowIn = (name: LaneName) => ({ ...view[name], isWanted: wantedBy(matching?.[name]) });
  const found = view.find && findPod(queue, view.find, (name) => wantedBy(matching?.[name]));
  const backingOff = queue.backingOff(windowIn("backoff"));
  const until = new Map(backingOff.map((row) => [row.info, row.until]));
  const lane = (name: LaneName, size: number, infos: readonly QueuedPodInfo[], ages: Iterable<number>): Lane => ({
    ...countOf(matching?.[name], size),
    ...flow.of(name),
    ...windowOf(view[name], infos, (info) => laneRow(info, until.get(info), source.outcomeOf?.(info.uid))),
    histogram: histogram(ages, histogramMaxMs[name]),
    histogramMaxMs: histogramMaxMs[name],
  });
  return {
    provenance,
    active: lane(
      "active",
      sizes.active,
      queue.active(windowIn("active")),
      agesAt(now, matching?.active ?? queue.activeUnordered()),
    ),
    backoff: lane(
      "backoff",
      sizes.backoff + sizes.errorBackoff,
      backingOff.map(({ info }) => info),
      timesLeftAt(now, queue, wantedBy(matching?.backoff)),
    ),
    unschedulable: lane(
      "unschedulable",
      sizes.unschedulable,
      queue.unschedulable(windowIn("unschedulable")),
      agesAt(now, matching?.unschedulable ?? queue.unschedulableUnordered()),
    ),
    gated: { ...countOf(matching?.gated, sizes.gated), groups: gateGroups(queue, wantedBy(matching?.gated)) },
    ...(found === undefined ? {} : { found }),
    ...(matching?.problem === undefined ? {} : { queryProblem: matching.problem }),
  };
}

type Wanted = ((info: QueuedPodInfo) => boolean) | undefined;

function wantedBy(matching: ReadonlySet<QueuedPodInfo> | undefined): Wanted {
  return matching && ((info) => matching.has(info));
}

function countOf(matching: ReadonlySet<QueuedPodInfo> | undefined, size: number): Pick<Lane, "count" | "of"> {
  return matching === undefined ? { count: size } : { count: matching.size, of: size };
}

function windowOf(
  { offset }: LaneWindow,
  infos: readonly QueuedPodInfo[],
  rowOf: (info: QueuedPodInfo) => LaneRow,
): Pick<Lane, "offset" | "order" | "rows"> {
  return {
    offset,
    order: infos.map(({ uid }) => uid),
    rows: Object.fromEntries(infos.map((info) => [info.uid, rowOf(info)])),
  };
}

function laneRow(info: QueuedPodInfo, backoffUntil: number | undefined, outcome: LaneRow["outcome"]): LaneRow {
  return {
    uid: info.uid,
    namespace: info.pod.metadata.namespace ?? "",
    name: info.pod.metadata.name ?? "",
    priority: info.priority,
    attempts: info.attempts,
    isAttemptsAtLeast: info.isAttemptsAtLeast,
    since: info.timestamp,
    ...(backoffUntil === undefined ? {} : { backoffUntil }),
    plugins: [...info.rejectors].sort(),
    ...(outcome === undefined ? {} : { outcome }),
    ...(info.schedulerName === defaultSchedulerName ? {} : { scheduler: info.schedulerName }),
  };
}

/** SchedulingGates holds a pod by its gates, and each gate is somebody else's: those pods are grouped by gate. */
function gateGroups(queue: QueueView, isWanted: Wanted): Lanes["gated"]["groups"] {
  const groups: Record<string, { gate: string; count: number; oldestSince: number }> = {};
  for (const { plugin, infos } of queue.gated()) {
    for (const info of infos) {
      if (isWanted?.(info) === false) continue;
      const gate = info.pod.spec?.schedulingGates?.[0]?.name ?? plugin;
      const group = (groups[gate] ??= { gate, count: 0, oldestSince: info.timestamp });
      group.count++;
      group.oldestSince = Math.min(group.oldestSince, info.timestamp);
    }
  }
  return groups;
}

function* agesAt(now: number, infos: Iterable<QueuedPodInfo>): IterableIterator<number> {
  for (const { timestamp } of infos) yield now - timestamp;
}

function* timesLeftAt(now: number, queue: QueueView, isWanted: Wanted): IterableIterator<number> {
  for (const { info, until } of queue.backingOffUnordered()) if (isWanted?.(info) !== false) yield (until ?? now) - now;
}

/** Values beyond the scale count in its last bucket. */
function histogram(values: Iterable<number>, maxMs: number): number[] {
  const counts = Array.from({ length: buckets }, () => 0);
  for (const value of values) {
    const bucket = Math.min(buckets - 1, Math.max(0, Math.floor((value / maxMs) * buckets)));
    counts[bucket] = (counts[bucket] ?? 0) + 1;
  }
  return counts;
}
