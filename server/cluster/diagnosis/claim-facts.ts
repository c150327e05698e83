import { keyOf, type NodeSelector, type PersistentVolume, type Pod } from "#lib/kube/index.ts";
import type { Fact } from "#lib/protocol/index.ts";
import type { ClusterCache } from "#lib/scheduler/index.ts";

type Storage = Pick<ClusterCache, "persistentVolumeClaims" | "persistentVolumes" | "storageClasses">;

/** Labels of a volume that say where it is, with or without an affinity. */
const zoneLabels = ["topology.kubernetes.io/zone", "failure-domain.beta.kubernetes.io/zone"];
const mostTerms = 3;

/** Each claim of a pod: its phase, its class and when that binds, its volume and where that can be reached from. */
export function claimFacts(pod: Pod, storage: Storage): readonly Fact[] {
  return (pod.spec?.volumes ?? []).flatMap((volume): readonly Fact[] => {
    const name =
      volume.persistentVolumeClaim?.claimName ??
      (volume.ephemeral === undefined ? undefined : `${pod.metadata.name ?? ""}-${volume.name}`);
    if (name === undefined) return [];
    const detail = sentences(name, pod.metadata.namespace, storage).join(" ");
    return [{ kind: "claim", title: `Claim ${name}`, detail: [detail], provenance: "observed" }];
  });
}

function sentences(name: string, namespace: string | undefined, storage: Storage): readonly string[] {
  const claim = storage.persistentVolumeClaims.get(keyOf(namespace, name));
  if (claim === undefined) return ["It does not exist."];
  const { spec, status } = claim;
  const phase = `It is ${status?.phase ?? "without a phase"}.`;
  const volumeName = spec?.volumeName ?? "";
  return [phase, classText(spec?.storageClassName, volumeName, storage), ...volumeTexts(volumeName, storage)];
}

function classText(name: string | undefined, volumeName: string, { storageClasses }: Storage): string {
  if (name === undefined || name === "") return "It names no class.";
  const found = storageClasses.get(name);
  if (found === undefined) return `Its class ${name} does not exist.`;
  // Upstream: absent means Immediate.
  const mode = found.volumeBindingMode ?? "Immediate";
  return `Class ${name}, ${mode}${mode === "WaitForFirstConsumer" && volumeName === "" ? ": a volume is chosen with the node" : ""}.`;
}

function volumeTexts(name: string, { persistentVolumes }: Storage): readonly string[] {
  if (name === "") return ["It has no volume yet."];
  const volume = persistentVolumes.get(name);
  if (volume === undefined) return [`Its volume ${name} does not exist.`];
  const where = placesOf(volume);
  return [
    `Volume ${name} is ${volume.status?.phase ?? "without a phase"}${where === "" ? "" : `, reached from ${where}`}.`,
  ];
}

function placesOf({ metadata, spec }: PersistentVolume): string {
  const required = spec?.nodeAffinity?.required;
  if (required !== undefined) return termsText(required);
  for (const key of zoneLabels) {
    const value = metadata.labels?.[key];
    // Upstream: several zones of one volume stand in one label.
    if (value !== undefined) return `${key} in ${value.replaceAll("__", ", ")}`;
  }
  return "";
}

function termsText({ nodeSelectorTerms }: NodeSelector): string {
  const texts = (nodeSelectorTerms ?? []).map(({ matchExpressions = [], matchFields = [] }) =>
    [...matchExpressions, ...matchFields]
      .map(({ key, operator, values = [] }) =>
        operator === "In"
          ? `${key} ${values.length === 1 ? "=" : "in"} ${values.join(", ")}`
          : `${key} ${operator} ${values.join(", ")}`.trim(),
      )
      .join(" and "),
  );
  const more = texts.length > mostTerms ? ` or ${texts.length - mostTerms} more` : "";
  return `${texts.slice(0, mostTerms).join(" or ")}${more}`;
}
