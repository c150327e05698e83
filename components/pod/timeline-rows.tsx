import { Glyph, formatClock, formatDuration } from "#components/ui/index.ts";
import { placeGlyph, placeName, placeTone } from "#components/verdict/index.ts";
import type { Timeline } from "#lib/protocol/index.ts";
import styles from "./timeline-card.module.css";
import { drawnStays, type Axis } from "./timeline.model.ts";

export function percent(share: number): string {
  return `${(share * 100).toFixed(2)}%`;
}

export function Row({ name, children }: { readonly name: string; readonly children: React.ReactNode }) {
  return (
    <div className={styles.row}>
      <span className={styles.name}>{name}</span>
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
          <>
            <Glyph state={placeGlyph(queue)} /> {length}
          </>
        )}
      </span>
    );
  });
}

/** Clock times above the rows. */
export function Ticks({ axis }: { readonly axis: Axis }) {
  return (
    <div className={styles.axis} aria-hidden="true">
      {axis.ticks
        .filter((at) => axis.shareOf(at) > 0.03)
        .map((at) => (
          <span key={at} style={{ left: percent(axis.shareOf(at)) }}>
            {axis.to - axis.from > 300_000 ? formatClock(at).slice(0, 5) : formatClock(at)}
          </span>
        ))}
    </div>
  );
}
