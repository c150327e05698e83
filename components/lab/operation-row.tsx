import { X } from "lucide-react";
import type { KeyboardEvent } from "react";
import { Glyph, IconButton, classNames } from "#components/ui/index.ts";
import styles from "./operation-row.module.css";
import type { OperationWords } from "./words.model.ts";

export const rowHeight = 44;

export interface OperationRowProps {
  readonly number: number;
  readonly of: number;
  readonly top: number;
  readonly words: OperationWords;
  readonly state: "past" | "current" | "future";
  /** After it a pod is in another place on the other side. */
  readonly isDivergent: boolean;
  /** The row that the tabulator key reaches. */
  readonly isReachable: boolean;
  /** Another row would be dropped here. */
  readonly isTarget: boolean;
  readonly isDraggedDown: boolean;
  readonly onGo: (step: number) => void;
  readonly onMove: (to: number) => void;
  readonly onDelete: () => void;
  readonly onDrag: (drag: "start" | "over" | "drop" | "end") => void;
}

/** One operation. By keys: arrows go to its neighbours, with Alt they move it, Delete takes it out. */
export function OperationRow(props: OperationRowProps) {
  const { number, of, top, words, state, isDivergent, isReachable, isTarget, isDraggedDown } = props;
  const { onGo, onMove, onDelete, onDrag } = props;
  const onKeyDown = (event: KeyboardEvent): void => {
    const by = event.key === "ArrowUp" ? -1 : event.key === "ArrowDown" ? 1 : 0;
    if (by !== 0) {
      event.preventDefault();
      if (event.altKey) onMove(number + by);
      else onGo(number + by);
    } else if (event.key === "Delete") {
      event.preventDefault();
      onDelete();
    }
  };
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- what dragging does, Alt and arrows do too
    <li
      className={classNames(
        styles.row,
        styles[state],
        isDivergent && styles.divergent,
        isTarget && (isDraggedDown ? styles.below : styles.above),
      )}
      style={{ height: rowHeight, transform: `translateY(${top}px)` }}
      aria-setsize={of}
      aria-posinset={number}
      data-step={number}
      data-testid={`lab-operation-${number}`}
      draggable
      onDragStart={(event) => {
        event.dataTransfer.setData("text/plain", words.title);
        event.dataTransfer.effectAllowed = "move";
        onDrag("start");
      }}
      onDragOver={(event) => {
        if (event.dataTransfer.types.includes("Files")) return;
        event.preventDefault();
        onDrag("over");
      }}
      onDrop={(event) => {
        if (event.dataTransfer.types.includes("Files")) return;
        event.preventDefault();
        onDrag("drop");
      }}
      onDragEnd={() => onDrag("end")}
    >
      <button
        type="button"
        className={styles.main}
        aria-current={state === "current" ? "step" : undefined}
        aria-keyshortcuts="Alt+ArrowUp Alt+ArrowDown Delete"
        tabIndex={isReachable ? 0 : -1}
        onClick={() => onGo(number)}
        onKeyDown={onKeyDown}
      >
        <span className={styles.number}>{number}</span>
        <span className={styles.glyph}>
          <OperationGlyph glyph={words.glyph} />
        </span>
        <span className={styles.words}>
          <b>{words.title}</b>
          <small title={words.detail}>{words.detail}</small>
        </span>
      </button>
      <IconButton
        className={styles.delete}
        icon={<X size={12} aria-hidden="true" />}
        label={`Delete step ${number}, ${words.title}`}
        variant="ghost"
        size="small"
        tabIndex={isReachable ? 0 : -1}
        onClick={onDelete}
      />
    </li>
  );
}

/** Events and what has no state of its own are a square. */
export function OperationGlyph({ glyph }: { readonly glyph: OperationWords["glyph"] }) {
  if (glyph !== "event" && glyph !== "other") return <Glyph state={glyph} />;
  return <i className={glyph === "event" ? styles.event : styles.other} />;
}
