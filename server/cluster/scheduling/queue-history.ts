import type { Clock, Instant, Timer } from "#lib/clock/index.ts";
import { BoundedHistory } from "#lib/collections/index.ts";
import { keyParts } from "#lib/kube/index.ts";
import type { PriorityQueue, Transition } from "#lib/queue/index.ts";
import type { HistoryPoint, HistoryRange, PodRef } from "#lib/protocol/index.ts";

const takenEveryMs = 15_000;
const keptPoints = (6 * 3_600_000) / takenEveryMs;
/** How far back a range goes, and how long one of its intervals is. */
const ranges = {
  "15m": { lengthMs: 15 * 60_000, stepMs: takenEveryMs },
  "1h": { lengthMs: 60 * 60_000, stepMs: takenEveryMs },
  "6h": { lengthMs: 360 * 60_000, stepMs: 60_000 },
} as const satisfies Record<HistoryRange, { readonly lengthMs: number; readonly stepMs: number }>;

/** The points of a range by their instant. The same object until the next one is taken. */
export interface Series {
  readonly stepMs: number;
  readonly points: Readonly<Record<string, HistoryPoint>>;
  readonly listLengthMedian: number;
}

interface Interval {
  listLengthMax: number;
  pinnedBy: PodRef | undefined;
  popped: number;
  handedBack: number;
  finished: number;
  woken: number;
  events: number;
}

function newInterval(): Interval {
  return { listLengthMax: 0, pinnedBy: undefined, popped: 0, handedBack: 0, finished: 0, woken: 0, events: 0 };
}

/** The queue's counters every 15 s, at whole quarters of a minute, for 6 h. Stop it to end its timer. */
export class QueueHistory {
  readonly #queue: PriorityQueue;
  readonly #clock: Clock;
  readonly #points = new BoundedHistory<HistoryPoint>(keptPoints);
  readonly #series = new Map<HistoryRange, Series>();
  #interval = newInterval();
  #timer: Timer;

  constructor(queue: PriorityQueue, clock: Clock) {
    this.#queue = queue;
    this.#clock = clock;
    queue.observe((transition) => this.#hear(transition));
    this.#timer = this.#schedule();
  }

  series(range: HistoryRange): Series {
    let series = this.#series.get(range);
    if (series === undefined) {
      series = seriesOf([...this.#points], range);
      this.#series.set(range, series);
    }
    return series;
  }

  stop(): void {
    this.#timer.cancel();
  }

  #schedule(): Timer {
    const now = this.#clock.now();
    const at = (Math.floor(now / takenEveryMs) + 1) * takenEveryMs;
    return this.#clock.setTimer(at - now, () => {
      this.#take(at);
      this.#timer = this.#schedule();
    });
  }

  #take(at: Instant): void {
    const { view } = this.#queue;
    const { active, backoff, errorBackoff, unschedulable, gated, inFlight } = view.sizes();
    const { pinnedBy, listLengthMax, ...counts } = this.#interval;
    this.#interval = newInterval();
    const listLength = view.inFlight.size;
    this.#series.clear();
    this.#points.push({
      at,
      active,
      backoff: backoff + errorBackoff,
      unschedulable,
      gated,
      inFlight,
      listLength,
      listLengthMax: Math.max(listLengthMax, listLength),
      ...(pinnedBy === undefined ? {} : { pinnedBy }),
      ...counts,
    });
  }

  #hear(transition: Transition): void {
    const interval = this.#interval;
    switch (transition.kind) {
      case "appended":
        interval.events++;
        this.#measure();
        break;
      case "popped":
        interval.popped++;
        this.#measure();
        break;
      case "handedBack":
        interval.handedBack++;
        break;
      case "finished":
        interval.finished++;
        break;
      case "moved":
        if (isParked(transition.from) && !isParked(transition.to) && transition.to !== "outside") interval.woken++;
        break;
      case "updated":
      case "pruned":
        break;
      default:
        transition satisfies never;
    }
  }

  /** The list only grows by what is appended and by pops: its length is looked at then. */
  #measure(): void {
    const { inFlight } = this.#queue.view;
    if (inFlight.size <= this.#interval.listLengthMax) return;
    this.#interval.listLengthMax = inFlight.size;
    for (const { uid, info } of inFlight.pods()) {
      this.#interval.pinnedBy = { uid, ...keyParts(info.key) };
      return;
    }
  }
}

function isParked(place: string): boolean {
  return place === "unschedulable" || place === "gated";
}

function seriesOf(points: readonly HistoryPoint[], range: HistoryRange): Series {
  const { lengthMs, stepMs } = ranges[range];
  const newest = points.at(-1)?.at ?? 0;
  const inRange = points.filter(({ at }) => at > newest - lengthMs);
  const shown = stepMs === takenEveryMs ? inRange : merged(inRange, stepMs);
  const lengths = shown.map(({ listLengthMax }) => listLengthMax).sort((a, b) => a - b);
  return {
    stepMs,
    points: Object.fromEntries(shown.map((point) => [point.at, point])),
    listLengthMedian: lengths[Math.floor(lengths.length / 2)] ?? 0,
  };
}

/** Whole intervals of `stepMs` only: the one that goes on is left out. */
function merged(points: readonly HistoryPoint[], stepMs: number): readonly HistoryPoint[] {
  const byEnd = new Map<Instant, HistoryPoint>();
  for (const point of points) {
    const end = Math.ceil(point.at / stepMs) * stepMs;
    const before = byEnd.get(end);
    byEnd.set(end, before === undefined ? { ...point, at: end } : sumOf(before, point));
  }
  const newest = points.at(-1)?.at ?? 0;
  return [...byEnd.values()].filter(({ at }) => at <= newest);
}

/** As it stood at the end of the later one; what was counted is counted together. */
function sumOf(before: HistoryPoint, later: HistoryPoint): HistoryPoint {
  const { pinnedBy: _, ...stood } = later;
  const longer = later.listLengthMax > before.listLengthMax ? later : before;
  return {
    ...stood,
    at: before.at,
    listLengthMax: longer.listLengthMax,
    ...(longer.pinnedBy === undefined ? {} : { pinnedBy: longer.pinnedBy }),
    popped: before.popped + later.popped,
    handedBack: before.handedBack + later.handedBack,
    finished: before.finished + later.finished,
    woken: before.woken + later.woken,
    events: before.events + later.events,
  };
}
