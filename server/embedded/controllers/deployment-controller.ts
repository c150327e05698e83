import { createHash } from "node:crypto";
import type { JsonObject } from "#lib/protocol/index.ts";
import { lookup, objectAt, type ApiObject } from "../storage/api-object.ts";
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

function reconcile({ client, dependents }: ControllerContext, deployment: ApiObject): void {
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
  const status = {
    replicas: sum("replicas"),
    readyReplicas: sum("readyReplicas"),
    availableReplicas: sum("availableReplicas"),
    updatedReplicas: Number(objectAt(client.get(ref) ?? deployment, "status")["replicas"] ?? 0),
    ...observed(deployment),
  };
  client.patchIfPresent(refOf("deployments", deployment), { status }, "status");
}

function templateHash(template: JsonObject): string {
  return createHash("sha256").update(JSON.stringify(template)).digest("hex").slice(0, 10);
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
