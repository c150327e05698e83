import { formatPlural } from "#components/ui/index.ts";
import type { Cluster, ClusterList, KubeContext, Problem } from "#lib/protocol/index.ts";

/** A context, and what became of it when it was attached. */
export interface ContextRow {
  readonly context: KubeContext;
  readonly state:
    | { readonly kind: "free" }
    | { readonly kind: "starting" }
    | { readonly kind: "attached" }
    | { readonly kind: "needsApproval"; readonly command: string; readonly hash: string }
    | { readonly kind: "problem"; readonly problem: Problem };
}

/** The current context first, then those of the kubeconfig in its order. */
export function contextRows({ contexts, clusters }: ClusterList): readonly ContextRow[] {
  const byId = new Map(clusters.map((cluster) => [cluster.id, cluster]));
  const rows = contexts.map((context) => ({ context, state: stateOf(context, byId.get(context.id)) }));
  return [...rows.filter(({ context }) => context.isCurrent), ...rows.filter(({ context }) => !context.isCurrent)];
}

function stateOf(context: KubeContext, cluster: Cluster | undefined): ContextRow["state"] {
  const problem = cluster?.problem ?? context.problem;
  if (cluster?.phase === "connected") return { kind: "attached" };
  if (problem !== undefined) return { kind: "problem", problem };
  if (cluster !== undefined) return { kind: "starting" };
  const { exec } = context;
  return exec !== undefined && !exec.isApproved
    ? { kind: "needsApproval", command: exec.command, hash: exec.hash }
    : { kind: "free" };
}

/** The two sentences on top of the page. */
export function headline(
  list: ClusterList,
  rows: readonly ContextRow[],
): { readonly title: string; readonly text: string } {
  if (list.kubeconfigProblem !== undefined || rows.length === 0) {
    const title = "No kubeconfig found.";
    const { message, hint } = list.kubeconfigProblem ?? { message: "", hint: "Start the demo." };
    const rest = message.replace(title, "").trim(); // said once is enough
    return { title, text: [rest, hint].filter((part) => part !== "").join(" ") };
  }
  const found = `${formatPlural(rows.length, "context")} found in the kubeconfig`;
  const attached = rows.filter(({ state }) => state.kind === "attached").length;
  const failed = rows.filter(({ state }) => state.kind === "problem").length;
  if (attached > 0) return { title: "Attach a cluster.", text: `${found}, ${attached} attached.` };
  if (failed === rows.length) {
    return {
      title: "No cluster answers.",
      text: `${found}, none of them answers. Fix one and retry, or start the demo.`,
    };
  }
  return { title: "Attach a cluster.", text: `${found}. What is attached is only read: nothing is written to it.` };
}

/** `https://10.4.0.11:6443, oidc oncall@corp.example` */
export function describeContext({ server, auth, user }: KubeContext): string {
  return [server, [auth, user].filter((part) => part !== "").join(" ")].filter((part) => part !== "").join(", ");
}
