import type { KubeObject, Node, ObjectMeta, Pod } from "#lib/kube/index.ts";
import { readAnnotations } from "./annotations.ts";
import { schedulerWroteAt, type Ingested } from "./managed-fields.ts";
import { project, type Shape } from "./shape.ts";

const metadata = {
  name: "keep",
  namespace: "keep",
  uid: "keep",
  resourceVersion: "keep",
  generation: "keep",
  creationTimestamp: "keep",
  deletionTimestamp: "keep",
  labels: "keep",
  annotations: "keep",
  ownerReferences: "keep",
  finalizers: "keep",
} as const satisfies Shape<ObjectMeta>;

const containers = {
  each: { name: "keep", resources: "keep", ports: "keep", restartPolicy: "keep", restartPolicyRules: "keep" },
} as const;

const containerStatuses = { each: { name: "keep", allocatedResources: "keep", resources: "keep" } } as const;

const conditions = {
  each: {
    type: "keep",
    status: "keep",
    reason: "keep",
    message: "keep",
    lastTransitionTime: "keep",
    observedGeneration: "keep",
  },
} as const;

const source = { readOnly: "keep" } as const;

const volumes = {
  each: {
    name: "keep",
    persistentVolumeClaim: { claimName: "keep", ...source },
    // A claim template may have annotations; that there is one is all that is read.
    ephemeral: "presence",
    csi: { driver: "keep" },
    gcePersistentDisk: { pdName: "keep", ...source },
    awsElasticBlockStore: { volumeID: "keep", ...source },
    iscsi: { iqn: "keep", lun: "keep", targetPortal: "keep", ...source },
    rbd: { monitors: "keep", image: "keep", pool: "keep", ...source },
    azureDisk: { diskURI: "keep" },
    azureFile: { shareName: "keep" },
    cinder: { volumeID: "keep" },
    vsphereVolume: { volumePath: "keep" },
    portworxVolume: { volumeID: "keep" },
  },
} as const;

const pod = {
  apiVersion: "keep",
  kind: "keep",
  metadata,
  spec: {
    nodeName: "keep",
    schedulerName: "keep",
    priority: "keep",
    priorityClassName: "keep",
    preemptionPolicy: "keep",
    containers,
    initContainers: containers,
    overhead: "keep",
    resources: "keep",
    nodeSelector: "keep",
    affinity: "keep",
    tolerations: "keep",
    topologySpreadConstraints: "keep",
    schedulingGates: "keep",
    hostNetwork: "keep",
    hostUsers: "keep",
    volumes,
    resourceClaims: "keep",
    schedulingGroup: "keep",
  },
  status: {
    phase: "keep",
    conditions,
    nominatedNodeName: "keep",
    startTime: "keep",
    containerStatuses,
    initContainerStatuses: containerStatuses,
    allocatedResources: "keep",
    resources: "keep",
    resourceClaimStatuses: "keep",
    extendedResourceClaimStatus: "keep",
  },
} as const satisfies Shape<Pod>;

const node = {
  apiVersion: "keep",
  kind: "keep",
  metadata,
  spec: { unschedulable: "keep", taints: "keep" },
  status: { allocatable: "keep", capacity: "keep", conditions, declaredFeatures: "keep" },
} as const satisfies Shape<Node>;

/** A pod with nothing but what scheduling reads: a tenth of it. It holds no field that could hold a secret. */
export function podForScheduling(object: Pod): Ingested<Pod> {
  return ingested(object, project(object, pod));
}

/** A node without its images, addresses, heartbeats and volumes. */
export function nodeForScheduling(object: Node): Ingested<Node> {
  return ingested(object, project(object, node));
}

function ingested<T extends KubeObject>(original: T, projected: T): Ingested<T> {
  const annotations = readAnnotations(original.metadata.annotations);
  const { annotations: _, ...withoutAnnotations } = projected.metadata;
  const wroteAt = schedulerWroteAt(original);
  return {
    ...projected,
    metadata: annotations === undefined ? withoutAnnotations : { ...withoutAnnotations, annotations },
    ...(wroteAt === undefined ? {} : { schedulerWroteAt: wroteAt }),
  };
}
