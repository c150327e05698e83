import { isList, listAt, lookup, textAt, type ApiObject } from "../storage/api-object.ts";
import { ageColumn, derived, flag, nameColumn, none, text, texts, unset, type Column } from "./cells.ts";

const volumeMode = text("VolumeMode", ["spec", "volumeMode"], { priority: 1, missing: unset });
const attributesClass = text("VolumeAttributesClass", ["spec", "volumeAttributesClassName"], { missing: unset });

function phase(object: ApiObject): string {
  return object.metadata.deletionTimestamp === undefined ? textAt(object, "status", "phase") : "Terminating";
}

const shortModes: Readonly<Record<string, string>> = {
  ReadWriteOnce: "RWO",
  ReadOnlyMany: "ROX",
  ReadWriteMany: "RWX",
  ReadWriteOncePod: "RWOP",
};

/** In the order of the table, each once. Upstream: `helper.GetAccessModesAsString`. */
function accessModes(object: ApiObject, ...path: readonly string[]): string {
  const modes = lookup(object, ...path);
  if (!isList(modes)) return "";
  const named = Object.entries(shortModes).filter(([mode]) => modes.includes(mode));
  return named.map(([, short]) => short).join(",");
}

/** The class of before classes were a field. */
const classAnnotation = "volume.beta.kubernetes.io/storage-class";

function storageClass(object: ApiObject): string {
  return object.metadata.annotations?.[classAnnotation] ?? textAt(object, "spec", "storageClassName");
}

export const volumeColumns: readonly Column[] = [
  nameColumn,
  text("Capacity", ["spec", "capacity", "storage"], { missing: "0" }),
  derived("Access Modes", (volume) => accessModes(volume, "spec", "accessModes")),
  text("Reclaim Policy", ["spec", "persistentVolumeReclaimPolicy"]),
  derived("Status", phase),
  derived("Claim", (volume) => {
    const name = textAt(volume, "spec", "claimRef", "name");
    return name === "" ? "" : `${textAt(volume, "spec", "claimRef", "namespace")}/${name}`;
  }),
  derived("StorageClass", storageClass),
  attributesClass,
  text("Reason", ["status", "reason"]),
  ageColumn,
  volumeMode,
];

export const claimColumns: readonly Column[] = [
  nameColumn,
  derived("Status", phase),
  text("Volume", ["spec", "volumeName"]),
  derived("Capacity", (claim) => (isBound(claim) ? textAt(claim, "status", "capacity", "storage") || "0" : "")),
  derived("Access Modes", (claim) => (isBound(claim) ? accessModes(claim, "status", "accessModes") : "")),
  derived("StorageClass", storageClass),
  attributesClass,
  ageColumn,
  volumeMode,
];

function isBound(claim: ApiObject): boolean {
  return textAt(claim, "spec", "volumeName") !== "";
}

const defaultAnnotations = [
  "storageclass.kubernetes.io/is-default-class",
  "storageclass.beta.kubernetes.io/is-default-class",
];

export const storageClassColumns: readonly Column[] = [
  {
    ...nameColumn,
    value: ({ metadata }) => {
      const isDefault = defaultAnnotations.some((annotation) => metadata.annotations?.[annotation] === "true");
      return `${metadata.name ?? ""}${isDefault ? " (default)" : ""}`;
    },
  },
  text("Provisioner", ["provisioner"]),
  text("ReclaimPolicy", ["reclaimPolicy"], { missing: "Delete" }),
  text("VolumeBindingMode", ["volumeBindingMode"], { missing: "Immediate" }),
  { ...flag("AllowVolumeExpansion", ["allowVolumeExpansion"]), type: "string" },
  ageColumn,
];

export const attachmentColumns: readonly Column[] = [
  nameColumn,
  { ...text("Attacher", ["spec", "attacher"]), format: "name" },
  text("PV", ["spec", "source", "persistentVolumeName"]),
  text("Node", ["spec", "nodeName"]),
  flag("Attached", ["status", "attached"]),
  ageColumn,
];

export const csiNodeColumns: readonly Column[] = [
  nameColumn,
  { name: "Drivers", type: "integer", value: (node) => listAt(node, "spec", "drivers").length },
  ageColumn,
];

export const csiDriverColumns: readonly Column[] = [
  nameColumn,
  flag("AttachRequired", ["spec", "attachRequired"], true),
  flag("PodInfoOnMount", ["spec", "podInfoOnMount"]),
  flag("StorageCapacity", ["spec", "storageCapacity"]),
  derived("TokenRequests", (driver) => {
    if (lookup(driver, "spec", "tokenRequests") === undefined) return unset;
    return listAt(driver, "spec", "tokenRequests")
      .map((each) => textAt(each, "audience"))
      .join(",");
  }),
  flag("RequiresRepublish", ["spec", "requiresRepublish"]),
  derived("Modes", (driver) => {
    return texts(lookup(driver, "spec", "volumeLifecycleModes")).join(",") || none;
  }),
  ageColumn,
];
