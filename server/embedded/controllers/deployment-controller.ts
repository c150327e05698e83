import { createHash } from "node:crypto";
import type { JsonObject, JsonValue } from "#lib/protocol/index.ts";
import { isJsonObject, listAt, lookup, objectAt, type ApiObject } from "../storage/api-object.ts";
import { refOf } from "../api/local-client.ts";
import type { ControllerContext } from "./context.ts";
import { observed, ownerReference } from "./owned-pods.ts";
import { watchOwners } from "./watch-owners.ts";

/** One ReplicaSet for each template that a Deployment has had; the newest gets all replicas at once, the others none. */
export function startDeploymentController(context: ControllerContext): () => void {
  return watchOwners(context, {
    plural: "deployments",
    owned: "replicasets",
    reconcile: (deployment) => reconcile(context, deployment),
  });
}

function reconcile(context: ControllerContext, deployment: ApiObject): void {
  const { client, dependents } = context;
  const { name = "", namespace = "", uid = "" } = deployment.metadata;
  const hash = templateHash(objectAt(deployment, "spec", "template"));
  const ref = { plural: "replicasets", namespace, name: `${name}-${hash}` };
  const replicas = Number(lookup(deployment, "spec", "replicas") ?? 1);
  if (client.get(ref) === undefined) client.create("replicasets", newReplicaSet(deployment, ref.name, hash));
  else client.patchIfPresent(ref, { spec: { replicas } });
  const owned = dependents.of(uid).filter(({ plural }) => plural === "replicasets");
  for (const other of owned) {
    if (other.name !== ref.name) client.patchIfPresent(other, { spec: { replicas: 0 } });
  }
  const statuses = owned.map((each) => objectAt(client.get(each) ?? deployment, "status"));
  const sum = (field: string): number => statuses.reduce((total, status) => total + Number(status[field] ?? 0), 0);
  const replicaCounts = {
    replicas: sum("replicas"),
    readyReplicas: sum("readyReplicas"),
    availableReplicas: sum("availableReplicas"),
    updatedReplicas: Number(objectAt(client.get(ref) ?? deployment, "status")["replicas"] ?? 0),
  };
  const unavailableReplicas = Math.max(0, replicas - replicaCounts.availableReplicas);
  const { availableReplicas: available, updatedReplicas: updated } = replicaCounts;
  const counts = { wanted: replicas, available, updated };
  const status = {
    ...replicaCounts,
    unavailableReplicas,
    conditions: conditionsOf(deployment, counts, context.clock.now()),
    ...observed(deployment),
  };
  client.patchIfPresent(refOf("deployments", deployment), { status }, "status");
}

interface Counts {
  readonly wanted: number;
  readonly available: number;
  readonly updated: number;
}

/** What `kubectl wait` and `kubectl rollout status` look at. Since when counts from when it became so. */
function conditionsOf(
  deployment: ApiObject,
  { wanted, available, updated }: Counts,
  now: number,
): readonly JsonObject[] {
  const isAvailable = available >= wanted;
  const isDone = isAvailable && updated >= wanted;
  return [
    condition("Available", isAvailable, isAvailable ? "MinimumReplicasAvailable" : "MinimumReplicasUnavailable"),
    condition("Progressing", true, isDone ? "NewReplicaSetAvailable" : "ReplicaSetUpdated"),
  ];

  function condition(type: string, isTrue: boolean, reason: string): JsonObject {
    const status = isTrue ? "True" : "False";
    const before = listAt(deployment, "status", "conditions").find((each) => each["type"] === type);
    if (before?.["status"] === status && before["reason"] === reason) return before;
    const time = new Date(now).toISOString().replace(/\.\d+/, "");
    const lastTransitionTime = before?.["status"] === status ? (before["lastTransitionTime"] ?? time) : time;
    return { type, status, reason, lastUpdateTime: time, lastTransitionTime };
  }
}

/** The same for the same template, in whatever order its members stand. */
function templateHash(template: JsonObject): string {
  const text = JSON.stringify(template, (_, value: JsonValue) => (isJsonObject(value) ? sorted(value) : value));
  return createHash("sha256").update(text).digest("hex").slice(0, 10);
}

function sorted(object: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(object).sort(([a], [b]) => (a < b ? -1 : 1)));
}

function newReplicaSet(deployment: ApiObject, name: string, hash: string) {
  const { namespace = "" } = deployment.metadata;
  const template = objectAt(deployment, "spec", "template");
  const labels = { ...objectAt(template, "metadata", "labels"), "pod-template-hash": hash };
  return {
    metadata: { name, namespace, labels, ownerReferences: [ownerReference(deployment)] },
    spec: {
      replicas: Number(lookup(deployment, "spec", "replicas") ?? 1),
      selector: { matchLabels: labels },
      template: { ...template, metadata: { ...objectAt(template, "metadata"), labels } },
    },
  };
}
