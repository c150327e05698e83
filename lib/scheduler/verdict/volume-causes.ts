import type { PersistentVolume, PersistentVolumeClaim, Pod } from "#lib/kube/index.ts";
import { claimOf, isFullyBound, storageClassName, waitsForFirstConsumer } from "../claims.ts";
import { claimNameOf, volumesOf } from "../pod-volumes.ts";
import type { Listers } from "../snapshot.ts";
import type { Finding } from "./code.ts";
import type { Evaluation } from "./evaluation.ts";
import type { Pattern } from "./node-patterns.ts";
import { countOf, eligibleNodes, eligiblePatterns, reasonsOf, rejectsAllEligible } from "./eligible.ts";
import { onAllEligible, say } from "./sentence.ts";

const zoneLabels = ["topology.kubernetes.io/zone", "failure-domain.beta.kubernetes.io/zone"] as const;
const affinityMismatch = "node(s) didn't match PersistentVolume's node affinity";

/** PreFilter ended the attempt over a claim that is not there. */
export function claimMissing({ preFilter }: Evaluation): Finding | undefined {
  const [reason = ""] = preFilter?.status.reasons ?? [];
  const plugin = preFilter?.plugin ?? "";
  const missing =
    /^persistentvolumeclaim "([^"]*)" not found$/.exec(reason) ??
    /to create the persistentvolumeclaim "([^"]*)"$/.exec(reason) ??
    /^could not find ResourceClaim "(?:[^"/]*\/)?([^"]*)"$/.exec(reason);
  if (missing === null) return undefined;
  return { code: "claim-missing", row: say`Claim ${missing[1] ?? ""} does not exist.`, plugins: [plugin] };
}

export function volumeUnbound({ preFilter, pod }: Evaluation, listers: Listers): Finding | undefined {
  if (preFilter?.status.reasons.includes("pod has unbound immediate PersistentVolumeClaims") !== true) return undefined;
  const unbound = claimsOf(pod, listers).filter((each) => !isFullyBound(each));
  // One that names its volume already does not wait for a consumer, whatever its class says.
  const claim = unbound.find((each) => !waits(each, listers) || (each.spec?.volumeName ?? "") !== "");
  const name = claim?.metadata.name ?? "";
  const className = claim === undefined ? "" : storageClassName(claim);
  const mode = listers.storageClasses.get(className)?.volumeBindingMode ?? "Immediate";
  const row = say`Claim ${name} is not bound yet: ${mode}.`;
  const volume = claim?.spec?.volumeName ?? "";
  const where =
    volume !== ""
      ? `volume ${volume} has to be bound to it first`
      : className === ""
        ? "it names no storage class"
        : `storage class ${className} has to provide a volume first`;
  const headline = say`Claim ${name} is not bound yet: ${mode}, ${where}.`;
  return { code: "volume-unbound", row, headline, plugins: ["VolumeBinding"] };
}

function waits(claim: PersistentVolumeClaim, { storageClasses }: Listers): boolean {
  return waitsForFirstConsumer(storageClasses.get(storageClassName(claim)));
}

export function claimsOf(pod: Pod, listers: Listers): readonly PersistentVolumeClaim[] {
  return volumesOf(pod).flatMap((volume) => {
    const name = claimNameOf(pod, volume);
    const claim = name === undefined ? undefined : claimOf(pod, name, listers);
    return claim === undefined ? [] : [claim];
  });
}

/** Every eligible node lacks a volume for a claim that is still to be bound. */
export function volumeWait(evaluation: Evaluation, listers: Listers): Finding | undefined {
  const isMeant = (reason: string): boolean => reason !== affinityMismatch;
  if (!rejectsAllEligible(eligiblePatterns(evaluation), "VolumeBinding", isMeant)) return undefined;
  const claim = claimsOf(evaluation.pod, listers).find((each) => !isFullyBound(each));
  if (claim === undefined) return undefined;
  const zones = new Set(eligibleNodes(evaluation).map((node) => node.label(zoneLabels[0]) ?? ""));
  const [zone = ""] = zones;
  const where = zones.size === 1 && zone !== "" ? zone : "any zone";
  const row = say`Waiting for a volume: no match for ${claim.metadata.name ?? ""} in ${where}.`;
  return { code: "volume-wait", row, plugins: ["VolumeBinding"] };
}

/** The volume is somewhere, and what keeps the pod from other nodes is only that. */
export function volumeZone(evaluation: Evaluation, listers: Listers): Finding | undefined {
  const eligible = eligiblePatterns(evaluation);
  const isElsewhere = (pattern: Pattern): boolean =>
    reasonsOf(pattern, "VolumeZone").length > 0 || reasonsOf(pattern, "VolumeBinding").includes(affinityMismatch);
  const elsewhere = eligible.filter(isElsewhere);
  const isOnlyThat = ({ all }: Pattern): boolean =>
    all.every(({ plugin }) => plugin === "VolumeZone" || plugin === "VolumeBinding");
  if (elsewhere.length === 0 || !(elsewhere.length === eligible.length || elsewhere.some(isOnlyThat))) return undefined;
  const places = claimsOf(evaluation.pod, listers).flatMap((claim) => {
    const volume = listers.persistentVolumes.get(claim.spec?.volumeName ?? "");
    return volume === undefined ? [] : [placeOf(volume)];
  });
  const [place = "another zone"] = places;
  const plugins = [...new Set(elsewhere.flatMap(({ all }) => all.map(({ plugin }) => plugin)))].filter((plugin) =>
    plugin.startsWith("Volume"),
  );
  return { code: "volume-zone", row: say`Volume is in ${place}, where no node fits.`, plugins };
}

/** Its zone, else what its node affinity names, else its name. */
function placeOf({ metadata, spec }: PersistentVolume): string {
  for (const label of zoneLabels) {
    const zone = metadata.labels?.[label];
    if (zone !== undefined) return zone.replaceAll("__", ", ");
  }
  const [term] = spec?.nodeAffinity?.required?.nodeSelectorTerms ?? [];
  const [first] = term?.matchExpressions ?? [];
  return first?.values?.join(", ") ?? metadata.name ?? "";
}

export function volumeLimit(evaluation: Evaluation): Finding | undefined {
  const eligible = eligiblePatterns(evaluation);
  if (!rejectsAllEligible(eligible, "NodeVolumeLimits")) return undefined;
  const row = say`Volume limit reached ${onAllEligible(countOf(eligible))}.`;
  return { code: "volume-limit", row, plugins: ["NodeVolumeLimits"] };
}
