import type { Pod } from "#lib/kube/index.ts";
import { rejection, type AttemptFailure } from "./failure-handler.ts";
import type { PermitPlugin } from "./framework.ts";
import type { Snapshot } from "./snapshot.ts";

/** The first that lets the pod wait. Upstream: `RunPermitPlugins`. */
export function whoLetsWait(pod: Pod, plugins: readonly PermitPlugin[], snapshot: Snapshot): PermitPlugin | undefined {
  return plugins.find((plugin) => {
    const quorum = plugin.quorumOf(pod, snapshot);
    return quorum !== undefined && quorum.have < quorum.wanted;
  });
}

/** Told about the one node that the pod had, as upstream does. */
export function rejectedOnPermit({ name }: PermitPlugin, why: string): AttemptFailure {
  const message = `0/1 nodes are available: 1 ${why}.`;
  return rejection(message, { unschedulablePlugins: new Set([name]), pendingPlugins: new Set() });
}

/** Upstream: `newWaitingPod`, whose timer rejects. */
export function timedOut(plugin: PermitPlugin): AttemptFailure {
  const seconds = Math.round(plugin.timeoutMs / 1_000);
  const waited = seconds < 60 ? `${seconds}s` : `${Math.floor(seconds / 60)}m${seconds % 60}s`;
  return rejectedOnPermit(plugin, `rejected due to timeout after waiting ${waited} at plugin ${plugin.name}`);
}
