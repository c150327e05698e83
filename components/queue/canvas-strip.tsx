import { useLayoutEffect, useRef } from "react";
import { useNow } from "#components/live/index.ts";
import { useTheme } from "#components/shell/index.ts";
import { formatDuration, VisuallyHidden } from "#components/ui/index.ts";
import styles from "./canvas-strip.module.css";
import { isSelected, optionOf, type EventStripProps } from "./event-strip.tsx";
import { columnX, type ColumnRange } from "./geometry.model.ts";
import { paintStrip, type Pen } from "./paint-strip.ts";
import { CellOption } from "./strip-cell.tsx";
import { stripColours } from "./strip-colours.ts";

export interface CanvasStripProps extends EventStripProps {
  /** The columns in sight and a stretch round them. */
  readonly range: ColumnRange;
  readonly hoveredIndex: number | undefined;
  readonly isSimulated: boolean;
}

/**
 * The list when it is too long for one element in the document per cell: a canvas over what is in sight, and over the
 * canvas the options that pointer, keys and assistive technology meet, each of which knows its place in the whole list.
 */
export function CanvasStrip(props: CanvasStripProps) {
  const { columns, measures: m, regions, range, currentIndex, looked, letterOf, selectedEvent } = props;
  const canvas = useRef<HTMLCanvasElement>(null);
  useTheme(); // drawn anew when it changes
  const now = useNow(100);
  const to = Math.min(range.to, columns.columns.length);
  const left = range.from * m.pitch;
  const width = Math.max(1, (to - range.from) * m.pitch + 3);

  useLayoutEffect(() => {
    const element = canvas.current;
    if (element !== null) paint(element, { ...props, left, width, now });
  });
  const inSight = Array.from({ length: Math.max(0, to - range.from) }, (_, offset) => range.from + offset);
  // The one that has the focus stays in the document also when it is scrolled out of sight.
  const indexes = inSight.includes(currentIndex) ? inSight : [...inSight, currentIndex];
  return (
    <div className={styles.strip} style={{ width: Math.max(1, regions.end), height: m.headHeight }}>
      <canvas
        ref={canvas}
        className={styles.canvas}
        style={{ left, width, height: m.headHeight }}
        aria-hidden="true"
        data-testid="eventlist-canvas"
      />
      <VisuallyHidden>
        {`Places ${range.from + 1} to ${to} of ${columns.columns.length} are read out; arrow keys, Home and End reach the others.`}
      </VisuallyHidden>
      <svg className={styles.options} width={Math.max(1, regions.end)} height={m.headHeight} role="presentation">
        {indexes.map((index) => {
          const column = columns.columns[index];
          return (
            column && (
              <CellOption
                key={column.key}
                {...optionOf(column, { letterOf, looked })}
                measures={m}
                x={columnX(m, index)}
                index={index}
                isSelected={isSelected(column, looked, selectedEvent)}
                isCurrent={index === currentIndex}
                outOf={columns.columns.length}
              />
            )
          );
        })}
      </svg>
    </div>
  );
}

interface Painting extends CanvasStripProps {
  readonly left: number;
  readonly width: number;
  readonly now: number;
}

function paint(canvas: HTMLCanvasElement, painting: Painting): void {
  const { left, width, now, measures } = painting;
  const scale = window.devicePixelRatio;
  const size = [Math.round(width * scale), Math.round(measures.headHeight * scale)] as const;
  if (canvas.width !== size[0]) [canvas.width] = size;
  if (canvas.height !== size[1]) [, canvas.height] = size;
  const context = canvas.getContext("2d");
  if (context === null) return;
  context.setTransform(scale, 0, 0, scale, 0, 0);
  context.clearRect(0, 0, width, measures.headHeight);
  context.translate(-left, 0);
  const pen: Pen = Object.assign(context, { path: (outline: string) => new Path2D(outline) });
  paintStrip(pen, {
    ...painting,
    colours: stripColours(canvas),
    timeSince: (since) => formatDuration(Math.max(0, now - since)),
  });
}
