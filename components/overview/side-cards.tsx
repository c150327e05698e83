"use client";
import Link from "next/link";
import { useNow, useTopic } from "#components/live/index.ts";
import { sortInformers, StateMark, stateOf } from "#components/informers/index.ts";
import { pageHref } from "#components/shell/index.ts";
import { AreaChart, Card, CardLink, formatCount, formatPlural, formatRate, Skeleton } from "#components/ui/index.ts";
import type { History, HistoryPoint, HistoryRange, Overview } from "#lib/protocol/index.ts";
import { listLengthSentence, pinnedBy, rangeMs } from "./history.model.ts";
import { rejectorRows } from "./overview.model.ts";
import styles from "./side-cards.module.css";

interface OfCluster {
  readonly cluster: string;
  readonly overview: Overview | undefined;
}

/** Which plugins hold the pods that wait, most of them first. */
export function RejectingPlugins({ cluster, overview }: OfCluster) {
  const rows = overview === undefined ? [] : rejectorRows(overview.rejectors);
  return (
    <Card title="Rejecting plugins" actions={<span className={styles.aside}>pods</span>} className={styles.card}>
      {rows.length === 0 ? (
        <p className={styles.empty}>
          {overview === undefined ? <Skeleton width={180} /> : "No pod waits because a plugin rejected it."}
        </p>
      ) : (
        <ul className={styles.plugins}>
          {rows.map(({ plugin, count, share }) => (
            <li key={plugin}>
              <Link href={`${pageHref("/pods", cluster)}&plugin=${encodeURIComponent(plugin)}`}>
                <code>{plugin}</code>
                <span className={styles.track} aria-hidden="true">
                  <i style={{ width: `${share * 100}%` }} />
                </span>
                <b>{formatCount(count)}</b>
              </Link>
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}

const shownInformers = 6;
const noView = {};

/** Those that have something to say first: what the rest of the page rests on. */
export function InformersCard({ cluster, overview }: OfCluster) {
  const topic = useTopic(cluster, "informers", noView);
  const now = useNow();
  const rows = topic.phase === "live" ? sortInformers(topic.value.informers) : [];
  const states = rows.map((row) => ({ row, state: stateOf(row, now) }));
  const troubled = states.filter(({ state }) => state.word !== undefined);
  const shown = new Set([...troubled, ...states].slice(0, Math.max(shownInformers, troubled.length)));
  const informers = overview?.informers;
  return (
    <Card
      title="Informers"
      context={informers === undefined ? "" : `${informers.watching} of ${informers.total} watching`}
      actions={<CardLink href={pageHref("/informers", cluster)}>objects, events</CardLink>}
      className={styles.card}
    >
      <ul className={styles.informers}>
        {states
          .filter((each) => shown.has(each))
          .map(({ row, state }) => (
            <li key={row.key}>
              <Link href={`${pageHref("/informers", cluster)}&resource=${encodeURIComponent(row.key)}`}>
                <StateMark shape={state.shape} />
                <code>{row.resource}</code>
                {state.word === undefined ? (
                  <>
                    <b>{formatCount(row.objects)}</b>
                    <small>{formatRate(row.eventsPerSecond)}</small>
                  </>
                ) : (
                  <span className={styles[state.shape]}>{state.word}</span>
                )}
              </Link>
            </li>
          ))}
      </ul>
    </Card>
  );
}

interface EventListLengthProps {
  readonly overview: Overview | undefined;
  readonly history: History | undefined;
  /** Of the history, oldest first. */
  readonly points: readonly HistoryPoint[];
  readonly range: HistoryRange;
}

/** How long the list of concurrent events was: it grows while the oldest pod in flight holds it. */
export function EventListLength({ overview, history, points, range }: EventListLengthProps) {
  const now = useNow(15_000);
  const length = overview?.eventListLength ?? 0;
  const pods = overview?.queue.inFlight ?? 0;
  const pin = history === undefined ? undefined : pinnedBy(history);
  const samples = points.map(({ at, listLengthMax }) => ({ at, value: listLengthMax }));
  return (
    <Card
      title="Event list length"
      actions={
        <span className={styles.aside}>
          <b>{formatCount(length)}</b> held for {formatPlural(pods, "marker")}
        </span>
      }
      className={`${styles.card} ${styles.chart}`}
    >
      <AreaChart
        samples={samples}
        from={now - rangeMs[range]}
        to={now}
        tone="fly"
        label={listLengthSentence(points, length, pin)}
        note={pin}
      />
    </Card>
  );
}
