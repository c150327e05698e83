import { refOf } from "../api/local-client.ts";
import type { ApiObject } from "../storage/api-object.ts";
import type { ControllerContext } from "./context.ts";
import { Reconciler } from "./reconciler.ts";

interface OwnerWatch {
  readonly plural: string;
  /** What the owners own: a change of it is a reason to look at its owner again. */
  readonly owned: string;
  readonly reconcile: (owner: ApiObject) => void;
}

/** Reconciles each object of one resource whenever it, or something that it owns, changes. */
export function watchOwners(
  { client, clock }: ControllerContext,
  { plural, owned, reconcile }: OwnerWatch,
): () => void {
  const reconciler = new Reconciler({
    clock,
    reconcile: (key) => {
      const [namespace = "", name = ""] = key.split("/");
      const owner = client.get({ plural, namespace, name });
      if (owner !== undefined && owner.metadata.deletionTimestamp === undefined) reconcile(owner);
    },
  });
  const markOwners = (object: ApiObject): void => {
    for (const { kind, name } of object.metadata.ownerReferences ?? []) {
      if (`${kind.toLowerCase()}s` === plural) reconciler.mark(`${object.metadata.namespace ?? ""}/${name}`);
    }
  };
  const undo = [
    client.subscribe(plural, ({ object }) => reconciler.mark(object.key)),
    client.subscribe(owned, ({ object }) => markOwners(object.object)),
  ];
  for (const object of client.list(plural)) {
    const { namespace, name } = refOf(plural, object);
    reconciler.mark(`${namespace}/${name}`);
  }
  return () => {
    for (const each of undo) each();
    reconciler.stop();
  };
}
