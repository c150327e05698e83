import { Skeleton } from "#components/ui/index.ts";
import { measures, rowsHeight, type Density } from "./geometry.model.ts";
import styles from "./queue-skeleton.module.css";

const rowsAtFirst = 5;
const laneRows = 11;

export function ControlRowSkeleton() {
  return (
    <div className={styles.control}>
      <Skeleton width={124} height={30} />
      <Skeleton width={112} height={30} />
    </div>
  );
}

/** The card as high as it will be. */
export function EventListSkeleton({ density }: { readonly density: Density }) {
  const { headHeight } = measures[density];
  return (
    <section className={styles.card} aria-label="Concurrent events" aria-busy="true">
      <header className={styles.header}>
        <h2>Concurrent events</h2>
        <span>Waiting for the first picture</span>
      </header>
      <div className={styles.rows} style={{ height: headHeight + rowsHeight(rowsAtFirst), paddingTop: headHeight }}>
        {Array.from({ length: rowsAtFirst }, (_, index) => (
          <Skeleton key={index} width={150} />
        ))}
      </div>
      <div className={styles.strip} />
    </section>
  );
}

export function LanesSkeleton({ density }: { readonly density: Density }) {
  const lanes = density === "narrow" ? 1 : 4;
  return (
    <section className={styles[density === "narrow" ? "one" : "lanes"]} aria-busy="true" aria-label="Queues">
      {Array.from({ length: lanes }, (_, lane) => (
        <div key={lane} className={styles.lane}>
          {Array.from({ length: laneRows }, (_, row) => (
            <Skeleton key={row} width={`${78 - ((row * 17 + lane * 11) % 40)}%`} />
          ))}
        </div>
      ))}
    </section>
  );
}
