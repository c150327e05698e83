import type { Experiment } from "#lib/lab/index.ts";

/** A stretch of the scrubber, in hundredths of its width. */
export interface Tint {
  readonly left: number;
  readonly width: number;
  /** `apart`: a pod is in another place. `blind`: one only sees less. */
  readonly kind: "apart" | "blind";
  readonly label: string;
}

/** Steps stand in the middle of equal parts, so that the first and the last have room. */
export function positionOf(step: number, length: number): number {
  return length === 0 ? 0 : ((step - 0.5) / length) * 100;
}

export function tintsOf({ divergences, length }: Experiment): readonly Tint[] {
  const tint = (kind: Tint["kind"], from: number, to: number, label: string): Tint => {
    const first = Math.max(1, from);
    return { kind, label, left: ((first - 1) / length) * 100, width: ((to - first + 1) / length) * 100 };
  };
  return divergences.flatMap(({ from, to, apartFrom }) => {
    if (apartFrom === undefined) return [tint("blind", from, to, "sees less")];
    const steps = to - apartFrom + 1;
    const apart = tint("apart", apartFrom, to, `diverged for ${steps} ${steps === 1 ? "step" : "steps"}`);
    return apartFrom === from ? [apart] : [tint("blind", from, apartFrom - 1, "sees less"), apart];
  });
}

const roomFor = 32;

/** Steps that get a mark of their own: all of a story, of a long recording every so many. */
export function marksOf(length: number): readonly number[] {
  const every = Math.max(1, Math.ceil(length / roomFor));
  return Array.from({ length: Math.floor(length / every) }, (_, index) => (index + 1) * every);
}
