import type { Figure } from "./figure.ts";

export interface BenchOptions {
  /** How often everything is measured; medians are reported. */
  readonly runs: number;
}

/** What one section found, and what it could not measure. */
export interface Found {
  readonly figures: readonly Figure[];
  readonly missing: readonly string[];
}

export type Section = (options: BenchOptions) => Promise<Found>;

export const noGo = "Go is not installed: nothing is compared with it (go.dev/dl)";
