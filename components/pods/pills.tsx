"use client";
import { Check, ChevronDown } from "lucide-react";
import { DropdownMenu } from "radix-ui";
import { Glyph, classNames, formatCount } from "#components/ui/index.ts";
import type { Pods } from "#lib/protocol/index.ts";
import { choose, countedPills } from "./pills.model.ts";
import styles from "./pills.module.css";
import { useFitting } from "./use-fitting.ts";

export interface PillsProps {
  readonly pods: Pods | undefined;
  readonly chosen: readonly string[];
  readonly onChoose: (chosen: string[]) => void;
}

/** What "2 more" needs beside those that fit. */
const moreWidth = 92;

/**
 * Kinds of verdicts with their pods: a click shows one kind alone, with shift several. They stand in one row, whatever
 * there is: what does not fit is in a menu at its end.
 */
export function Pills({ pods, chosen, onChoose }: PillsProps) {
  const facet = pods?.facets["verdict"];
  const all = facet?.values.reduce((sum, { count }) => sum + count, 0);
  const counted = countedPills(facet, chosen);
  const { row, fitting, end } = useFitting<HTMLFieldSetElement>(counted.length + 1, moreWidth);
  const beyond = counted.slice(Math.max(0, fitting - 1));
  const pick = (id: string, isAdding: boolean): void => onChoose([...choose(chosen, id, isAdding)]);
  return (
    <fieldset ref={row} className={styles.pills} aria-label="Verdicts">
      <button type="button" className={styles.pill} aria-pressed={chosen.length === 0} onClick={() => onChoose([])}>
        All <b>{all === undefined ? "…" : formatCount(all)}</b>
      </button>
      {counted.map(({ id, label, glyph, count, isChosen }, index) => (
        <button
          key={id}
          type="button"
          className={classNames(styles.pill, index + 1 >= fitting && styles.beyond)}
          aria-pressed={isChosen}
          onClick={(event) => pick(id, event.shiftKey)}
        >
          <Glyph state={glyph} /> {label} <b>{formatCount(count)}</b>
        </button>
      ))}
      {beyond.length > 0 && (
        <DropdownMenu.Root modal={false}>
          <DropdownMenu.Trigger
            className={classNames(styles.pill, styles.more)}
            style={{ left: end }}
            data-chosen={beyond.some(({ isChosen }) => isChosen) || undefined}
          >
            {beyond.length} more <ChevronDown size={13} aria-hidden="true" />
          </DropdownMenu.Trigger>
          <DropdownMenu.Portal>
            <DropdownMenu.Content className={styles.menu} align="end" sideOffset={6} collisionPadding={8} loop>
              {beyond.map(({ id, label, glyph, count, isChosen }) => (
                <DropdownMenu.CheckboxItem
                  key={id}
                  className={styles.item}
                  checked={isChosen}
                  onCheckedChange={() => pick(id, false)}
                >
                  <Glyph state={glyph} />
                  <span>{label}</span>
                  <b>{formatCount(count)}</b>
                  <Check size={13} className={styles.tick} aria-hidden="true" />
                </DropdownMenu.CheckboxItem>
              ))}
            </DropdownMenu.Content>
          </DropdownMenu.Portal>
        </DropdownMenu.Root>
      )}
    </fieldset>
  );
}
