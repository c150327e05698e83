import { areaChart, type Sample } from "./area-chart.model.ts";
import styles from "./area-chart.module.css";
import charts from "./charts.module.css";
import { formatClock, formatCount } from "./formats.model.ts";
import type { Tone } from "./tone.ts";
import { VisuallyHidden } from "./visually-hidden.tsx";

export interface AreaChartProps {
  /** Oldest first. */
  readonly samples: readonly Sample[];
  /** The instants at both ends of the axis. */
  readonly from: number;
  readonly to: number;
  readonly tone: Tone;
  /** What it shows, as a finding. */
  readonly label: string;
  /** Something that happened, drawn as a line with its text. */
  readonly note?: { readonly at: number; readonly text: string } | undefined;
}

const width = 350;
const height = 140;

/** Values over time, from 0 to a round number. Without samples only its frame. */
export function AreaChart({ samples, from, to, tone, label, note }: AreaChartProps) {
  const { line, area, last, top, xOf } = areaChart({ samples, from, to, width, height });
  const noteX = note === undefined ? undefined : xOf(Math.max(from, note.at)) / width;
  return (
    <figure className={styles.chart}>
      <VisuallyHidden>{label}</VisuallyHidden>
      <div className={styles.values} aria-hidden="true">
        <span>{formatCount(top)}</span>
        {top > 1 && <span>{formatCount(top / 2)}</span>}
        <span>0</span>
      </div>
      <div className={styles.plot}>
        <svg className={charts[tone]} viewBox={`0 0 ${width} ${height}`} preserveAspectRatio="none" aria-hidden="true">
          {[0, 0.5, 1].map((share) => (
            <path key={share} className={styles.rule} d={`M0 ${height * share}h${width}`} />
          ))}
          <path className={charts.area} d={area} />
          <path className={charts.line} d={line} vectorEffect="non-scaling-stroke" />
          {last !== undefined && (
            <path className={charts.dot} d={`M${last.x} ${last.y}h.001`} vectorEffect="non-scaling-stroke" />
          )}
        </svg>
        {note !== undefined && noteX !== undefined && (
          <span
            className={`${styles.note} ${noteX > 0.5 ? styles.isLate : ""}`}
            style={{ left: `${noteX * 100}%` }}
            aria-hidden="true"
          >
            <span>{note.text}</span>
          </span>
        )}
      </div>
      <div className={styles.times} aria-hidden="true">
        {[from, (from + to) / 2, to].map((at) => (
          <span key={at}>{formatClock(at).slice(0, 5)}</span>
        ))}
      </div>
    </figure>
  );
}
