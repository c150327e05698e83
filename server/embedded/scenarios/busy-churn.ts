import type { JsonObject } from "#lib/protocol/index.ts";
import { listAt, objectAt, textAt, type ApiObject } from "../storage/api-object.ts";
import { refOf, type ObjectRef } from "../api/local-client.ts";
import type { ScenarioContext } from "./context.ts";
import { kueueGate, quotaGate } from "./busy-workloads.ts";
import { capacity, conditions } from "./node.ts";
import { newWorkload, pluralOf, type Workload } from "./workload.ts";

/** One thing that happens. What it changes for a while it changes back, through `later`. */
interface Operation {
  /** How often, compared with the others. */
  readonly weight: number;
  readonly run: (churn: Churn) => void;
}

interface Churn extends ScenarioContext {
  /** A number for names, never used twice. */
  readonly nextNumber: () => number;
  readonly later: (seconds: number, undo: () => void) => void;
}

/** Short jobs pile up only so far when nobody binds them. */
const maxWaitingJobs = 60;

const shortJobs: readonly Omit<Workload, "kind" | "replicas">[] = [
  { namespace: "batch", name: "thumbs", cpu: "100m", memory: "128Mi", priorityClassName: "standard", runSeconds: 8 },
  {
    namespace: "batch",
    name: "etl-hourly",
    cpu: "500m",
    memory: "1Gi",
    priorityClassName: "prod-high",
    runSeconds: 15,
  },
  { namespace: "ci", name: "runner", cpu: "1", memory: "2Gi", runSeconds: 20 },
  {
    namespace: "ci",
    name: "runner-spot",
    cpu: "1500m",
    memory: "3Gi",
    runSeconds: 25,
    spec: { tolerations: [{ key: "spot", operator: "Equal", value: "true", effect: "NoSchedule" }] },
  },
];

/** A taint or a cordon that goes wakes every pod that no node takes: were that often, nobody would ever rest. */
const operations: readonly Operation[] = [
  { weight: 16, run: startShortJob },
  { weight: 18, run: deletePod },
  { weight: 20, run: heartbeat },
  { weight: 0.08, run: taintNode },
  { weight: 4, run: relabelNode },
  { weight: 3, run: resizeNode },
  { weight: 0.05, run: cordonNode },
  { weight: 1, run: rollOut },
  { weight: 2, run: admitGated },
  { weight: 2, run: startGatedJob },
];

const totalWeight = operations.reduce((sum, { weight }) => sum + weight, 0);

export function playOne(churn: Churn): void {
  let at = churn.random() * totalWeight;
  for (const { weight, run } of operations) {
    at -= weight;
    if (at >= 0) continue;
    run(churn);
    return;
  }
}

function startShortJob(churn: Churn): void {
  const { client, random, nextNumber } = churn;
  const shape = pick(shortJobs, random);
  const running = [...client.list("jobs")].filter(isShort);
  const [oldest] = running;
  if (running.length >= maxWaitingJobs && oldest !== undefined) client.deleteIfPresent(refOf("jobs", oldest));
  const name = `${shape?.name ?? "thumbs"}-${nextNumber()}`;
  if (shape !== undefined) create(churn, { ...shape, kind: "Job", name, replicas: 2 + Math.floor(random() * 8) });
}

function isShort({ metadata }: ApiObject): boolean {
  const name = metadata.name?.replace(/-\d+$/, "");
  return shortJobs.some((job) => job.name === name);
}

function startGatedJob(churn: Churn): void {
  const gate = pick([kueueGate, quotaGate], churn.random) ?? kueueGate;
  const isQuota = gate === quotaGate;
  if ([...churn.client.list("jobs")].filter(({ metadata }) => metadata.name?.startsWith("held-")).length > 12) return;
  create(churn, {
    kind: "Job",
    namespace: isQuota ? "ci" : "batch",
    name: `held-${churn.nextNumber()}`,
    replicas: 3,
    cpu: "250m",
    memory: "512Mi",
    runSeconds: 10,
    spec: { schedulingGates: [{ name: gate }] },
  });
}

