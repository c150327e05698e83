/** What a tile says about an event: resource letter, sign of the action, for a node update the letter of its field. */

const resourceLetters: Readonly<Record<string, string>> = {
  AssignedPod: "P",
  Pod: "P",
  UnschedulablePod: "U",
  Node: "N",
  PersistentVolume: "V",
  PersistentVolumeClaim: "C",
  StorageClass: "S",
  CSINode: "S",
  CSIDriver: "S",
  CSIStorageCapacity: "S",
  VolumeAttachment: "S",
  ResourceClaim: "D",
  ResourceSlice: "D",
  DeviceClass: "D",
  PodGroup: "G",
  "*": "*",
};

/** Fields of a node that have a letter of their own; the other updates are told by the label. */
const nodeFields: Readonly<Record<string, string>> = {
  UpdateNodeTaint: "T",
  UpdateNodeLabel: "L",
  UpdateNodeAllocatable: "A",
  UpdateNodeCondition: "C",
};

export const resourceWords: Readonly<Record<string, string>> = {
  P: "assigned pod",
  U: "unscheduled pod",
  N: "node",
  V: "volume",
  C: "claim",
  S: "storage",
  D: "device or resource claim",
  G: "pod group",
  "*": "for every pod",
};

/** `storage.k8s.io/CSINode` and `widgets.v1.example.com` are known by their last, their first part. */
function resourceLetter(resource: string): string {
  const kind = resource.slice(resource.lastIndexOf("/") + 1);
  return resourceLetters[kind] ?? kind.charAt(0).toUpperCase();
}

function actionSign(action: string): string {
  if (action === "Add") return "+";
  if (action === "Delete") return "\u2212";
  return action.startsWith("Update") ? "~" : "";
}

export function eventCode(resource: string, action: string): string {
  const letter = resourceLetter(resource);
  const field = letter === "N" ? (nodeFields[action] ?? "") : "";
  return letter + actionSign(action) + field;
}

/** The code of an event that is known by its label alone: `NodeUpdateNodeTaint` is N~T. */
export function labelCode(label: string): string {
  const [, resource = label, action = ""] = /^(.*?)(Add|Delete|Update.*)$/.exec(label) ?? [];
  return eventCode(resource, action);
}
