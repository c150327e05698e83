"use client";
import { Glyph, formatCount } from "#components/ui/index.ts";
import type { Pods } from "#lib/protocol/index.ts";
import { choose, countedPills } from "./pills.model.ts";
import styles from "./pills.module.css";

export interface PillsProps {
  readonly pods: Pods | undefined;
  readonly chosen: readonly string[];
  readonly onChoose: (chosen: string[]) => void;
}

/** Kinds of verdicts with their pods: a click shows one kind alone, with shift several. */
export function Pills({ pods, chosen, onChoose }: PillsProps) {
  const facet = pods?.facets["verdict"];
  const all = facet?.values.reduce((sum, { count }) => sum + count, 0);
  return (
    <fieldset className={styles.pills} aria-label="Verdicts">
      <button type="button" className={styles.pill} aria-pressed={chosen.length === 0} onClick={() => onChoose([])}>
        All <b>{all === undefined ? "…" : formatCount(all)}</b>
      </button>
      {countedPills(facet, chosen).map(({ id, label, glyph, count, isChosen }) => (
        <button
          key={id}
          type="button"
          className={styles.pill}
          aria-pressed={isChosen}
          onClick={(event) => onChoose([...choose(chosen, id, event.shiftKey)])}
        >
          <Glyph state={glyph} /> {label} <b>{formatCount(count)}</b>
        </button>
      ))}
    </fieldset>
  );
}
