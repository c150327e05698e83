import { z } from "zod";

/** Milliseconds since the Unix epoch on the server's clock. */
export const instant = z.number();

/**
 * Where a fact comes from. `observed`: the API said so. `measured`: kube-scheduler's own metrics. `simulated`: our
 * queue computed it. `actual`: our scheduler did it, in an embedded or driven cluster.
 */
export const provenance = z.enum(["observed", "measured", "simulated", "actual"]);
export type Provenance = z.infer<typeof provenance>;

export const clusterMode = z.enum(["embedded", "shadow"]);
export type ClusterMode = z.infer<typeof clusterMode>;

/** A failure in the words of the page: what happened, why, what to do. */
export const problem = z.object({
  code: z.string(),
  /** Two words: "Connection refused". */
  title: z.string(),
  message: z.string(),
  /** What to do about it. */
  hint: z.string(),
  /** Pods that may have been meant, where a name was not found. */
  nearest: z.array(z.object({ namespace: z.string(), name: z.string() })).optional(),
});
export type Problem = z.infer<typeof problem>;

export const clusterPhase = z.enum(["starting", "connected", "reconnecting", "failed", "stopped"]);
export type ClusterPhase = z.infer<typeof clusterPhase>;

export const cluster = z.object({
  /** Slug of the context, unique on this server, stable over restarts. */
  id: z.string(),
  name: z.string(),
  mode: clusterMode,
  phase: clusterPhase,
  problem: problem.optional(),
  /** Of the API server, e.g. `https://127.0.0.1:6443`. */
  server: z.string(),
  /** `v1.36.3`. */
  version: z.string().optional(),
  user: z.string().optional(),
  /** What an embedded cluster plays: a name of `scenarios`. */
  scenario: z.string().optional(),
});
export type Cluster = z.infer<typeof cluster>;

/** One context of the kubeconfig, attached or not. */
export const kubeContext = z.object({
  id: z.string(),
  name: z.string(),
  server: z.string(),
  user: z.string(),
  auth: z.string(),
  isCurrent: z.boolean(),
  /** Set when the context cannot be used as it stands. */
  problem: problem.optional(),
  /** The command line that signing in would run; attaching needs `approveExec` with its hash. */
  exec: z.object({ command: z.string(), hash: z.string(), isApproved: z.boolean() }).optional(),
});
export type KubeContext = z.infer<typeof kubeContext>;
