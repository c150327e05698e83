"use client";
import { useQuery } from "@tanstack/react-query";
import { lineObjectOf } from "#components/live/index.ts";
import { Button, Skeleton } from "#components/ui/index.ts";
import styles from "./line-object.module.css";

export interface LineObjectProps {
  readonly cluster: string;
  readonly handler: number;
  /** Number of the line. */
  readonly seq: number;
}

/** The object of one notification, as it was then and as far as it is kept. */
export function LineObject({ cluster, handler, seq }: LineObjectProps) {
  const line = useQuery(lineObjectOf(cluster, handler, seq));
  if (line.data !== undefined) {
    return (
      // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls must be reachable by keyboard
      <pre className={styles.object} tabIndex={0} aria-label="The object as JSON">
        {JSON.stringify(line.data.object, null, 2)}
      </pre>
    );
  }
  if (line.error !== null) {
    return (
      <div className={styles.missing}>
        <p>{line.error.message}</p>
        <Button size="small" onClick={() => void line.refetch()}>
          Try again
        </Button>
      </div>
    );
  }
  return (
    <div className={styles.missing} aria-busy="true">
      <Skeleton width={220} />
      <Skeleton width={160} />
    </div>
  );
}
