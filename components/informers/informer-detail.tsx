"use client";
import { useNow, useOfflineReason, useTopic } from "#components/live/index.ts";
import { useCluster } from "#components/shell/index.ts";
import { Button, EmptyState, Skeleton, formatClock, formatDuration } from "#components/ui/index.ts";
import type { Informer, InformerRow } from "#lib/protocol/index.ts";
import { Forbidden } from "./forbidden.tsx";
import { HandlerDrawer } from "./handler-drawer.tsx";
import styles from "./informer-detail.module.css";
import { InformerProblem } from "./informer-problem.tsx";
import { Pipeline, PipelineSkeleton } from "./pipeline.tsx";
import { Registrations, RegistrationsSkeleton } from "./registrations.tsx";
import { hasTail } from "./registrations.model.ts";
import type { TailMode } from "./tail.model.ts";
import { useInformerCommands } from "./use-informer-commands.ts";
import { useInformersAddress } from "./use-informers-address.ts";

/** One informer: what it does, and who is registered on it. */
export function InformerDetail({ informer: key }: { readonly informer: string | undefined }) {
  const cluster = useCluster();
  const informer = useTopic(cluster.id, "informer", key === undefined ? undefined : { informer: key });
  switch (informer.phase) {
    case "loading":
      return <DetailSkeleton name={key} />;
    case "closed":
      return (
        <EmptyState title={`${informer.problem.title}.`}>
          {informer.problem.message} {informer.problem.hint}
        </EmptyState>
      );
    case "live":
      return isForbidden(informer.value.row) ? (
        <Forbidden informer={informer.value} />
      ) : (
        <LiveDetail informer={informer.value} />
      );
    default:
      return informer satisfies never;
  }
}

/** What is there stays: only an informer that has nothing to show is replaced by what it takes to be allowed. */
function isForbidden({ problem, forbidden, hasSynced }: InformerRow): boolean {
  return !hasSynced && (forbidden !== undefined || problem?.code === "forbidden");
}

function LiveDetail({ informer }: { readonly informer: Informer }) {
  const cluster = useCluster();
  const { address, go } = useInformersAddress();
  const { row } = informer;
  const selected = address.handler ?? undefined;
  const registration = selected === undefined ? undefined : informer.registrations[selected];
  const hasProblem = row.watchLost !== undefined || row.problem !== undefined;
  return (
    <div className={styles.detail}>
      <header className={styles.header}>
        <h2>{row.resource}</h2>
        {hasProblem ? <InformerProblem informer={informer} /> : <Context informer={informer} />}
        <Commands row={row} />
      </header>
      <Pipeline informer={informer} />
      <Registrations
        informer={informer}
        selected={selected}
        onSelect={(handler) => void go({ handler, tail: tailOf(informer, handler, address.tail), line: null })}
        onAdd={() => void go({ add: "1" })}
      />
      {registration !== undefined && (
        <HandlerDrawer
          key={registration.id}
          cluster={cluster.id}
          row={row}
          registration={registration}
          mode={address.tail}
          onMode={(tail) => void go({ tail, line: null }, { history: "replace" })}
          line={address.line ?? undefined}
          onLine={(line) => void go({ line })}
          onClose={() => void go({ handler: null, tail: null, line: null })}
        />
      )}
    </div>
  );
}

/** A handler with a tail is shown as the last one was; of the others there is no tail. */
function tailOf({ registrations }: Informer, handler: number | null, shown: TailMode | null): TailMode | null {
  const registration = handler === null ? undefined : registrations[handler];
  if (registration === undefined || !hasTail(registration)) return null;
  return shown ?? (registration.kind === "diff" ? "diff" : "summary");
}

function Context({ informer: { row, startedAt } }: { readonly informer: Informer }) {
  const now = useNow();
  return (
    <p className={styles.context}>
      {row.groupVersion}, {row.namespace ?? "all namespaces"}
      {row.fieldSelector !== undefined && <>, {row.fieldSelector}</>}, started{" "}
      <time dateTime={new Date(startedAt).toISOString()}>{formatDuration(now - startedAt)} ago</time>
      {row.freshAt !== undefined && <>, fresh as of {formatClock(row.freshAt)}</>}
    </p>
  );
}

function Commands({ row }: { readonly row: InformerRow }) {
  const cluster = useCluster();
  const { verify, replay, relist } = useInformerCommands(cluster.id, row);
  const offline = useOfflineReason();
  const busy = row.hasSynced ? undefined : "The first list is still under way.";
  return (
    <>
      <Button
        size="small"
        title="Compares the store with a new list, by uid and version"
        isPending={verify.isPending}
        disabledReason={offline ?? busy}
        onClick={verify.run}
      >
        Verify
      </Button>
      <Button
        size="small"
        title="Delivers the cache again to every handler; the server is not asked"
        isPending={replay.isPending}
        disabledReason={offline ?? busy}
        onClick={() => replay.run()}
      >
        Replay cache
      </Button>
      <Button
        size="small"
        title="Asks the server for everything again"
        isPending={relist.isPending}
        disabledReason={offline}
        onClick={relist.run}
      >
        Relist now
      </Button>
    </>
  );
}

function DetailSkeleton({ name }: { readonly name: string | undefined }) {
  return (
    <div className={styles.detail} aria-busy="true">
      <header className={styles.header}>
        <h2>{name?.slice(name.lastIndexOf("/") + 1) ?? <Skeleton width={90} />}</h2>
        <p className={styles.context}>Loading</p>
      </header>
      <PipelineSkeleton />
      <RegistrationsSkeleton />
    </div>
  );
}
