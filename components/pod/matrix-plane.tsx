"use client";
import { memo } from "react";
import type { Matrix } from "#lib/protocol/index.ts";
import { barHeight, barPitch, head, type MatrixHeights } from "./matrix-heights.ts";
import { barScale, barShare, cell, cellPath, nearRuns, type NearRun, type PlacedColumn } from "./matrix.model.ts";
import styles from "./node-matrix.module.css";

export interface MatrixPlaneProps {
  readonly rows: Matrix["rows"];
  readonly bars: Matrix["bars"];
  /** Those that can be seen. */
  readonly columns: readonly PlacedColumn[];
  readonly from: number;
  readonly width: number;
  readonly heights: MatrixHeights;
  /** The near miss that is looked at. */
  readonly lookedAt: number | undefined;
}

/** The cells, the counts and the bars. Nothing of it is drawn anew because a pointer moves. */
export const MatrixPlane = memo(function MatrixPlane(props: MatrixPlaneProps) {
  const { rows, bars, columns, from, width, heights, lookedAt } = props;
  const { top, saying, height } = heights;
  return (
    <svg
      style={{ left: from }}
      width={width}
      height={height}
      viewBox={`${from} 0 ${width} ${height}`}
      aria-hidden="true"
    >
      {nearRuns(columns).map((run) => (
        <NearColumns key={run.x} run={run} height={height} lookedAt={lookedAt} />
      ))}
      {rows.map(({ key }, index) => (
        <g key={key} transform={`translate(0 ${top + index * cell.height})`}>
          <path className={styles.rejects} d={cellPath(columns, index, "x")} />
          <path className={styles.also} d={cellPath(columns, index, "o")} />
          <path className={styles.passes} d={cellPath(columns, index, ".")} />
        </g>
      ))}
      {columns.map(({ column, x, width: wide }) => (
        <text
          key={column.key}
          className={column.near.length > 0 ? styles.nearCount : styles.count}
          x={x + wide / 2}
          y={saying + 8}
        >
          {column.fits ? "✓" : column.rejecting}
        </text>
      ))}
      {bars.map(({ resource, needed, max: most }, index) => {
        const max = barScale(needed, most);
        const bottom = saying + 24 + index * barPitch + barHeight;
        const line = bottom - barShare(needed, max) * barHeight;
        return (
          <g key={resource}>
            <path className={styles.enough} d={barsPath(columns, { index, max, bottom, isEnough: true, needed })} />
            <path className={styles.short} d={barsPath(columns, { index, max, bottom, isEnough: false, needed })} />
            <path className={styles.needed} d={`M${from} ${line}h${width}`} />
            <path className={styles.rule} d={`M${from} ${bottom + 0.5}h${width}`} />
          </g>
        );
      })}
    </svg>
  );
});

interface BarsOf {
  readonly index: number;
  readonly max: number;
  readonly bottom: number;
  readonly needed: number;
  readonly isEnough: boolean;
}

/** The bars of one resource that reach the request, or those that do not, as one path. */
function barsPath(columns: readonly PlacedColumn[], { index, max, bottom, needed, isEnough }: BarsOf): string {
  return columns
    .map(({ column, x, width }) => {
      const free = column.free[index] ?? 0;
      if (free >= needed !== isEnough) return "";
      const tall = Math.max(1, barShare(free, max) * barHeight);
      return `M${x + 1.5} ${bottom}v${-tall}h${width - 3}v${tall}z`;
    })
    .join("");
}

interface NearColumnsProps {
  readonly run: NearRun;
  readonly height: number;
  readonly lookedAt: number | undefined;
}

/** Nodes that one change would open: tinted, with the number of that change. */
function NearColumns({ run: { ranks, x, width }, height, lookedAt }: NearColumnsProps) {
  const isLooked = lookedAt !== undefined && ranks.includes(lookedAt);
  return (
    <g className={isLooked ? styles.looked : styles.near}>
      <rect x={x} y={head - 8} width={width} height={height - head + 6} rx="3" />
      <circle cx={x + width / 2} cy={head + 4} r="6.5" />
      <text x={x + width / 2} y={head + 7.5}>
        {ranks[0]}
      </text>
    </g>
  );
}
