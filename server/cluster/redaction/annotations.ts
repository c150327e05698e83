/** The annotations that scheduling plugins read. The values of all others are unknown to this program. */
const readByPlugins: ReadonlySet<string> = new Set([
  "volume.beta.kubernetes.io/storage-class",
  "volume.beta.kubernetes.io/storage-provisioner",
  "volume.kubernetes.io/storage-provisioner",
  "volume.kubernetes.io/selected-node",
  "pv.kubernetes.io/bind-completed",
  "pv.kubernetes.io/bound-by-controller",
  "pv.kubernetes.io/migrated-to",
  "storage.alpha.kubernetes.io/migrated-plugins",
  "storageclass.kubernetes.io/is-default-class",
  "resource.kubernetes.io/pod-claim-name",
  "resource.kubernetes.io/extended-resource-claim",
]);

export function isReadAnnotation(key: string): boolean {
  return readByPlugins.has(key);
}

/** Only those that plugins read; nothing if there is none of them. */
export function readAnnotations(annotations: unknown): Readonly<Record<string, string>> | undefined {
  if (typeof annotations !== "object" || annotations === null) return undefined;
  const kept = Object.entries(annotations).filter(
    ([key, value]) => readByPlugins.has(key) && typeof value === "string",
  );
  return kept.length === 0 ? undefined : Object.fromEntries(kept);
}
