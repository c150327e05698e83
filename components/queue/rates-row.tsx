import type { Lanes, Overview } from "#lib/protocol/index.ts";
import { formatExactCount, formatRate, Provenance } from "#components/ui/index.ts";
import styles from "./control-row.module.css";
import { SchedulerFacts } from "./scheduler-facts.tsx";

export interface RatesRowProps {
  readonly overview: Overview;
  readonly lanes: Lanes | undefined;
}

/** Where somebody else schedules, there is nothing to steer: how fast it goes, and whose word that is. */
export function RatesRow({ overview, lanes }: RatesRowProps) {
  const { provenance, scheduler, eventsPerSecond, queue } = overview;
  const rate = (perSecond: number | undefined): string => (perSecond === undefined ? "…" : formatRate(perSecond));
  return (
    <section className={styles.rates} aria-label="Rates">
      <Rate label="out of activeQ" text={rate(lanes?.active.outPerSecond)} provenance={provenance} />
      <Rate label="into unschedulable" text={rate(lanes?.unschedulable.inPerSecond)} provenance={provenance} />
      <Rate label="in flight" text={formatExactCount(queue.inFlight)} provenance={provenance} />
      <Rate label="watch events" text={formatRate(eventsPerSecond)} provenance="observed" />
      <span className={styles.step}>
        {scheduler === undefined ? "no scheduler is known" : <SchedulerFacts cluster={overview.cluster.id} />}
      </span>
    </section>
  );
}

interface RateProps {
  readonly label: string;
  readonly text: string;
  readonly provenance: Overview["provenance"];
}

function Rate({ label, text, provenance }: RateProps) {
  return (
    <span>
      {label}{" "}
      <Provenance of={provenance}>
        <b>{text}</b>
      </Provenance>
    </span>
  );
}
