import Link from "next/link";
import { pageHref } from "#components/shell/index.ts";
import {
  Provenance,
  QueueLabel,
  Skeleton,
  Spark,
  formatCount,
  formatExactCount,
  queueTones,
  type QueueState,
} from "#components/ui/index.ts";
import type { History, HistoryPoint, HistoryRange, Overview } from "#lib/protocol/index.ts";
import styles from "./counter.module.css";
import { capacityOf, changeSentence } from "./history.model.ts";
import { lanes, meanings } from "./overview.model.ts";

export interface CounterProps {
  readonly cluster: string;
  readonly queue: QueueState;
  readonly overview: Overview | undefined;
  readonly history: History | undefined;
  /** Of the history, oldest first. */
  readonly points: readonly HistoryPoint[];
  readonly range: HistoryRange;
}

/** One station in the life of a pod: how many are there, and how that went. */
export function Counter({ cluster, queue, overview, history, points, range }: CounterProps) {
  const lane = lanes[queue];
  const count = overview?.queue[queue];
  const change = count === undefined ? "" : changeSentence(points, queue, count, history?.asOf ?? 0);
  return (
    <Link
      className={styles.counter}
      href={`${pageHref("/queue", cluster)}${lane === undefined ? "" : `&lane=${lane}`}`}
      data-testid={`counter-${queue}`}
    >
      <span className={styles.head}>
        <QueueLabel queue={queue} />
        <span className={styles.spark}>
          {points.length > 1 && (
            <Spark
              values={points.map((point) => point[queue])}
              capacity={capacityOf(history, range)}
              tone={queueTones[queue]}
              height={22}
              label={`${queue}: ${change}`}
            />
          )}
        </span>
      </span>
      <span className={styles.value}>
        <b title={count === undefined ? undefined : formatExactCount(count)}>
          {count === undefined || overview === undefined ? (
            <Skeleton width={56} height={18} />
          ) : (
            <Provenance of={overview.provenance}>{formatCount(count)}</Provenance>
          )}
        </b>
        <small>{change}</small>
      </span>
      <small>{meanings[queue]}</small>
    </Link>
  );
}
