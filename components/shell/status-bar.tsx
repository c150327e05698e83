"use client";
import { useClock, useConnection, useTopic, type ConnectionState } from "#components/live/index.ts";
import { Skeleton, formatClock, formatCount, formatDuration, formatRate, formatZone } from "#components/ui/index.ts";
import type { Cluster, ClusterPhase } from "#lib/protocol/index.ts";
import styles from "./status-bar.module.css";

const noView = {};

const phaseWords = {
  starting: "starting",
  connected: "connected",
  reconnecting: "reconnecting",
  failed: "failed",
  stopped: "stopped",
} as const satisfies Record<ClusterPhase, string>;

/** The place to look for "is this live?". */
export function StatusBar({ cluster }: { readonly cluster: Cluster | undefined }) {
  const connection = useConnection().state;
  return (
    <footer className={styles.footer}>
      {/* oxlint-disable-next-line jsx-a11y/prefer-tag-over-role -- a status that is never read out by itself */}
      <div className={styles.bar} role="status" aria-live="off">
        {cluster === undefined ? (
          <ServerPart connection={connection} />
        ) : (
          <ClusterPart cluster={cluster} connection={connection} />
        )}
        <Clock />
      </div>
    </footer>
  );
}

function ServerPart({ connection }: { readonly connection: ConnectionState }) {
  return (
    <>
      <span>
        <i className={styles.dot} data-state="none" />
        <b>no cluster</b>
      </span>
      <span>
        server <b>{connection.phase === "connected" ? "ready" : connection.phase}</b>
      </span>
      <span className={styles.space} />
    </>
  );
}

interface ClusterPartProps {
  readonly cluster: Cluster;
  readonly connection: ConnectionState;
}

function ClusterPart({ cluster, connection }: ClusterPartProps) {
  const overview = useTopic(cluster.id, "overview", noView);
  const value = overview.phase === "live" ? overview.value : undefined;
  const phase = value?.cluster.phase ?? cluster.phase;
  const isLost = connection.phase !== "connected";
  const state = isLost ? "reconnecting" : phase;
  if (connection.phase === "lost")
    return <LostPart since={connection.since} resourceVersion={value?.resourceVersion} />;
  return (
    <>
      <span>
        <i className={styles.dot} data-state={state} />
        <b>{cluster.name}</b> {isLost ? "reconnecting" : phaseWords[phase]}
      </span>
      <span>
        informers <b>{value === undefined ? <Skeleton width={80} /> : watching(value.informers)}</b>
      </span>
      <span>
        events <b className={styles.rate}>{value === undefined ? "" : formatRate(value.eventsPerSecond)}</b>
      </span>
      {value?.watchLagP99Ms !== undefined && (
        <span className={styles.wide}>
          watch lag p99 <b className={styles.lag}>{formatDuration(value.watchLagP99Ms)}</b>
        </span>
      )}
      <span className={styles.wide}>
        event list <b>{value === undefined ? "" : formatCount(value.eventListLength)}</b>
      </span>
      <span className={styles.space} />
      {value?.resourceVersion !== undefined && (
        <span className={styles.wide}>
          rv <b className={styles.mono}>{value.resourceVersion}</b>
        </span>
      )}
      {value?.scheduler !== undefined && (
        <span className={styles.wide} title={value.scheduler.isModelled ? undefined : "This version is not modelled"}>
          {value.scheduler.name} <b>{value.scheduler.version ?? ""}</b>
          {!value.scheduler.isModelled && " not modelled"}
        </span>
      )}
    </>
  );
}

interface LostPartProps {
  readonly since: number;
  readonly resourceVersion: string | undefined;
}

/** Nothing is claimed of what cannot be heard of. */
function LostPart({ since, resourceVersion }: LostPartProps) {
  return (
    <>
      <span>
        <i className={styles.dot} data-state="reconnecting" />
        <b>reconnecting</b>
      </span>
      <span>
        data from <b>{formatClock(since)}</b>
      </span>
      <span>
        informers <b>unknown</b>
      </span>
      <span className={styles.space} />
      {resourceVersion !== undefined && (
        <span className={styles.wide}>
          rv <b className={styles.mono}>{resourceVersion}</b>
        </span>
      )}
    </>
  );
}

function watching({ watching, total }: { readonly watching: number; readonly total: number }): string {
  return `${watching} of ${total} watching`;
}

function Clock() {
  const now = useClock();
  if (now === 0) return <span className={styles.clock} />;
  return (
    <span className={styles.clock} title={new Date(now).toISOString()}>
      <b>{formatClock(now)}</b> {formatZone(now)}
    </span>
  );
}
