"use client";
import { useCopying } from "#components/peek/index.ts";
import { Button, formatCount, formatExactCount, formatPlural, Kbd } from "#components/ui/index.ts";
import type { Pods } from "#lib/protocol/index.ts";
import styles from "./pods-view.module.css";
import type { Marks } from "./use-marks.ts";

export interface PodsFooterProps {
  readonly cluster: string;
  readonly pods: Pods | undefined;
  /** The rows in sight. */
  readonly sight: { readonly first: number; readonly last: number };
  readonly marks: Marks;
}

/** What is in sight of how much, or what is selected and can be taken along. */
export function PodsFooter({ cluster, pods, sight, marks }: PodsFooterProps) {
  return (
    <footer className={styles.footer}>
      {marks.rows.length > 0 ? (
        <Selected cluster={cluster} marks={marks} />
      ) : (
        <>
          <span>{pods !== undefined && <InSight pods={pods} sight={sight} />}</span>
          <span className={styles.keys} aria-hidden="true">
            <span>
              <Kbd>J</Kbd>
              <Kbd>K</Kbd> move
            </span>
            <span>
              <Kbd>↵</Kbd> open
            </span>
            <span>
              <Kbd>P</Kbd> peek
            </span>
            <span>
              <Kbd>X</Kbd> select
            </span>
          </span>
        </>
      )}
    </footer>
  );
}

function Selected({ cluster, marks }: { readonly cluster: string; readonly marks: Marks }) {
  const { copyReports, copyYaml } = useCopying(cluster);
  return (
    <>
      <span className={styles.taken}>
        <b>{formatPlural(marks.rows.length, "row")} selected</b>
        <Button size="small" shortcut="C" onClick={() => copyReports(marks.rows)}>
          Copy report
        </Button>
        <Button size="small" shortcut="Y" onClick={() => copyYaml(marks.rows)}>
          Copy YAML
        </Button>
        <Button size="small" variant="ghost" shortcut="esc" onClick={marks.clear}>
          Clear
        </Button>
      </span>
    </>
  );
}

function InSight({ pods, sight }: Pick<PodsFooterProps, "sight"> & { readonly pods: Pods }) {
  const { rowCount, matching, total, judged, largestFold } = pods;
  const last = Math.min(sight.last + 1, rowCount);
  const unjudged = total - judged;
  return (
    <>
      {rowCount === 0
        ? "none"
        : `${formatExactCount(Math.min(sight.first + 1, last))} to ${formatExactCount(last)} of `}
      {rowCount > 0 && <b title={formatExactCount(rowCount)}>{formatCount(rowCount)}</b>}
      {rowCount > 0 && rowCount < matching && ` groups, ${formatPlural(matching, "pod")}`}
      {unjudged > 0 && `, ${formatCount(unjudged)} not judged yet`}
      {largestFold !== undefined && rowCount === matching && (
        <span className={styles.fold}>
          groups fold {formatCount(largestFold.count)} pods of {largestFold.name}
        </span>
      )}
    </>
  );
}
