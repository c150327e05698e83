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
  const { exec } = context;
  const problem = cluster?.problem ?? context.problem;
  if (cluster?.phase === "connected") return { kind: "attached" };
  if (context.problem === undefined && exec !== undefined && !exec.isApproved) {
    return { kind: "needsApproval", command: exec.command, hash: exec.hash };
  }
  if (problem !== undefined) return { kind: "problem", problem };
  return cluster === undefined ? { kind: "free" } : { kind: "starting" };
}

/** The two sentences on top of the page. */
export function headline(
  list: ClusterList,
  rows: readonly ContextRow[],
): { readonly title: string; readonly text: string } {
  if (list.kubeconfigProblem !== undefined && rows.length > 0) {
    const { title, message, hint } = list.kubeconfigProblem;
    return { title: `${title}.`, text: `${message} ${hint}` };
  }
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
    const answers = rows.length === 1 ? "it does not answer" : "none of them answers";
    return { title: "No cluster answers.", text: `${found}, ${answers}. Fix one and retry, or start the demo.` };
  }
  return { title: "Attach a cluster.", text: `${found}. What is attached is only read: nothing is written to it.` };
}

/** What came of the cluster that somebody has just asked to attach: it is opened once it answers. */
export function outcomeOf(
  { clusters }: ClusterList,
  asked: string | undefined,
):
  | { readonly kind: "waiting" }
  | { readonly kind: "open"; readonly id: string }
  | { readonly kind: "failed" }
  | undefined {
  if (asked === undefined) return undefined;
  const cluster = clusters.find(({ id }) => id === asked);
  if (cluster === undefined) return { kind: "waiting" };
  if (cluster.phase === "connected") return { kind: "open", id: asked };
  return cluster.problem === undefined ? { kind: "waiting" } : { kind: "failed" };
}

/** What can be typed elsewhere to see the same failure. */
export function rawError({ name }: KubeContext, { code, message }: Problem): string {
  return `${code}: ${message}\nCheck with: kubectl --context ${quoted(name)} get --raw /readyz`;
}

/** For a POSIX shell; a plain word stays as it is. */
function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/u.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

/** `https://10.4.0.11:6443, oidc oncall@corp.example` */
export function describeContext({ server, auth, user }: KubeContext): string {
  return [server, [auth, user].filter((part) => part !== "").join(" ")].filter((part) => part !== "").join(", ");
}
