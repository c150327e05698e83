import type { Matrix } from "#lib/protocol/index.ts";
import { cell } from "./matrix.model.ts";

/** Room for the names of the groups. */
export const head = 38;
const badges = 22;
export const barHeight = 52;
export const barPitch = barHeight + 8;

export interface MatrixHeights {
  /** Where the first row begins. */
  readonly top: number;
  /** Where it is said how many plugins say no. */
  readonly saying: number;
  readonly height: number;
}

/** Badges have room where there are any. */
export function heightsOf({
  rows,
  bars,
  passing,
  columns,
}: Pick<Matrix, "rows" | "bars" | "passing" | "columns">): MatrixHeights {
  const hasBadges = Object.values(columns).some(({ near }) => near.length > 0);
  const top = head + (hasBadges ? badges : 4);
  const saying = top + (rows.length + (passing > 0 ? 1 : 0)) * cell.height + 6;
  return { top, saying, height: saying + 24 + bars.length * barPitch };
}
