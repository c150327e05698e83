import {
  deploymentColumns,
  eventColumns,
  jobColumns,
  leaseColumns,
  namespaceColumns,
  nodeColumns,
  plainColumns,
  podColumns,
  priorityClassColumns,
  workloadColumns,
} from "./columns.ts";
import { definitionStrategy } from "../definitions/definition-strategy.ts";
import { definitionGroup } from "../definitions/definition.ts";
import { definitionColumns } from "../definitions/printer-columns.ts";
import { eventConversion } from "./event-conversion.ts";
import { eventFields, eventsGroupFields, metadataFields, namespaceFields, nodeFields, podFields } from "./fields.ts";
import { nodeOutline, plainOutline, podOutline } from "./outline.ts";
import { podStrategy } from "./pod-strategy.ts";
import type { Resource } from "./resource.ts";
import {
  claimStrategy,
  namespaceStrategy,
  plainStrategy,
  priorityClassStrategy,
  replicatedStrategy,
} from "./strategies.ts";

type Row = Pick<Resource, "kind"> & Partial<Resource>;

/** A group of rows, each by its plural; what a row does not say is the ordinary case. */
function group(name: string, version: string, rows: Readonly<Record<string, Row>>): readonly Resource[] {
  return Object.entries(rows).map(([plural, row]) => ({
    storage: name === "" ? plural : `${plural}.${name}`,
    group: name,
    version,
    plural,
    singular: row.kind.toLowerCase(),
    isNamespaced: true,
    shortNames: [],
    categories: [],
    hasStatus: false,
    hasScale: false,
    fields: metadataFields,
    columns: plainColumns,
    outline: plainOutline,
    strategy: plainStrategy,
    conversion: undefined,
    schema: undefined,
    ...row,
  }));
}

const all = { categories: ["all"] };
const cluster = { isNamespaced: false };
const workload = { ...all, hasStatus: true, hasScale: true, columns: workloadColumns, strategy: replicatedStrategy };

/** Everything this server serves. Another kind is another row. */
export const resources: readonly Resource[] = [
  ...group("", "v1", {
    configmaps: { kind: "ConfigMap", shortNames: ["cm"] },
    events: { kind: "Event", shortNames: ["ev"], fields: eventFields, columns: eventColumns },
    namespaces: {
      kind: "Namespace",
      ...cluster,
      shortNames: ["ns"],
      hasStatus: true,
      fields: namespaceFields,
      columns: namespaceColumns,
      strategy: namespaceStrategy,
    },
    nodes: {
      kind: "Node",
      ...cluster,
      shortNames: ["no"],
      hasStatus: true,
      fields: nodeFields,
      columns: nodeColumns,
      outline: nodeOutline,
    },
    persistentvolumeclaims: {
      kind: "PersistentVolumeClaim",
      shortNames: ["pvc"],
      hasStatus: true,
      strategy: claimStrategy,
    },
    persistentvolumes: { kind: "PersistentVolume", ...cluster, shortNames: ["pv"], hasStatus: true },
    pods: {
      kind: "Pod",
      ...all,
      shortNames: ["po"],
      hasStatus: true,
      fields: podFields,
      columns: podColumns,
      outline: podOutline,
      strategy: podStrategy,
    },
    replicationcontrollers: { kind: "ReplicationController", shortNames: ["rc"], ...workload },
    serviceaccounts: { kind: "ServiceAccount", shortNames: ["sa"] },
    services: { kind: "Service", ...all, shortNames: ["svc"], hasStatus: true },
  }),
  ...group(definitionGroup, "v1", {
    customresourcedefinitions: {
      kind: "CustomResourceDefinition",
      ...cluster,
      shortNames: ["crd", "crds"],
      categories: ["api-extensions"],
      hasStatus: true,
      columns: definitionColumns,
      strategy: definitionStrategy,
    },
  }),
  ...group("apps", "v1", {
    daemonsets: { kind: "DaemonSet", ...all, shortNames: ["ds"], hasStatus: true },
    deployments: { kind: "Deployment", shortNames: ["deploy"], ...workload, columns: deploymentColumns },
    replicasets: { kind: "ReplicaSet", shortNames: ["rs"], ...workload },
    statefulsets: { kind: "StatefulSet", shortNames: ["sts"], ...workload },
  }),
  ...group("batch", "v1", { jobs: { kind: "Job", ...all, hasStatus: true, columns: jobColumns } }),
  ...group("coordination.k8s.io", "v1", { leases: { kind: "Lease", columns: leaseColumns } }),
  ...group("events.k8s.io", "v1", {
    events: {
      kind: "Event",
      storage: "events",
      shortNames: ["ev"],
      fields: eventsGroupFields,
      columns: eventColumns,
      conversion: eventConversion,
    },
  }),
  ...group("policy", "v1", {
    poddisruptionbudgets: { kind: "PodDisruptionBudget", shortNames: ["pdb"], hasStatus: true },
  }),
  ...group("resource.k8s.io", "v1", {
    deviceclasses: { kind: "DeviceClass", ...cluster },
    resourceclaims: { kind: "ResourceClaim", hasStatus: true },
    resourceclaimtemplates: { kind: "ResourceClaimTemplate" },
    resourceslices: { kind: "ResourceSlice", ...cluster },
  }),
  ...group("scheduling.k8s.io", "v1", {
    priorityclasses: {
      kind: "PriorityClass",
      ...cluster,
      shortNames: ["pc"],
      columns: priorityClassColumns,
      strategy: priorityClassStrategy,
    },
  }),
  ...group("storage.k8s.io", "v1", {
    csidrivers: { kind: "CSIDriver", ...cluster },
    csinodes: { kind: "CSINode", ...cluster },
    csistoragecapacities: { kind: "CSIStorageCapacity", singular: "csistoragecapacity" },
    storageclasses: { kind: "StorageClass", ...cluster, shortNames: ["sc"] },
    volumeattachments: { kind: "VolumeAttachment", ...cluster, hasStatus: true },
  }),
];

/** Of this table only: definitions add more. */
export function findResource(group: string, version: string, plural: string): Resource | undefined {
  return resources.find((row) => row.group === group && row.version === version && row.plural === plural);
}
