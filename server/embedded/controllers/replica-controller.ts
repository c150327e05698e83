import { lookup, type ApiObject } from "../storage/api-object.ts";
import { refOf } from "../api/local-client.ts";
import type { ControllerContext } from "./context.ts";
import { fromTemplate, isActive, isReady, observed, podsOf } from "./owned-pods.ts";
import { watchOwners } from "./watch-owners.ts";

/** Keeps as many pods as a ReplicaSet, a ReplicationController or a StatefulSet asks for. */
export function startReplicaController(context: ControllerContext, plural: string): () => void {
  return watchOwners(context, { plural, owned: "pods", reconcile: (owner) => reconcile(context, plural, owner) });
}

function reconcile(context: ControllerContext, plural: string, owner: ApiObject): void {
  const { client } = context;
  const wanted = Number(lookup(owner, "spec", "replicas") ?? 1);
  const all = podsOf(context, owner);
  const pods = all.filter(isActive);
  const surplus = pods.length - wanted;
  if (surplus > 0) for (const pod of leastUseful(pods, surplus)) client.deleteIfPresent(refOf("pods", pod));
  for (const naming of missingNames(plural, owner, { all, pods, wanted }))
    client.create("pods", fromTemplate(owner, naming));
  const now = podsOf(context, owner).filter(isActive);
  const readyReplicas = now.filter(isReady).length;
  const counts = { replicas: now.length, readyReplicas, availableReplicas: readyReplicas };
  const rolled = { currentReplicas: now.length, updatedReplicas: now.length };
  const status = { ...counts, ...(plural === "statefulsets" ? rolled : {}), ...observed(owner) };
  client.patchIfPresent(refOf(plural, owner), { status }, "status");
}

/** Those that are not ready go first, the youngest of them before the others. */
function leastUseful(pods: readonly ApiObject[], count: number): readonly ApiObject[] {
  const byUse = pods.toSorted((a, b) => Number(isReady(a)) - Number(isReady(b)) || age(b) - age(a));
  return byUse.slice(0, count);
}

function age({ metadata }: ApiObject): number {
  return Date.parse(metadata.creationTimestamp ?? "");
}

interface Count {
  /** With those on their way out, whose names are not free yet. */
  readonly all: readonly ApiObject[];
  readonly pods: readonly ApiObject[];
  readonly wanted: number;
}

/** A StatefulSet's pods have numbers, the others a random end. */
function missingNames(plural: string, { metadata }: ApiObject, { all, pods, wanted }: Count) {
  const { name = "" } = metadata;
  if (plural !== "statefulsets") {
    return Array.from({ length: Math.max(0, wanted - pods.length) }, () => ({ generateName: `${name}-` }));
  }
  const taken = new Set(all.map((pod) => pod.metadata.name));
  return Array.from({ length: wanted }, (_, index) => ({ name: `${name}-${index}` })).filter(
    (naming) => !taken.has(naming.name),
  );
}
