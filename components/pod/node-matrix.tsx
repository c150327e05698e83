"use client";
import { useState } from "react";
import { Card, Segmented, VisuallyHidden, formatCount, formatPlural } from "#components/ui/index.ts";
import type { Matrix } from "#lib/protocol/index.ts";
import { barShare, cell, cellPath, columnName, layoutOf, type PlacedColumn } from "./matrix.model.ts";
import styles from "./node-matrix.module.css";

export interface NodeMatrixProps {
  readonly matrix: Matrix;
  readonly onGroup: (group: Matrix["groupBy"]) => void;
  /** Shows the nodes of a column one by one. */
  readonly onExpand: (column: string) => void;
  /** The near miss that is looked at. */
  readonly lookedAt: number | undefined;
  readonly onLook: (rank: number | undefined) => void;
}

const head = 38;
const badges = 22;
const barHeight = 52;
/** Nodes that those who do not see the picture hear one by one. */
const mostSaid = 100;

/** What every filter plugin says to every node. */
export function NodeMatrix({ matrix, onGroup, onExpand, lookedAt, onLook }: NodeMatrixProps) {
  const { rows, bars, passing, groupBy } = matrix;
  const layout = layoutOf(matrix);
  const [pointed, setPointed] = useState<string>();
  const top = head + badges;
  const saying = top + (rows.length + (passing > 0 ? 1 : 0)) * cell.height + 6;
  const height = saying + 24 + bars.length * (barHeight + 8);
  const hit = (event: React.MouseEvent<SVGElement>): PlacedColumn | undefined => {
    const x = event.clientX - event.currentTarget.getBoundingClientRect().left;
    return layout.columns.find((each) => x >= each.x && x < each.x + each.width);
  };
  return (
    <Card
      title="Why each node says no"
      context={
        <span className={styles.legend} aria-hidden="true">
          <i className={styles.isRejecting} /> rejects <i className={styles.isAlso} /> would also reject
          <i className={styles.isPassing} /> passes
        </span>
      }
      actions={
        <Segmented
          label="Group nodes by"
          value={groupBy}
          options={[
            { value: "pool", label: "Pool" },
            { value: "zone", label: "Zone" },
            { value: "reason", label: "Reason" },
          ]}
          onChange={onGroup}
        />
      }
    >
      {matrix.preFilter !== undefined && (
        <p className={styles.preFilter}>
          {matrix.preFilter.plugin ?? "A plugin"} ended the attempt before any node was looked at:{" "}
          {matrix.preFilter.reasons.join("; ")}
        </p>
      )}
      <div className={styles.matrix}>
        <div className={styles.labels} style={{ paddingTop: top }} aria-hidden="true">
          {rows.map(({ key, plugin, resource, first }, index) => (
            <div key={key} style={{ height: cell.height }}>
              <code>{resource !== undefined && rows[index - 1]?.plugin === plugin ? "" : plugin}</code>
              {resource !== undefined && <small>{resource}</small>}
              <b>{first === 0 ? "" : formatCount(first)}</b>
            </div>
          ))}
          {passing > 0 && (
            <div style={{ height: cell.height }}>
              <span>{formatPlural(passing, "more plugin passes", "more plugins pass")}</span>
            </div>
          )}
          <div className={styles.saying}>
            <span>Plugins that say no</span>
          </div>
          {bars.map(({ resource, request }) => (
            <div key={resource} className={styles.bar} style={{ height: barHeight + 8 }}>
              <span>
                Free {resource}
                <small>needs {request}</small>
              </span>
            </div>
          ))}
        </div>
        {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls must be reachable by keyboard */}
        <section className={styles.scroller} tabIndex={0} aria-label="Nodes and plugins, scrolls sideways">
          <div className={styles.plane} style={{ width: layout.width, height }}>
            <svg
              width={layout.width}
              height={height}
              aria-hidden="true"
              onPointerMove={(event) => {
                const column = hit(event);
                setPointed(column === undefined ? undefined : columnName(column, rows));
                onLook(column?.column.near[0]);
              }}
              onPointerLeave={() => {
                setPointed(undefined);
                onLook(undefined);
              }}
            >
              {pointed !== undefined && <title>{pointed}</title>}
              <rect width={layout.width} height={height} fill="transparent" />
              {layout.groups.map(({ key, label, nodes, x, width }) => (
                <g key={key}>
                  <text className={styles.group} x={x} y={14}>
                    {label} <tspan>{formatCount(nodes)}</tspan>
                  </text>
                  <path className={styles.rule} d={`M${x} 22h${width}`} />
                </g>
              ))}
              {layout.columns.map((placed) => (
                <NearColumn key={placed.column.key} placed={placed} height={height} lookedAt={lookedAt} />
              ))}
              {rows.map(({ key }, index) => (
                <g key={key} transform={`translate(0 ${top + index * cell.height})`}>
                  <path className={styles.rejects} d={cellPath(layout.columns, index, "x")} />
                  <path className={styles.also} d={cellPath(layout.columns, index, "o")} />
                  <path className={styles.passes} d={cellPath(layout.columns, index, ".")} />
                </g>
              ))}
              {layout.columns.map(({ column, x, width }) => (
                <text
                  key={column.key}
                  className={column.near.length > 0 ? styles.nearCount : styles.count}
                  x={x + width / 2}
                  y={saying + 8}
                >
                  {column.fits ? "✓" : column.rejecting}
                </text>
              ))}
              {bars.map(({ resource, needed, max }, index) => {
                const bottom = saying + 24 + index * (barHeight + 8) + barHeight;
                const line = bottom - barShare(needed, max) * barHeight;
                return (
                  <g key={resource}>
                    {layout.columns.map(({ column, x, width }) => {
                      const free = column.free[index] ?? 0;
                      const tall = Math.max(1, barShare(free, max) * barHeight);
                      return (
                        <rect
                          key={column.key}
                          className={free >= needed ? styles.enough : styles.short}
                          x={x + 1.5}
                          y={bottom - tall}
                          width={width - 3}
                          height={tall}
                        />
                      );
                    })}
                    <path className={styles.needed} d={`M0 ${line}H${layout.width}`} />
                    <path className={styles.rule} d={`M0 ${bottom + 0.5}H${layout.width}`} />
                  </g>
                );
              })}
            </svg>
            {layout.columns.map(
              (placed) =>
                placed.column.count > 1 && (
                  <button
                    key={placed.column.key}
                    type="button"
                    className={styles.column}
                    style={{ left: placed.x, width: placed.width, top: head, height: height - head }}
                    title={columnName(placed, rows)}
                    aria-label={`${columnName(placed, rows)}. Show them one by one`}
                    data-testid={`nodematrix-column-${placed.column.key}`}
                    onPointerEnter={() => onLook(placed.column.near[0])}
                    onPointerLeave={() => onLook(undefined)}
                    onFocus={() => onLook(placed.column.near[0])}
                    onBlur={() => onLook(undefined)}
                    onClick={() => onExpand(placed.column.key)}
                  />
                ),
            )}
          </div>
        </section>
      </div>
      <VisuallyHidden>
        <table>
          <caption>Plugins and the nodes that they reject, of {formatPlural(matrix.nodes, "node")}</caption>
          <thead>
            <tr>
              <th scope="col">plugin</th>
              <th scope="col">rejects first</th>
              <th scope="col">would also reject</th>
            </tr>
          </thead>
          <tbody>
            {rows.map(({ key, plugin, resource, first, also }) => (
              <tr key={key}>
                <th scope="row">{resource === undefined ? plugin : `${plugin} ${resource}`}</th>
                <td>{first}</td>
                <td>{also}</td>
              </tr>
            ))}
          </tbody>
        </table>
        <ul>
          {layout.columns.slice(0, mostSaid).map((placed) => (
            <li key={placed.column.key}>{columnName(placed, rows)}</li>
          ))}
        </ul>
      </VisuallyHidden>
    </Card>
  );
}

interface NearColumnProps {
  readonly placed: PlacedColumn;
  readonly height: number;
  readonly lookedAt: number | undefined;
}

/** A node that one change would open: tinted, with the number of that change. */
function NearColumn({ placed: { column, x, width }, height, lookedAt }: NearColumnProps) {
  const [rank] = column.near;
  if (rank === undefined) return null;
  const isLooked = lookedAt !== undefined && column.near.includes(lookedAt);
  return (
    <g className={isLooked ? styles.looked : styles.near}>
      <rect x={x} y={head - 8} width={width} height={height - head + 6} rx="3" />
      <circle cx={x + width / 2} cy={head + 4} r="6.5" />
      <text x={x + width / 2} y={head + 7.5}>
        {rank}
      </text>
    </g>
  );
}
