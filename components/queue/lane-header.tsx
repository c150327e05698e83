import {
  Glyph,
  Histogram,
  Provenance,
  type Tone,
  formatCount,
  formatExactCount,
  formatRate,
  queueNames,
} from "#components/ui/index.ts";
import type { Lane, LaneName, Provenance as ProvenanceKind } from "#lib/protocol/index.ts";
import { axisOf, histogramFinding, laneOrders, strongFrom } from "./lane.model.ts";
import styles from "./lane-header.module.css";
import { PodsOfQueue } from "./pods-of-queue.tsx";

const tones = { active: "act", backoff: "back", unschedulable: "uns" } as const satisfies Record<LaneName, Tone>;

export interface LaneHeaderProps {
  readonly name: LaneName;
  readonly lane: Lane;
  readonly provenance: ProvenanceKind;
}

/** How many, how fast they come and go, and how old they are. */
export function LaneHeader({ name, lane, provenance }: LaneHeaderProps) {
  const [from, to] = axisOf(name, lane);
  return (
    <header className={styles.header}>
      <div className={styles.title}>
        <Glyph state={name} />
        <h3>{queueNames[name]}</h3>
        <span className={styles.rates} title="pods that came in and went out per second">
          <Provenance of={provenance}>
            <b>+{formatRate(lane.inPerSecond)}</b> −{formatRate(lane.outPerSecond)}
          </Provenance>
        </span>
      </div>
      <div className={styles.numbers}>
        <strong title={formatExactCount(lane.count)}>
          <PodsOfQueue queue={name}>
            <Provenance of={provenance}>{formatCount(lane.count)}</Provenance>
          </PodsOfQueue>
        </strong>
        <span className={styles.order}>
          {lane.of !== undefined && `of ${formatCount(lane.of)}, `}
          {laneOrders[name]}
        </span>
        <Histogram
          buckets={lane.histogram}
          tone={tones[name]}
          from={from}
          to={to}
          width={104}
          label={histogramFinding(name, lane)}
          strongFrom={strongFrom(name)}
        />
      </div>
    </header>
  );
}
