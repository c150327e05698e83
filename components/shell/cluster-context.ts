"use client";
import { createContext, useContext } from "react";
import type { Cluster } from "#lib/protocol/index.ts";

export const ClusterContext = createContext<Cluster | undefined>(undefined);

/** The cluster of this page. Views below the shell have one; its live state is in the `overview` topic. */
export function useCluster(): Cluster {
  const cluster = useContext(ClusterContext);
  if (cluster === undefined) throw new Error("no cluster above: the shell draws a page only when it has one");
  return cluster;
}
