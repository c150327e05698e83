import { memo, useMemo } from "react";
import type { InFlightPod } from "#lib/protocol/index.ts";
import type { Column, ShownPod } from "./columns.model.ts";
import { diamond, rowsHeight, rowY, type ColumnRange, type Measures } from "./geometry.model.ts";
import styles from "./pod-rows.module.css";
import { rowPaths } from "./row-path.model.ts";
import type { Regions } from "./strip.model.ts";

export interface PodRowsProps {
  readonly pods: readonly ShownPod[];
  /** Rows `from` to `to` are near the screen; the others are not drawn. */
  readonly from: number;
  readonly to: number;
  readonly columns: readonly Column[];
  /** Marks elsewhere are out of sight. */
  readonly range: ColumnRange;
  readonly measures: Measures;
  readonly regions: Regions;
  readonly lookedUid: string | undefined;
  /** x of the event that the pointer is on: a guide through all rows. */
  readonly guideX: number | undefined;
}

/** Per pod in flight its window, and on it one mark per event that counts. */
export function PodRows({ pods, from, to, columns, range, measures, regions, lookedUid, guideX }: PodRowsProps) {
  const height = rowsHeight(pods.length);
  return (
    <svg className={styles.rows} width={Math.max(1, regions.end)} height={height} aria-hidden="true">
      {guideX !== undefined && <path className={styles.guide} d={`M${guideX} 0V${height}`} />}
      {regions.recent !== undefined && <path className={styles.own} d={`M${regions.recent.from} 0V${height - 6}`} />}
      {pods.slice(from, to).map(({ pod, isGone }, offset) => (
        <PodLine
          key={pod.uid}
          pod={pod}
          isGone={isGone}
          isLooked={pod.uid === lookedUid}
          y={rowY(from + offset)}
          columns={columns}
          from={range.from}
          to={range.to}
          measures={measures}
        />
      ))}
    </svg>
  );
}

interface PodLineProps {
  readonly pod: InFlightPod;
  readonly isGone: boolean;
  readonly isLooked: boolean;
  readonly y: number;
  readonly columns: readonly Column[];
  readonly from: number;
  readonly to: number;
  readonly measures: Measures;
}

const PodLine = memo(function PodLine({ pod, isGone, isLooked, y, columns, from, to, measures }: PodLineProps) {
  const paths = useMemo(() => rowPaths(measures, columns, pod, { from, to }), [measures, columns, pod, from, to]);
  const state = isGone ? styles.gone : isLooked ? styles.looked : "";
  return (
    <g transform={`translate(0 ${y})`} className={`${styles.line} ${state}`} data-line={pod.uid}>
      <path d={paths.window} className={styles.window} />
      {paths.markerX !== undefined && <path d={diamond(paths.markerX, 0, 5)} className={styles.marker} />}
      <path d={paths.none} className={styles.none} />
      <path d={paths.skipBoxes} className={styles.none} />
      <path d={paths.skipDashes} className={styles.dash} />
      <path d={paths.queueBoxes} className={styles.queue} />
      <path d={paths.queueArrows} className={styles.arrow} />
      <path d={paths.decidingBox} className={styles.deciding} />
      <path d={paths.decidingArrow} className={styles.decidingArrow} />
    </g>
  );
});
