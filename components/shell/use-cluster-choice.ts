"use client";
import { useQueryState } from "nuqs";
import { useEffect, useState } from "react";
import { useClusterList } from "#components/live/index.ts";
import { chooseCluster, type ClusterChoice } from "./cluster-choice.model.ts";

const lastKey = "kube-inflight.cluster";
/** Clusters come and go seldom; the state of the one on the page is live anyway. */
const refetchMs = 10_000;

export type ChosenCluster =
  | ClusterChoice
  | { readonly kind: "loading" }
  | { readonly kind: "failed"; readonly error: Error; readonly retry: () => void };

/** The cluster that the address names, or the one to show when it names none. */
export function useClusterChoice(): ChosenCluster {
  const [named] = useQueryState("cluster");
  const [last] = useState(() => localStorage.getItem(lastKey) ?? undefined);
  const list = useClusterList({ refetchMs });
  const choice: ChosenCluster =
    list.data === undefined
      ? { kind: "loading" }
      : chooseCluster(list.data.clusters, { named: named ?? undefined, last });

  const chosen = choice.kind === "chosen" ? choice.cluster.id : undefined;
  useEffect(() => {
    if (chosen !== undefined) localStorage.setItem(lastKey, chosen);
  }, [chosen]);

  if (list.data === undefined && list.error !== null) {
    return { kind: "failed", error: list.error, retry: () => void list.refetch() };
  }
  return choice;
}
