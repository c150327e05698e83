import { nodeColumns } from "../columns/node-columns.ts";
import { podColumns } from "../columns/pod-columns.ts";
import { eventColumns } from "../columns/event-columns.ts";
import {
  claimStateColumns,
  configMapColumns,
  defaultColumns,
  disruptionBudgetColumns,
  leaseColumns,
  namespaceColumns,
  plainColumns,
  priorityClassColumns,
  resourceSliceColumns,
  serviceColumns,
} from "../columns/other-columns.ts";
import {
  attachmentColumns,
  claimColumns,
  csiDriverColumns,
  csiNodeColumns,
  storageClassColumns,
  volumeColumns,
} from "../columns/storage-columns.ts";
import {
  daemonSetColumns,
  deploymentColumns,
  jobColumns,
  replicaSetColumns,
  replicationControllerColumns,
  statefulSetColumns,
} from "../columns/workload-columns.ts";
import { definitionStrategy } from "../definitions/definition-strategy.ts";
import { definitionGroup } from "../definitions/definition.ts";
import { eventConversion } from "./event-conversion.ts";
import { eventFields, eventsGroupFields, metadataFields, namespaceFields, nodeFields, podFields } from "./fields.ts";
import { nodeOutline, plainOutline, podOutline } from "./outline.ts";

import type { Resource } from "./resource.ts";
import { podStrategy } from "../strategies/pod-strategy.ts";
import {
  attachmentStrategy,
  claimStrategy,
  disruptionBudgetStrategy,
  driverStrategy,
  namespaceStrategy,
  nodeStrategy,
  plainStrategy,
  priorityClassStrategy,
  resourceClaimStrategy,
  serviceStrategy,
  storageClassStrategy,
  volumeStrategy,
} from "../strategies/strategies.ts";
import {
  daemonSetStrategy,
  deploymentStrategy,
  jobStrategy,
  replicaSetStrategy,
  replicationControllerStrategy,
  statefulSetStrategy,
} from "../strategies/workload-strategies.ts";

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
    hasGeneration: row.hasStatus ?? false,
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
const workload = { ...all, hasStatus: true, hasScale: true };

/** Everything this server serves. Another kind is another row. */
export const resources: readonly Resource[] = [
  ...group("", "v1", {
    configmaps: { kind: "ConfigMap", shortNames: ["cm"], columns: configMapColumns },
    events: { kind: "Event", shortNames: ["ev"], fields: eventFields, columns: eventColumns },
    namespaces: {
      kind: "Namespace",
      ...cluster,
      shortNames: ["ns"],
      hasStatus: true,
      fields: namespaceFields,
      columns: namespaceColumns,
      hasGeneration: false,
      strategy: namespaceStrategy,
    },
    nodes: {
      kind: "Node",
      ...cluster,
      shortNames: ["no"],
      hasStatus: true,
      fields: nodeFields,
      columns: nodeColumns,
      strategy: nodeStrategy,
      hasGeneration: false,
      outline: nodeOutline,
    },
    persistentvolumeclaims: {
      kind: "PersistentVolumeClaim",
      shortNames: ["pvc"],
      hasStatus: true,
      columns: claimColumns,
      hasGeneration: false,
      strategy: claimStrategy,
    },
    persistentvolumes: {
      kind: "PersistentVolume",
      ...cluster,
      shortNames: ["pv"],
      hasStatus: true,
      columns: volumeColumns,
      strategy: volumeStrategy,
      hasGeneration: false,
    },
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
    replicationcontrollers: {
      kind: "ReplicationController",
      shortNames: ["rc"],
      ...workload,
      columns: replicationControllerColumns,
      strategy: replicationControllerStrategy,
    },
    serviceaccounts: { kind: "ServiceAccount", shortNames: ["sa"] },
    services: {
      kind: "Service",
      ...all,
      shortNames: ["svc"],
      hasStatus: true,
      columns: serviceColumns,
      strategy: serviceStrategy,
      hasGeneration: false,
    },
  }),
  ...group(definitionGroup, "v1", {
    customresourcedefinitions: {
      kind: "CustomResourceDefinition",
      ...cluster,
      shortNames: ["crd", "crds"],
      categories: ["api-extensions"],
      hasStatus: true,
      columns: defaultColumns,
      strategy: definitionStrategy,
    },
  }),
  ...group("apps", "v1", {
    daemonsets: {
      kind: "DaemonSet",
      ...all,
      shortNames: ["ds"],
      hasStatus: true,
      columns: daemonSetColumns,
      strategy: daemonSetStrategy,
    },
    deployments: {
      kind: "Deployment",
      shortNames: ["deploy"],
      ...workload,
      columns: deploymentColumns,
      strategy: deploymentStrategy,
    },
    replicasets: {
      kind: "ReplicaSet",
      shortNames: ["rs"],
      ...workload,
      columns: replicaSetColumns,
      strategy: replicaSetStrategy,
    },
    statefulsets: {
      kind: "StatefulSet",
      shortNames: ["sts"],
      ...workload,
      columns: statefulSetColumns,
      strategy: statefulSetStrategy,
    },
  }),
  ...group("batch", "v1", {
    jobs: { kind: "Job", ...all, hasStatus: true, columns: jobColumns, strategy: jobStrategy },
  }),
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
    poddisruptionbudgets: {
      kind: "PodDisruptionBudget",
      shortNames: ["pdb"],
      hasStatus: true,
      columns: disruptionBudgetColumns,
      strategy: disruptionBudgetStrategy,
    },
  }),
  ...group("resource.k8s.io", "v1", {
    deviceclasses: { kind: "DeviceClass", ...cluster },
    resourceclaims: {
      kind: "ResourceClaim",
      hasStatus: true,
      columns: claimStateColumns,
      strategy: resourceClaimStrategy,
      hasGeneration: false,
    },
    resourceclaimtemplates: { kind: "ResourceClaimTemplate" },
    resourceslices: { kind: "ResourceSlice", ...cluster, columns: resourceSliceColumns, hasGeneration: true },
  }),
  ...group("scheduling.k8s.io", "v1", {
    priorityclasses: {
      kind: "PriorityClass",
      ...cluster,
      shortNames: ["pc"],
      columns: priorityClassColumns,
      hasGeneration: true,
      strategy: priorityClassStrategy,
    },
  }),
  ...group("storage.k8s.io", "v1", {
    csidrivers: { kind: "CSIDriver", ...cluster, columns: csiDriverColumns, strategy: driverStrategy },
    csinodes: { kind: "CSINode", ...cluster, columns: csiNodeColumns },
    csistoragecapacities: { kind: "CSIStorageCapacity", columns: defaultColumns },
    storageclasses: {
      kind: "StorageClass",
      ...cluster,
      shortNames: ["sc"],
      columns: storageClassColumns,
      strategy: storageClassStrategy,
    },
    volumeattachments: {
      kind: "VolumeAttachment",
      ...cluster,
      hasStatus: true,
      columns: attachmentColumns,
      strategy: attachmentStrategy,
      hasGeneration: false,
    },
  }),
];

/** Of this table only: definitions add more. */
export function findResource(group: string, version: string, plural: string): Resource | undefined {
  return resources.find((row) => row.group === group && row.version === version && row.plural === plural);
}
