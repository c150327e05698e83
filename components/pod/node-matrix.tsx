"use client";
import { useId, useMemo, useState, type KeyboardEvent } from "react";
import { Button, Card, Segmented, VisuallyHidden, formatCount, formatPlural } from "#components/ui/index.ts";
import type { Matrix } from "#lib/protocol/index.ts";
import { head, heightsOf } from "./matrix-heights.ts";
import { MatrixLabels } from "./matrix-labels.tsx";
import { MatrixMirror } from "./matrix-mirror.tsx";
import { MatrixPlane } from "./matrix-plane.tsx";
import { columnAt, columnName, columnsBetween, layoutOf, type PlacedColumn, taintsText } from "./matrix.model.ts";
import styles from "./node-matrix.module.css";
import { useColumnWindow } from "./use-column-window.ts";

export interface NodeMatrixProps {
  readonly matrix: Matrix;
  readonly onGroup: (group: Matrix["groupBy"]) => void;
  /** Shows the nodes of a column one by one. */
  readonly onExpand: (column: string) => void;
  /** Back to columns of several nodes; absent while there is none to be folded. */
  readonly onFold: (() => void) | undefined;
  /** The near miss that is looked at. */
  readonly lookedAt: number | undefined;
  readonly onLook: (rank: number | undefined) => void;
}

/** What every filter plugin says to every node. Of thousands of columns only those in sight are drawn. */
export function NodeMatrix({ matrix, onGroup, onExpand, onFold, lookedAt, onLook }: NodeMatrixProps) {
  const { rows, bars, passing, groupBy, groups, columns } = matrix;
  const heights = useMemo(() => heightsOf({ rows, bars, passing, columns }), [rows, bars, passing, columns]);
  const { from, to, room, ref, onScroll } = useColumnWindow();
  const layout = useMemo(() => layoutOf({ groups, columns }, room), [groups, columns, room]);
  const visible = useMemo(() => columnsBetween(layout.columns, from, to), [layout, from, to]);
  const first = visible[0] === undefined ? 0 : columnAt(layout.columns, visible[0].x);
  const [pointed, setPointed] = useState(-1);
  const id = useId();
  const right = Math.min(layout.width, to);

  const pointAt = (index: number): void => {
    setPointed(index);
    onLook(layout.columns[index]?.column.near[0]);
  };
  const moveTo = (index: number, plane: HTMLElement): void => {
    const column = layout.columns[index];
    if (column === undefined) return;
    pointAt(index);
    intoSight(plane.parentElement, column);
  };
  const last = layout.columns.length - 1;
  const onKeyDown = (event: KeyboardEvent<HTMLElement>): void => {
    const next = { ArrowLeft: Math.max(0, pointed - 1), ArrowRight: Math.min(last, pointed + 1), Home: 0, End: last }[
      event.key
    ];
    if (next !== undefined) moveTo(next, event.currentTarget);
    else if (event.key === "Enter" || event.key === " ") expand(layout.columns[pointed]);
    else return;
    event.preventDefault();
  };
  const expand = (placed: PlacedColumn | undefined): void => {
    if (placed !== undefined && placed.column.count > 1) onExpand(placed.column.key);
  };
  const hasColumns = layout.columns.length > 0;
  const current = layout.columns[pointed];
  const isInWindow = pointed >= first && pointed < first + visible.length;
  return (
    <Card
      title={matrix.fits > 0 ? "Which nodes take it" : "Why each node says no"}
      context={
        hasColumns && (
          <span className={styles.legend} aria-hidden="true">
            <i className={styles.isRejecting} /> rejects <i className={styles.isAlso} /> would also reject
            <i className={styles.isPassing} /> passes
          </span>
        )
      }
      actions={
        hasColumns && (
          <>
            {onFold !== undefined && (
              <Button size="small" variant="ghost" onClick={onFold}>
                Fold again
              </Button>
            )}
            <div className={styles.groupBy}>
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
            </div>
          </>
        )
      }
    >
      {matrix.preFilter !== undefined && (
        <p className={styles.preFilter}>
          {matrix.preFilter.plugin ?? "A plugin"} ended the attempt before any node was looked at:{" "}
          {matrix.preFilter.reasons.join("; ")}
        </p>
      )}
      {hasColumns && (
        <>
          <div className={styles.matrix}>
            <MatrixLabels matrix={matrix} top={heights.top} />
            <section ref={ref} className={styles.scroller} onScroll={onScroll} aria-label="Nodes">
              <div
                className={styles.plane}
                style={{ width: layout.width, height: heights.height }}
                // oxlint-disable-next-line jsx-a11y/prefer-tag-over-role -- a table of thousands of columns is drawn as a picture
                role="grid"
                aria-label="Plugins and nodes: what each says to each"
                aria-rowcount={rows.length + 1}
                aria-colcount={last + 2}
                aria-activedescendant={isInWindow ? `${id}-${pointed}` : undefined}
                tabIndex={0}
                data-testid="nodematrix-plane"
                onKeyDown={onKeyDown}
                onFocus={(event) => moveTo(Math.max(0, pointed), event.currentTarget)}
                onBlur={() => pointAt(-1)}
                onPointerMove={(event) => {
                  const index = columnAt(
                    layout.columns,
                    event.clientX - event.currentTarget.getBoundingClientRect().left,
                  );
                  if (index !== pointed) pointAt(index);
                }}
                onPointerLeave={() => pointAt(-1)}
                onClick={() => expand(current)}
              >
                {layout.groups.map(({ key, label, nodes, x, width }) => (
                  <div
                    key={key}
                    className={styles.group}
                    style={{ left: x, width: Math.max(width, 1) }}
                    aria-hidden="true"
                  >
                    <span>
                      {label} <small>{formatCount(nodes)}</small>
                    </span>
                  </div>
                ))}
                <MatrixPlane
                  rows={rows}
                  bars={bars}
                  columns={visible}
                  from={from}
                  width={Math.max(0, right - from)}
                  heights={heights}
                  lookedAt={lookedAt}
                />
                <MatrixMirror placed={visible} first={first} rows={rows} id={id} height={heights.height} />
                {current !== undefined && (
                  <i
                    className={current.column.count > 1 ? styles.pointedMany : styles.pointed}
                    style={{ left: current.x, width: current.width, top: head, height: heights.height - head }}
                    aria-hidden="true"
                  />
                )}
              </div>
            </section>
          </div>
          <p className={styles.readout} data-testid="nodematrix-readout" aria-hidden="true">
            {current === undefined
              ? (taintsText(matrix) ?? "Point at a node, or go through them with the arrow keys.")
              : columnName(current, rows)}
            {current !== undefined && current.column.count > 1 && " Click to see them one by one."}
          </p>
        </>
      )}
      <PluginTable matrix={matrix} />
    </Card>
  );
}

/** Scrolls no more than it has to, and never the page. */
function intoSight(scroller: HTMLElement | null, { x, width }: PlacedColumn): void {
  if (scroller === null) return;
  const { scrollLeft, clientWidth } = scroller;
  if (x < scrollLeft) scroller.scrollLeft = x;
  else if (x + width > scrollLeft + clientWidth) scroller.scrollLeft = x + width - clientWidth;
}

function PluginTable({ matrix: { nodes, rows } }: { readonly matrix: Matrix }) {
  return (
    <VisuallyHidden>
      <table>
        <caption>Plugins and the nodes that they reject, of {formatPlural(nodes, "node")}</caption>
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
    </VisuallyHidden>
  );
}
