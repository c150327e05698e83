"use client";
import { useTopic } from "#components/live/index.ts";
import { Page, useCluster } from "#components/shell/index.ts";
import { EmptyState, useShortcut } from "#components/ui/index.ts";
import dynamic from "next/dynamic";
import { InformerDetail } from "./informer-detail.tsx";
import { InformerList, InformerListSkeleton } from "./informer-list.tsx";
import { sortInformers } from "./informer-list.model.ts";
import styles from "./informers-view.module.css";
import { useInformersAddress } from "./use-informers-address.ts";

const AddHandlerDialog = dynamic(() => import("./add-handler-dialog.tsx").then((module) => module.AddHandlerDialog));

const noView = {};

/** The informers of this server on a cluster, and who is registered on each. */
export function InformersView() {
  const cluster = useCluster();
  const { address, go } = useInformersAddress();
  const informers = useTopic(cluster.id, "informers", noView);
  useShortcut({ keys: "a", label: "Add handler", group: "Informers" }, () => void go({ add: "1" }));

  const rows = informers.phase === "live" ? sortInformers(informers.value.informers) : [];
  const selected = address.resource ?? rows[0]?.key;
  const isAdding = address.add === "1";
  return (
    <Page
      title="Informers"
      context={`${cluster.name}, the informers of this server: one per resource, shared by all handlers`}
      className={styles.page}
    >
      {informers.phase === "loading" && <InformerListSkeleton />}
      {informers.phase === "closed" && <div />}
      {informers.phase === "live" && (
        <InformerList
          rows={rows}
          selected={selected}
          onSelect={(resource) => void go({ resource, handler: null, tail: null, line: null })}
          onAdd={() => void go({ add: "1" })}
          owners={informers.value.owners}
          filter={address.find ?? undefined}
          onFilter={(find) => void go({ find: find ?? null }, { history: "replace" })}
        />
      )}
      {informers.phase === "closed" && (
        <EmptyState title={`${informers.problem.title}.`}>
          {informers.problem.message} {informers.problem.hint}
        </EmptyState>
      )}
      {informers.phase !== "closed" && (selected !== undefined || informers.phase === "loading") && (
        <InformerDetail key={selected} informer={selected} />
      )}
      {informers.phase === "live" && selected === undefined && (
        <EmptyState title="No informer runs.">Add a handler: its informer starts with it.</EmptyState>
      )}
      {isAdding && informers.phase === "live" && (
        <AddHandlerDialog
          cluster={cluster.id}
          informers={rows}
          selected={selected}
          added={informers.value.added}
          onClose={() => void go({ add: null })}
          onAdded={(resource, handler) => void go({ add: null, resource, ...handler })}
        />
      )}
    </Page>
  );
}
