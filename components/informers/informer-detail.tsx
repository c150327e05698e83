"use client";
import { useNow, useOfflineReason, useTopic } from "#components/live/index.ts";
import { useCluster } from "#components/shell/index.ts";
import { Button, EmptyState, Skeleton, formatDuration } from "#components/ui/index.ts";
import type { Informer } from "#lib/protocol/index.ts";
import { Forbidden } from "./forbidden.tsx";
import styles from "./informer-detail.module.css";
import { InformerProblem } from "./informer-problem.tsx";
import { Pipeline, PipelineSkeleton } from "./pipeline.tsx";
import { Registrations, RegistrationsSkeleton } from "./registrations.tsx";
import { hasTail } from "./registrations.model.ts";
import { TailDrawer } from "./tail-drawer.tsx";
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
      return informer.value.row.problem?.code === "forbidden" && !informer.value.row.hasSynced ? (
        <Forbidden informer={informer.value} problem={informer.value.row.problem} />
      ) : (
        <LiveDetail informer={informer.value} />
      );
    default:
      return informer satisfies never;
  }
}

function LiveDetail({ informer }: { readonly informer: Informer }) {
  const cluster = useCluster();
  const { address, go } = useInformersAddress();
  const { relist, replay, isBusy } = useInformerCommands(cluster.id, informer.row);
  const offline = useOfflineReason();
  const { row } = informer;
  const selected = address.handler ?? undefined;
  const registration = selected === undefined ? undefined : informer.registrations[selected];
  const isTailShown = registration !== undefined && hasTail(registration) && address.tail !== null;
  return (
    <div className={styles.detail}>
      <header className={styles.header}>
        <h2>{row.resource}</h2>
        <p className={styles.context}>
          {row.groupVersion}, {row.fieldSelector ?? "all namespaces"}, started <StartedAgo at={informer.startedAt} />
        </p>
        <Button
          size="small"
          title="Delivers the cache again to every handler; the server is not asked"
          isPending={isBusy}
          disabledReason={offline}
          onClick={replay}
        >
          Replay cache
        </Button>
        <Button
          size="small"
          title="Asks the server for everything again"
          isPending={isBusy}
          disabledReason={offline}
          onClick={relist}
        >
          Relist now
        </Button>
      </header>
      {row.problem !== undefined && <InformerProblem row={row} problem={row.problem} />}
      <Pipeline informer={informer} />
      <Registrations
        informer={informer}
        selected={selected}
        onSelect={(handler) => void go({ handler, tail: handler === null ? null : (address.tail ?? "summary") })}
        onAdd={() => void go({ add: "1" })}
      />
      {isTailShown && (
        <TailDrawer
          key={registration.id}
          cluster={cluster.id}
          registration={registration}
          mode={address.tail ?? "summary"}
          onMode={(tail) => void go({ tail }, { history: "replace" })}
          onClose={() => void go({ handler: null, tail: null })}
        />
      )}
    </div>
  );
}

function StartedAgo({ at }: { readonly at: number }) {
  const now = useNow();
  return <time dateTime={new Date(at).toISOString()}>{formatDuration(now - at)} ago</time>;
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
