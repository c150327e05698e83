import { histogramBars } from "./charts.model.ts";
import styles from "./charts.module.css";
import type { Tone } from "./tone.ts";
import { VisuallyHidden } from "./visually-hidden.tsx";

export interface HistogramProps {
  readonly buckets: readonly number[];
  readonly tone: Tone;
  /** The ends of the axis, as text. */
  readonly from: string;
  readonly to: string;
  /** What it shows, as a finding: "most have waited less than 20 s". */
  readonly label: string;
  readonly width?: number;
  readonly height?: number;
  /** Buckets from this one on are drawn at full strength, the others fainter. */
  readonly strongFrom?: number;
}

export function Histogram({
  buckets,
  tone,
  from,
  to,
  label,
  width = 100,
  height = 22,
  strongFrom = Number.POSITIVE_INFINITY,
}: HistogramProps) {
  return (
    <figure className={styles.histogram} style={{ width }}>
      <VisuallyHidden>{label}</VisuallyHidden>
      <svg className={styles[tone]} width={width} height={height} viewBox={`0 0 ${width} ${height}`} aria-hidden="true">
        {histogramBars(buckets, width, height).map(({ index, ...bar }) => (
          <rect key={index} {...bar} className={index < strongFrom ? styles.faint : styles.strong} />
        ))}
      </svg>
      <div className={styles.axis} aria-hidden="true">
        <span>{from}</span>
        <span>{to}</span>
      </div>
    </figure>
  );
}
