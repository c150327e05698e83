import { formatCount, formatPlural } from "#components/ui/index.ts";
import type { Matrix } from "#lib/protocol/index.ts";
import { barPitch } from "./matrix-heights.ts";
import { cell } from "./matrix.model.ts";
import styles from "./node-matrix.module.css";

export interface MatrixLabelsProps {
  readonly matrix: Matrix;
  /** Where the first row begins. */
  readonly top: number;
}

/** What the rows are, and how many nodes each rejects. */
export function MatrixLabels({ matrix: { rows, bars, passing }, top }: MatrixLabelsProps) {
  return (
    <div className={styles.labels} style={{ paddingTop: top }} aria-hidden="true">
      {rows.map(({ key, plugin, resource, first, also }, index) => (
        <div key={key} style={{ height: cell.height }}>
          <code>{resource !== undefined && rows[index - 1]?.plugin === plugin ? "" : plugin}</code>
          {resource !== undefined && <small>{resource}</small>}
          {also > 0 && <small className={styles.alsoCount}>also {formatCount(also)}</small>}
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
        <div key={resource} className={styles.bar} style={{ height: barPitch }}>
          <span>
            Free {resource}
            <small>needs {request}</small>
          </span>
        </div>
      ))}
    </div>
  );
}
