import { Elapsed } from "#components/live/index.ts";
import { formatDuration } from "#components/ui/index.ts";
import { diamond, type Measures } from "./geometry.model.ts";
import type { Mark } from "./marks.model.ts";
import styles from "./strip-cell.module.css";

/** How a column stands to the pod that is looked at. */
export type Standing = "plain" | "older" | "gone";

interface CellProps {
  readonly measures: Measures;
  readonly x: number;
  /** What click and key handlers of the list find it by. */
  readonly index: number;
  readonly name: string;
  readonly standing: Standing;
  readonly isSelected: boolean;
  /** The one of the list that the tabulator key reaches. */
  readonly isCurrent: boolean;
  readonly testId: string;
  /** Of how many it is one, where not all of them are in the document. */
  readonly outOf?: number | undefined;
}

export interface EventCellProps extends CellProps {
  readonly code: string;
  readonly number: string;
  /** Set while a pod is looked at and the event is behind its marker. */
  readonly mark: Mark | undefined;
  readonly isFold: boolean;
}

export type OptionProps = Omit<CellProps, "standing">;

/** What pointer, keys and assistive technology meet: the room round a cell, over its drawing. */
export function CellOption({ measures: m, x, index, name, isSelected, isCurrent, testId, outOf }: OptionProps) {
  return (
    <g
      // oxlint-disable-next-line jsx-a11y/prefer-tag-over-role -- it is drawn
      role="option"
      aria-label={name}
      aria-selected={isSelected}
      aria-posinset={outOf === undefined ? undefined : index + 1}
      aria-setsize={outOf}
      tabIndex={isCurrent ? 0 : -1}
      data-index={index}
      data-testid={testId}
      className={styles.option}
    >
      <rect
        className={styles.target}
        x={x - m.pitch / 2}
        y={m.chainY - 26}
        width={m.pitch}
        height={m.headHeight - 24}
      />
      <rect className={styles.ring} x={x - m.pitch / 2 + 1} y={m.chainY - 20} width={m.pitch - 2} height={40} rx="7" />
    </g>
  );
}

export function EventCell(props: EventCellProps) {
  const { measures: m, x, code, number, mark, isFold, standing, isSelected } = props;
  const left = x - m.tile / 2;
  const top = m.chainY - m.tile / 2;
  const tile = { width: m.tile, height: m.tile, rx: 5, className: styles.tile };
  const state = mark === "decides" ? styles.decides : undefined;
  return (
    <g className={`${styles.cell} ${styles[standing]} ${state ?? ""} ${isSelected ? styles.selected : ""}`}>
      {isFold && (
        <>
          <rect {...tile} x={left + 5} y={top - 5} width={m.tile - 5} />
          <rect {...tile} x={left + 2.5} y={top - 2.5} width={m.tile - 2.5} />
        </>
      )}
      <rect {...tile} x={left} y={top} />
      <text aria-hidden="true" x={x} y={m.chainY + 4} className={styles.code}>
        {code}
      </text>
      <text aria-hidden="true" x={x} y={m.numberY} className={styles.number}>
        {number}
      </text>
      {mark !== undefined && m.hintY !== undefined && <HintChip mark={mark} x={x} y={m.hintY} />}
      <CellOption {...props} />
    </g>
  );
}

function HintChip({ mark, x, y }: { readonly mark: Mark; readonly x: number; readonly y: number }) {
  if (mark === "none") {
    return (
      <text aria-hidden="true" x={x} y={y} className={styles.hint} data-simulated>
        no hint
      </text>
    );
  }
  if (mark === "skip") {
    return (
      <g className={styles.skip}>
        <rect x={x - 18} y={y - 11.1} width={36} height={15} rx={4} />
        <path d={`M${x - 14} ${y - 3.6}h5`} />
        <text aria-hidden="true" x={x + 4} y={y} className={styles.hint} data-simulated>
          Skip
        </text>
      </g>
    );
  }
  return (
    <g className={mark === "decides" ? styles.deciding : styles.queue}>
      <rect x={x - 19} y={y - 11.6} width={38} height={16} rx={4} />
      <text aria-hidden="true" x={x} y={y} className={styles.hint} data-simulated>
        Queue
      </text>
    </g>
  );
}

export interface MarkerCellProps extends CellProps {
  readonly letter: string;
  /** Since when it is in flight; absent where there is no room for a time. */
  readonly since: number | undefined;
}

export function MarkerCell(props: MarkerCellProps) {
  const { measures: m, x, letter, since, standing, isSelected } = props;
  return (
    <g className={`${styles.marker} ${styles[standing]} ${isSelected ? styles.selected : ""}`}>
      <path d={diamond(x, m.chainY, m.diamond)} className={styles.diamond} />
      <text
        aria-hidden="true"
        x={x}
        y={m.chainY + 4.3}
        className={`${styles.letter} ${letter.length > 2 ? styles.small : ""}`}
      >
        {letter}
      </text>
      <text aria-hidden="true" x={x} y={m.numberY} className={styles.time} data-simulated>
        {since === undefined ? standing === "gone" && "done" : <Elapsed since={since} format={formatDuration} />}
      </text>
      <CellOption {...props} />
    </g>
  );
}
