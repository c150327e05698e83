import { formatCount, formatExactCount } from "#components/ui/index.ts";
import type { Measures } from "./geometry.model.ts";
import { regionLabels } from "./region-labels.model.ts";
import styles from "./region-labels.module.css";
import type { Regions } from "./strip.model.ts";

export interface RegionLabelsProps {
  readonly regions: Regions;
  readonly measures: Measures;
  readonly prunedTotal: number;
  readonly undrawn: number;
  readonly letter: string | undefined;
  /** Events behind the marker of the pod that is looked at. */
  readonly behind: number;
  /** Elements of the list that are out of sight to the left; a button there tells of them. */
  readonly hiddenLeft: number;
}

/** Room for "1,204 older". */
const besideButton = 84;

/** What the stretches of the list mean, above them. Each stays in sight as long as its stretch does. */
export function RegionLabels({
  regions,
  measures,
  prunedTotal,
  undrawn,
  letter,
  behind,
  hiddenLeft,
}: RegionLabelsProps) {
  const edge = measures.names + (hiddenLeft > 0 ? besideButton : 8);
  const labels = regionLabels({
    regions,
    pruned: `pruned ${formatCount(prunedTotal)}`,
    undrawn: undrawn > 0 ? `${formatCount(undrawn)} older not drawn` : undefined,
    letter,
    behind,
  });
  return (
    <div className={styles.labels} style={{ width: regions.end }}>
      {labels.map(({ kind, text, from, to }) => (
        <div key={kind} className={styles[kind]} style={{ left: from, width: to - from }}>
          <span
            style={kind === "tail" ? undefined : { left: edge }}
            title={kind === "pruned" ? `${formatExactCount(prunedTotal)} elements left the list so far` : undefined}
          >
            {text}
          </span>
        </div>
      ))}
    </div>
  );
}
