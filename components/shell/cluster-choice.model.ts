import type { AttentionGroup, Cluster, PodRef } from "#lib/protocol/index.ts";

export type ClusterChoice =
  | { readonly kind: "chosen"; readonly cluster: Cluster }
  /** The address names a cluster that is not attached. */
  | { readonly kind: "unknown"; readonly id: string }
  | { readonly kind: "none" };

export interface ClusterWishes {
  /** By the address. */
  readonly named: string | undefined;
  /** The one that was looked at last. */
  readonly last: string | undefined;
}

/** The named cluster, whatever its state; else the last one; else the first that answers; none when none does. */
export function chooseCluster(clusters: readonly Cluster[], { named, last }: ClusterWishes): ClusterChoice {
  if (named !== undefined) {
    const cluster = clusters.find(({ id }) => id === named);
    return cluster === undefined ? { kind: "unknown", id: named } : { kind: "chosen", cluster };
  }
  const answering = clusters.filter(({ phase }) => phase !== "failed" && phase !== "stopped");
  const cluster =
    answering.find(({ id }) => id === last) ?? answering.find(({ phase }) => phase === "connected") ?? answering[0];
  return cluster === undefined ? { kind: "none" } : { kind: "chosen", cluster };
}

/** Two letters that stand for a name: `prod-eu-1` is PE, `demo` is D. */
export function initialsOf(name: string): string {
  const words = name.split(/[^a-zA-Z0-9]+/u).filter((word) => word !== "");
  return words
    .slice(0, 2)
    .map((word) => word.charAt(0).toUpperCase())
    .join("");
}

/** The address of the page of one pod: this very one, not another that has its name. */
export function podHref(cluster: string | undefined, { namespace, name, uid }: PodRef): string {
  const query = `ns=${encodeURIComponent(namespace)}&name=${encodeURIComponent(name)}&uid=${encodeURIComponent(uid)}`;
  return `${pageHref("/pod", cluster)}&${query}`;
}

/** The pods of one workload and verdict, one by one. */
export function groupHref(
  cluster: string | undefined,
  { code, namespace, workload }: Pick<AttentionGroup, "code" | "namespace" | "workload">,
): string {
  const named = workload === undefined ? "" : `&q=${encodeURIComponent(workload.name)}`;
  return `${pageHref("/pods", cluster)}&v=${code}&ns=${encodeURIComponent(namespace)}${named}`;
}

/** The address of a page, for a cluster. */
export function pageHref(path: string, cluster: string | undefined): string {
  return cluster === undefined ? path : `${path}?cluster=${encodeURIComponent(cluster)}`;
}
