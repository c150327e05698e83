import { memo } from "react";
import type { Matrix } from "#lib/protocol/index.ts";
import { head } from "./matrix-heights.ts";
import { columnName, type PlacedColumn } from "./matrix.model.ts";
import styles from "./node-matrix.module.css";

export interface MatrixMirrorProps {
  readonly placed: readonly PlacedColumn[];
  /** Index of the first of them, of all. */
  readonly first: number;
  readonly rows: Matrix["rows"];
  readonly id: string;
  readonly height: number;
}

const words: Readonly<Record<string, string>> = { x: "rejects", o: "would also reject", ".": "passes" };

/**
 * The part of the grid that is in sight, for those who do not see the picture: nodes are columns, plugins rows. The heads
 * of the columns lie on the picture and say all of their column, so that one key press tells a node.
 */
export const MatrixMirror = memo(function MatrixMirror({ placed, first, rows, id, height }: MatrixMirrorProps) {
  return (
    <>
      {/* oxlint-disable jsx-a11y/prefer-tag-over-role -- parts of a grid that is no table */}
      <div role="row" aria-rowindex={1}>
        <span role="columnheader" aria-colindex={1} className={styles.mirror}>
          Plugin
        </span>
        {placed.map((each, index) => (
          <div
            key={each.column.key}
            id={`${id}-${first + index}`}
            role="columnheader"
            aria-colindex={first + index + 2}
            aria-label={columnName(each, rows)}
            className={styles.option}
            style={{ left: each.x, width: each.width, top: head, height: height - head }}
            data-testid={`nodematrix-column-${each.column.key}`}
          />
        ))}
      </div>
      {rows.map(({ key, plugin, resource }, row) => (
        <div key={key} role="row" aria-rowindex={row + 2} className={styles.mirror}>
          <span role="rowheader" aria-colindex={1}>
            {resource === undefined ? plugin : `${plugin} ${resource}`}
          </span>
          {placed.map(({ column }, index) => (
            <span key={column.key} role="gridcell" aria-colindex={first + index + 2}>
              {words[column.cells[row] ?? ""]}
            </span>
          ))}
        </div>
      ))}
      {/* oxlint-enable jsx-a11y/prefer-tag-over-role */}
    </>
  );
});
