import { areaPath, linePath, sparkPoints } from "./charts.model.ts";
import styles from "./charts.module.css";
import type { Tone } from "./tone.ts";
import { VisuallyHidden } from "./visually-hidden.tsx";

export interface SparkProps {
  /** Oldest first. */
  readonly values: readonly number[];
  /** How many values the width stands for; fewer are drawn at the right. */
  readonly capacity: number;
  readonly tone: Tone;
  /** What it shows, as a finding: "received per second, now 858, highest 1,204". */
  readonly label: string;
  readonly height?: number;
}

const width = 160;

/** A line over its area, from 0 to the highest value, the newest value as a dot. */
export function Spark({ values, capacity, tone, label, height = 36 }: SparkProps) {
  const points = sparkPoints({ values, capacity, width, height });
  const last = points.at(-1);
  return (
    <>
      <VisuallyHidden>{label}</VisuallyHidden>
      <svg
        className={`${styles.chart} ${styles[tone]}`}
        viewBox={`0 0 ${width} ${height}`}
        height={height}
        preserveAspectRatio="none"
        aria-hidden="true"
      >
        <path className={styles.area} d={areaPath(points, height)} />
        <path className={styles.line} d={linePath(points)} vectorEffect="non-scaling-stroke" />
        {last !== undefined && (
          <path className={styles.dot} d={`M${last.x} ${last.y}h.001`} vectorEffect="non-scaling-stroke" />
        )}
      </svg>
    </>
  );
}