/** Some controller of gates lets the pods of a job in; those that stood from the start are held for good. */
function admitGated({ client, random }: Churn): void {
  const held = [...client.list("pods")].filter(
    (pod) => pod.metadata.name?.startsWith("held-") && listAt(pod, "spec", "schedulingGates").length > 0,
  );
  const job = pick(held, random)?.metadata.ownerReferences?.[0]?.uid;
  for (const pod of held) {
    if (pod.metadata.ownerReferences?.[0]?.uid !== job) continue;
    client.patchIfPresent(refOf("pods", pod), { spec: { schedulingGates: null } });
  }
}

/** Of those that come back: pods of deployments. */
function deletePod({ client, random }: Churn): void {
  const pods = [...client.list("pods")].filter(
    (pod) => pod.metadata.ownerReferences?.[0]?.kind === "ReplicaSet" && textAt(pod, "spec", "nodeName") !== "",
  );
  const pod = pick(pods, random);
  if (pod !== undefined) client.deleteIfPresent(refOf("pods", pod));
}

function rollOut({ client, random, nextNumber }: Churn): void {
  const deployment = pick([...client.list("deployments")], random);
  if (deployment === undefined) return;
  const annotations = { "kubectl.kubernetes.io/restartedAt": `rollout-${nextNumber()}` };
  client.patchIfPresent(refOf("deployments", deployment), { spec: { template: { metadata: { annotations } } } });
}

function heartbeat(churn: Churn): void {
  patchStatus(churn, pickNode(churn), { conditions: conditions(now(churn)) });
}

function taintNode(churn: Churn): void {
  const node = pickNode(churn, "general");
  if (node === undefined || listAt(node, "spec", "taints").length > 0) return;
  const hasPressure = churn.random() < 0.5;
  const key = hasPressure ? "node.kubernetes.io/disk-pressure" : "drill";
  if (hasPressure) patchStatus(churn, node, { conditions: conditions(now(churn), { hasDiskPressure: true }) });
  churn.client.patchIfPresent(nodeRef(node), { spec: { taints: [{ key, effect: "NoSchedule" }] } });
  churn.later(20, () => {
    churn.client.patchIfPresent(nodeRef(node), { spec: { taints: null } });
    if (hasPressure) patchStatus(churn, node, { conditions: conditions(now(churn)) });
  });
}

function relabelNode(churn: Churn): void {
  const node = pickNode(churn);
  if (node === undefined) return;
  const labels = { "example.com/kernel": pick(["6.12", "6.14", "6.16"], churn.random) };
  churn.client.patchIfPresent(nodeRef(node), { metadata: { labels } });
}

/** A daemon takes two cores of a node, and gives them back. */
function resizeNode(churn: Churn): void {
  const node = pickNode(churn, "general");
  if (node === undefined) return;
  const less = capacity({ cpu: 14, memoryGi: 60 });
  patchStatus(churn, node, { allocatable: less });
  churn.later(25, () => patchStatus(churn, node, { allocatable: objectAt(node, "status", "capacity") }));
}

function cordonNode(churn: Churn): void {
  const node = pickNode(churn, "general");
  if (node === undefined || textAt(node, "spec", "unschedulable") === "true") return;
  churn.client.patchIfPresent(nodeRef(node), { spec: { unschedulable: true } });
  churn.later(30, () => churn.client.patchIfPresent(nodeRef(node), { spec: { unschedulable: null } }));
}

function create({ client }: ScenarioContext, workload: Workload): void {
  client.create(pluralOf(workload), newWorkload(workload));
}

function pickNode({ client, random }: Churn, pool?: string): ApiObject | undefined {
  const nodes = [...client.list("nodes")];
  return pick(
    nodes.filter(({ metadata }) => pool === undefined || metadata.labels?.["pool"] === pool),
    random,
  );
}

function nodeRef(node: ApiObject): ObjectRef {
  return refOf("nodes", node);
}

function patchStatus({ client }: Churn, node: ApiObject | undefined, status: JsonObject): void {
  if (node !== undefined) client.patchIfPresent(nodeRef(node), { status }, "status");
}

function now({ clock }: Churn): string {
  return new Date(clock.now()).toISOString().replace(/\.\d+/, "");
}

function pick<T>(items: readonly T[], random: () => number): T | undefined {
  return items[Math.floor(random() * items.length)];
}
