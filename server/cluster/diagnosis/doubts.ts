import { ApiStatusError } from "#lib/informer/index.ts";
import type { Pod } from "#lib/kube/index.ts";
import type { DiagnosisBoard } from "./diagnosis-board.ts";

const storage = ["persistentvolumeclaims", "persistentvolumes", "storageclasses", "csinodes"] as const;

/** Which informers cannot be relied on now, and why, by the name of their resource. */
export function findDoubts(board: DiagnosisBoard): ReadonlyMap<string, string> {
  const doubts = new Map<string, string>();
  for (const { target, informer } of board.informers()) {
    if (informer.problem === undefined && informer.hasSynced) continue;
    if (!("resource" in target) || "fieldSelector" in target) continue;
    const name = target.resource.split("/").at(-1) ?? "";
    doubts.set(name, doubtOf(name, informer.problem?.error, informer.hasSynced));
  }
  return doubts;
}

function doubtOf(name: string, error: unknown, hasSynced: boolean): string {
  if (error instanceof ApiStatusError && (error.code === 403 || error.code === 401))
    return `not allowed to list ${name}`;
  if (!hasSynced) return `${name} have not been read yet`;
  return `${name} are not up to date, their watch is lost`;
}

/** The first that matters for this pod. */
export function doubtAbout(pod: Pod, doubts: ReadonlyMap<string, string>): string | undefined {
  if (doubts.size === 0) return undefined;
  for (const resource of readFor(pod)) {
    const doubt = doubts.get(resource);
    if (doubt !== undefined) return doubt;
  }
  return undefined;
}

function readFor({ spec }: Pod): readonly string[] {
  const hasClaims = (spec?.volumes ?? []).some((volume) => volume.persistentVolumeClaim ?? volume.ephemeral);
  const hasDevices = (spec?.resourceClaims ?? []).length > 0;
  const hasTerms = spec?.affinity?.podAffinity !== undefined || spec?.affinity?.podAntiAffinity !== undefined;
  return [
    "pods",
    "nodes",
    ...(hasClaims ? storage : []),
    ...(hasDevices ? ["resourceclaims", "resourceslices", "deviceclasses"] : []),
    ...(hasTerms ? ["namespaces"] : []),
  ];
}
