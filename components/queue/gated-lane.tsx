"use client";
import { Glyph, formatCount, formatDuration, formatExactCount, formatPlural } from "#components/ui/index.ts";
import type { Lanes } from "#lib/protocol/index.ts";
import { useNow } from "#components/live/index.ts";
import { noPodText } from "./lane.model.ts";
import styles from "./gated-lane.module.css";
import { PodsOfQueue } from "./pods-of-queue.tsx";
import cards from "./lane-card.module.css";

/** Pods that are held before they were ever queued, by what holds them. */
export function GatedLane({ gated }: { readonly gated: Lanes["gated"] }) {
  const now = useNow();
  const groups = Object.entries(gated.groups).sort(([, a], [, b]) => b.count - a.count || a.gate.localeCompare(b.gate));
  return (
    <section className={cards.lane} aria-label={`gated, ${formatPlural(gated.count, "pod")}`}>
      <header className={styles.header}>
        <div className={styles.title}>
          <Glyph state="gated" />
          <h3>gated</h3>
        </div>
        <div className={styles.numbers}>
          <strong title={formatExactCount(gated.count)}>
            <PodsOfQueue queue="gated">{formatCount(gated.count)}</PodsOfQueue>
          </strong>
          <span>{gated.of !== undefined && `of ${formatCount(gated.of)}, `}held until released</span>
        </div>
      </header>
      <div className={styles.scroller}>
        {groups.length === 0 && <p className={cards.empty}>{noPodText(gated)}</p>}
        <ul>
          {groups.map(([key, { gate, count, oldestSince }]) => (
            <li key={key} className={styles.group}>
              <b title={gate}>
                <GateName gate={gate} />
              </b>
              <span>{formatCount(count)}</span>
              <small>oldest {formatDuration(now - oldestSince)}</small>
            </li>
          ))}
        </ul>
      </div>
      <footer className={cards.footer}>grouped by gate</footer>
    </section>
  );
}

/** A gate is a long name with one good place to break: behind its domain. */
function GateName({ gate }: { readonly gate: string }) {
  const slash = gate.indexOf("/") + 1;
  return (
    <>
      {gate.slice(0, slash)}
      <span>{gate.slice(slash)}</span>
    </>
  );
}
