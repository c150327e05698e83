import { Glyph, VisuallyHidden, formatClock, formatDuration } from "#components/ui/index.ts";
import { placeGlyph, placeName, placeTone } from "#components/verdict/index.ts";
import type { Timeline } from "#lib/protocol/index.ts";
import styles from "./timeline-rows.module.css";
import { drawnStays, type Axis } from "./timeline.model.ts";

export function percent(share: number): string {
  return `${(share * 100).toFixed(2)}%`;
}

export interface RowProps {
  readonly name: string;
  /** What the row is, in a second line. */
  readonly note?: string;
  readonly children: React.ReactNode;
}

/** One row of a time axis: its name, and what lies on the axis. */
export function Row({ name, note, children }: RowProps) {
  return (
    <div className={styles.row}>
      {note === undefined ? (
        <span className={styles.name} title={name}>
          {name}
        </span>
      ) : (
        <span className={styles.noted}>
          <b title={name}>{name}</b>
          <small title={note}>{note}</small>
        </span>
      )}
      <div className={styles.track}>{children}</div>
    </div>
  );
}

/** Where the pod was, one after the other. */
export function Stays({ stays, axis }: { readonly stays: Timeline["stays"]; readonly axis: Axis }) {
  return drawnStays(stays, axis).map(({ item, left, width }) => {
    const { queue, from, until } = item;
    const length = formatDuration((until ?? axis.to) - from);
    return (
      <span
        key={`${from} ${queue}`}
        className={`${styles.stay} ${styles[placeTone(queue)]}`}
        style={{ left: percent(left), width: percent(Math.max(width, 0.002)) }}
        title={`${placeName(queue)} for ${length}, from ${formatClock(from)}`}
      >
        {width > 0.08 && (
          <span className={styles.length} aria-hidden="true">
            <Glyph state={placeGlyph(queue)} /> {length}
          </span>
        )}
        <VisuallyHidden>
          {placeName(queue)} for {length}
        </VisuallyHidden>
      </span>
    );
  });
}

/** Clock times above the rows. */
export function Ticks({ axis }: { readonly axis: Axis }) {
  return (
    <div className={styles.axis} aria-hidden="true">
      {axis.ticks
        .filter((at) => axis.shareOf(at) > 0.03 && axis.shareOf(at) < 0.96)
        .map((at) => (
          <span key={at} style={{ left: percent(axis.shareOf(at)) }}>
            {axis.to - axis.from > 300_000 ? formatClock(at).slice(0, 5) : formatClock(at)}
          </span>
        ))}
    </div>
  );
}
