export interface Goal {
  readonly is: "atLeast" | "atMost";
  readonly bound: number;
  /** `x Go`, `x limit`, `ms`, `KB` */
  readonly unit: string;
}

/** One line of the table. */
export interface Figure {
  readonly what: string;
  readonly unit: string;
  readonly ours: number;
  readonly peer?: { readonly name: string; readonly value: number };
  /** What the goal is about: how we compare to the peer, or our own value where there is no peer. */
  readonly judged: number;
  readonly goal: Goal;
  readonly isMet: boolean;
}

/** Of each repetition one. Those with the same index were measured one right after the other. */
export type Samples = readonly number[];

interface Compared {
  readonly what: string;
  readonly unit: string;
  readonly ours: Samples;
  /** Absent: the peer cannot be measured here, and there is no figure. */
  readonly peer: Samples | undefined;
  readonly name: string;
  readonly goal: number;
}

/** At least `goal` times better than the peer, where less is better. */
export function timesFaster(compared: Compared): Figure[] {
  return compare(compared, "atLeast", (ours, peer) => peer / ours);
}

/** At least `goal` times the peer's, where more is better. */
export function timesMore(compared: Compared): Figure[] {
  return compare(compared, "atLeast", (ours, peer) => ours / peer);
}

/** At most `goal` times the peer's, where less is better. */
export function atMostTimes(compared: Compared): Figure[] {
  return compare(compared, "atMost", (ours, peer) => ours / peer);
}

/** A goal that needs no peer: the worst of the repetitions is too hard on a shared machine, the median it is. */
export function atMost(of: {
  readonly what: string;
  readonly unit: string;
  readonly ours: Samples;
  readonly goal: number;
}): Figure {
  const ours = median(of.ours);
  return judged({
    what: of.what,
    unit: of.unit,
    ours,
    judged: ours,
    goal: { is: "atMost", bound: of.goal, unit: of.unit },
  });
}

function compare({ what, unit, ours, peer, name, goal: bound }: Compared, is: Goal["is"], ratioOf: Ratio): Figure[] {
  if (peer === undefined) return [];
  const ratios = ours.map((value, index) => ratioOf(value, peer[index] ?? Number.NaN));
  const goal = { is, bound, unit: `x ${name}` };
  return [
    judged({ what, unit, ours: median(ours), peer: { name, value: median(peer) }, judged: median(ratios), goal }),
  ];
}

type Ratio = (ours: number, peer: number) => number;

function judged(figure: Omit<Figure, "isMet">): Figure {
  const { judged: value, goal } = figure;
  return { ...figure, isMet: goal.is === "atLeast" ? value >= goal.bound : value <= goal.bound };
}

export function median(samples: Samples): number {
  const sorted = samples.toSorted((a, b) => a - b);
  const upper = sorted[sorted.length >> 1] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[(sorted.length >> 1) - 1] ?? upper)) / 2;
}
