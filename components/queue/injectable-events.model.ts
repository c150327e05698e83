import { eventCode } from "./event-code.model.ts";

export interface InjectableEvent {
  /** The event's label: what the server is asked for. */
  readonly label: string;
  readonly code: string;
  /** What happens in the cluster. */
  readonly words: string;
}

function event(resource: string, action: string, words: string): InjectableEvent {
  return { label: resource + action, code: eventCode(resource, action), words };
}

/** Events that plugins of the default profile wait for, by what they concern. */
export const injectableEvents: readonly { readonly about: string; readonly events: readonly InjectableEvent[] }[] = [
  {
    about: "Nodes",
    events: [
      event("Node", "Add", "a node joins"),
      event("Node", "UpdateNodeAllocatable", "a node offers more or less"),
      event("Node", "UpdateNodeTaint", "taints of a node change"),
      event("Node", "UpdateNodeLabel", "labels of a node change"),
    ],
  },
  {
    about: "Assigned pods",
    events: [
      event("AssignedPod", "Add", "a pod is bound"),
      event("AssignedPod", "Delete", "a bound pod goes away"),
      event("AssignedPod", "UpdatePodLabel", "labels of a bound pod change"),
      event("AssignedPod", "UpdatePodScaleDown", "a bound pod asks for less"),
    ],
  },
  {
    about: "Volumes",
    events: [
      event("PersistentVolumeClaim", "Add", "a claim is made"),
      event("PersistentVolumeClaim", "Update", "a claim changes"),
      event("PersistentVolume", "Add", "a volume appears"),
      event("storage.k8s.io/StorageClass", "Add", "a storage class appears"),
    ],
  },
];
