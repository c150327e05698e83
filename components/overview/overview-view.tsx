"use client";
import { parseAsStringLiteral, useQueryState } from "nuqs";
import { useTopic } from "#components/live/index.ts";
import { Page, useCluster } from "#components/shell/index.ts";
import { EmptyState, Segmented, Skeleton } from "#components/ui/index.ts";
import type { Overview } from "#lib/protocol/index.ts";
import { Counter } from "./counter.tsx";
import { lifeOfAPod, proportions, situation } from "./overview.model.ts";
import styles from "./overview-view.module.css";
import { EventListLength, InformersCard, RejectingPlugins } from "./side-cards.tsx";

const noView = {};
const ranges = ["15m", "1h", "6h"] as const;

/** What is waiting, and where: one sentence, then the numbers that support it. */
export function OverviewView() {
  const cluster = useCluster();
  const [range, setRange] = useQueryState("range", parseAsStringLiteral(ranges).withDefault("15m"));
  const overview = useTopic(cluster.id, "overview", noView);
  const history = useTopic(cluster.id, "history", { range });
  const value = overview.phase === "live" ? overview.value : undefined;
  const past = history.phase === "live" ? history.value : undefined;
  return (
    <Page title="Overview" context={value === undefined ? cluster.name : contextOf(value)}>
      {overview.phase === "closed" ? (
        <EmptyState title={`${overview.problem.title}.`}>
          {overview.problem.message} {overview.problem.hint}
        </EmptyState>
      ) : (
        <div className={styles.overview} aria-busy={value === undefined || undefined}>
          <div className={styles.top}>
            <Situation overview={value} />
            <Segmented
              label="How far back"
              value={range}
              options={ranges.map((each) => ({ value: each, label: each }))}
              onChange={(next) => void setRange(next)}
            />
          </div>
          <ul className={styles.counters}>
            {lifeOfAPod.map((queue) => (
              <li key={queue}>
                <Counter cluster={cluster.id} queue={queue} overview={value} history={past} range={range} />
              </li>
            ))}
          </ul>
          <div className={styles.cards}>
            <RejectingPlugins overview={value} />
            <InformersCard cluster={cluster.id} overview={value} />
            <EventListLength overview={value} history={past} range={range} />
          </div>
        </div>
      )}
    </Page>
  );
}

function contextOf({ cluster }: Overview): string {
  return [cluster.name, cluster.version].filter((part) => part !== undefined).join(", ");
}

function Situation({ overview }: { readonly overview: Overview | undefined }) {
  if (overview === undefined) {
    return (
      <div className={styles.situation}>
        <h2>
          <Skeleton width={520} height={18} />
        </h2>
        <div className={styles.bar} />
      </div>
    );
  }
  const { sentence, context } = situation(overview);
  return (
    <div className={styles.situation}>
      <h2 data-testid="overview-sentence">
        {sentence}
        {context !== "" && <small>{context}</small>}
      </h2>
      <div className={styles.bar} aria-hidden="true">
        {proportions(overview.queue).map(({ queue, count }) => (
          <i key={queue} className={styles[queue]} style={{ flexGrow: count }} />
        ))}
      </div>
    </div>
  );
}
