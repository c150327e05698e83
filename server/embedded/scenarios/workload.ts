import type { JsonObject } from "#lib/protocol/index.ts";
import { runSecondsAnnotation } from "../controllers/kubelet.ts";

/** A workload in a few words: what its pods ask for and where they may go. */
export interface Workload {
  readonly kind: "Deployment" | "StatefulSet" | "Job";
  readonly namespace: string;
  readonly name: string;
  /** Of a Job: how many pods it runs, all at a time. */
  readonly replicas: number;
  readonly cpu: string;
  readonly memory: string;
  readonly gpus?: number;
  readonly priorityClassName?: string;
  /** More of the pod's spec: selectors, tolerations, spreading, gates. */
  readonly spec?: JsonObject;
  /** Of a Job: how long a pod runs, and how long the Job stays when all have. */
  readonly runSeconds?: number;
  readonly keepSeconds?: number;
}

const plurals = { Deployment: "deployments", StatefulSet: "statefulsets", Job: "jobs" } as const;

export function pluralOf({ kind }: Pick<Workload, "kind">): string {
  return plurals[kind];
}

export function newWorkload(workload: Workload): JsonObject & { readonly metadata: JsonObject } {
  const { kind, name, namespace, replicas, keepSeconds = 10 } = workload;
  const labels = { app: name };
  const template = podTemplate(workload, labels);
  const metadata = { name, namespace, labels };
  if (kind !== "Job") return { metadata, spec: { replicas, selector: { matchLabels: labels }, template } };
  const spec = { parallelism: replicas, completions: replicas, ttlSecondsAfterFinished: keepSeconds, template };
  return { metadata, spec };
}

function podTemplate(workload: Workload, labels: JsonObject): JsonObject {
  const { kind, name, cpu, memory, gpus = 0, priorityClassName, runSeconds, spec = {} } = workload;
  const requests = { cpu, memory, ...(gpus === 0 ? {} : { "nvidia.com/gpu": String(gpus) }) };
  const limits = gpus === 0 ? {} : { limits: { "nvidia.com/gpu": String(gpus) } };
  const annotations = runSeconds === undefined ? {} : { annotations: { [runSecondsAnnotation]: String(runSeconds) } };
  return {
    metadata: { labels, ...annotations },
    spec: {
      containers: [{ name: "main", image: `registry.example/${name}:1`, resources: { requests, ...limits } }],
      ...(kind === "Job" ? { restartPolicy: "Never" } : {}),
      ...(priorityClassName === undefined ? {} : { priorityClassName }),
      ...spec,
    },
  };
}
