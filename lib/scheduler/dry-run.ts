import type { Pod } from "#lib/kube/index.ts";
import type { PriorityQueue } from "#lib/queue/index.ts";
import { attempt, type Attempt } from "./cycle.ts";
import { nominatedPodsOf } from "./nominated-pods.ts";
import type { Profile } from "./profile.ts";
import { schedulerNameOf } from "./responsibility.ts";
import type { Snapshot } from "./snapshot.ts";

export interface DryRunOptions {
  readonly profiles: ReadonlyMap<string, Profile>;
  readonly snapshot: Snapshot;
  readonly queue: PriorityQueue;
}

/** What an attempt would come to now. Changes nothing. `undefined` for a pod whose scheduler is none of `profiles`. */
export function dryRun(pod: Pod, { profiles, snapshot, queue }: DryRunOptions): Attempt | undefined {
  const profile = profiles.get(schedulerNameOf(pod));
  if (profile === undefined) return undefined;
  try {
    return attempt(pod, { profile, snapshot, nominatedPods: nominatedPodsOf(queue) });
  } catch (error) {
    // One object that cannot be read must not end the scheduling of all others.
    return { kind: "failed", message: error instanceof Error ? error.message : String(error) };
  }
}

export function byName(profiles: readonly Profile[]): ReadonlyMap<string, Profile> {
  return new Map(profiles.map((profile) => [profile.schedulerName, profile]));
}
