import { listAt, lookup, objectAt, textAt, type ApiObject } from "../storage/api-object.ts";
import type { JsonObject } from "#lib/protocol/index.ts";
import { refOf } from "../api/local-client.ts";
import type { ControllerContext } from "./context.ts";
import { isFinished, ownerReference } from "./owned-pods.ts";
import { Reconciler } from "./reconciler.ts";

/** Whoever allocates devices puts it on the claim, so that it does not go before they are given back. */
const protection = "resource.kubernetes.io/delete-protection";

/**
 * Makes the claims that pods have templates for, and takes the devices from claims that nobody uses any more: a pod uses
 * its claims until it is gone or has finished. Upstream: `pkg/controller/resourceclaim`.
 */
export function startResourceClaimController({ client, clock }: ControllerContext): () => void {
  const pods = new Reconciler({ clock, reconcile: (key) => makeClaims(find("pods", key)) });
  const claims = new Reconciler({ clock, reconcile: (key) => letGo(find("resourceclaims", key)) });
  const stops = [
    client.subscribe("pods", ({ type, object: { object: pod } }) => {
      if (listAt(pod, "spec", "resourceClaims").length === 0) return;
      if (type !== "DELETED") pods.mark(keyOf(pod));
      if (type === "DELETED" || isFinished(pod)) for (const claim of usedBy(pod)) claims.mark(keyOf(claim));
    }),
    client.subscribe("resourceclaims", ({ type, object: { object: claim } }) => {
      if (type !== "DELETED") claims.mark(keyOf(claim));
    }),
  ];

  function find(plural: string, key: string): ApiObject | undefined {
    const [namespace = "", name = ""] = key.split("/");
    return client.get({ plural, namespace, name });
  }

  function* usedBy({ metadata }: ApiObject): IterableIterator<ApiObject> {
    for (const claim of client.list("resourceclaims")) {
      if (listAt(claim, "status", "reservedFor").some(({ uid }) => uid === metadata.uid)) yield claim;
    }
  }

  function makeClaims(pod: ApiObject | undefined): void {
    if (pod === undefined || pod.metadata.deletionTimestamp !== undefined) return;
    const known = listAt(pod, "status", "resourceClaimStatuses");
    const made = listAt(pod, "spec", "resourceClaims").flatMap((wanted): JsonObject[] => {
      const [name, template] = [textAt(wanted, "name"), textAt(wanted, "resourceClaimTemplateName")];
      if (template === "" || known.some((status) => status["name"] === name)) return [];
      const resourceClaimName = makeClaim(pod, name, template);
      return resourceClaimName === undefined ? [] : [{ name, resourceClaimName }];
    });
    if (made.length === 0) return;
    client.patchIfPresent(refOf("pods", pod), { status: { resourceClaimStatuses: [...known, ...made] } }, "status");
  }

  /** `undefined` while there is no such template. */
  function makeClaim(pod: ApiObject, claim: string, templateName: string): string | undefined {
    const { namespace = "" } = pod.metadata;
    const template = client.get({ plural: "resourceclaimtemplates", namespace, name: templateName });
    if (template === undefined) return undefined;
    const metadata = {
      ...objectAt(template, "spec", "metadata"),
      generateName: `${pod.metadata.name ?? ""}-${claim}-`,
      namespace,
      ownerReferences: [ownerReference(pod)],
    };
    return client.create("resourceclaims", { metadata, spec: objectAt(template, "spec", "spec") }).metadata.name;
  }

  function letGo(claim: ApiObject | undefined): void {
    if (claim === undefined) return;
    const users = listAt(claim, "status", "reservedFor");
    const { namespace = "" } = claim.metadata;
    const staying = users.filter((user) => {
      const pod = client.get({ plural: "pods", namespace, name: textAt(user, "name") });
      return pod !== undefined && pod.metadata.uid === user["uid"] && !isFinished(pod);
    });
    const ref = refOf("resourceclaims", claim);
    const isLeaving = claim.metadata.deletionTimestamp !== undefined;
    if (
      staying.length === 0 &&
      (users.length > 0 || (isLeaving && lookup(claim, "status", "allocation") !== undefined))
    ) {
      client.patchIfPresent(ref, { status: { reservedFor: null, allocation: null } }, "status");
    } else if (staying.length < users.length)
      client.patchIfPresent(ref, { status: { reservedFor: staying } }, "status");
    if (isLeaving && staying.length === 0) stopProtecting(claim);
  }

  /** Its devices are free: nothing holds it any more. */
  function stopProtecting(claim: ApiObject): void {
    const finalizers = (claim.metadata.finalizers ?? []).filter((each) => each !== protection);
    if (finalizers.length === claim.metadata.finalizers?.length) return;
    client.patchIfPresent(refOf("resourceclaims", claim), { metadata: { finalizers } });
  }

  return () => {
    for (const stop of stops) stop();
    pods.stop();
    claims.stop();
  };
}

function keyOf({ metadata }: ApiObject): string {
  return `${metadata.namespace ?? ""}/${metadata.name ?? ""}`;
}
