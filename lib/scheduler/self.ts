import type { Pod } from "#lib/kube/index.ts";

/** The event is about the rejected pod itself. */
export function isSelf(pod: Pod, old: Pod | undefined, updated: Pod | undefined): boolean {
  return (updated ?? old)?.metadata.uid === pod.metadata.uid;
}
