import type { KubeObject } from "#lib/kube/index.ts";

/** An object as it is kept. */
export type Ingested<T extends KubeObject> = T & {
  /**
   * When kube-scheduler last wrote the status, RFC 3339. It stands in the managed fields only, which are dropped:
   * they are a third of an object.
   */
  readonly schedulerWroteAt?: string;
};

/** Read before the managed fields are dropped; an object that lost them already has kept it. */
export function schedulerWroteAt(object: KubeObject): string | undefined {
  const kept = (object as Ingested<KubeObject>).schedulerWroteAt;
  const { managedFields } = object.metadata as { readonly managedFields?: unknown };
  if (!Array.isArray(managedFields)) return kept;
  let latest = kept;
  for (const entry of managedFields as readonly unknown[]) {
    const time = statusWriteOfScheduler(entry);
    // All in UTC and to the second, as the API writes them: they sort as text.
    if (time !== undefined && (latest === undefined || time > latest)) latest = time;
  }
  return latest;
}

function statusWriteOfScheduler(entry: unknown): string | undefined {
  if (typeof entry !== "object" || entry === null) return undefined;
  const { manager, subresource, time } = entry as Readonly<Record<string, unknown>>;
  return manager === "kube-scheduler" && subresource === "status" && typeof time === "string" ? time : undefined;
}
