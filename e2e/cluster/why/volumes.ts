import { make, merge, namespaceOf, nodeName, type Call, type Fields, type Situation } from "./situation.ts";

const zone = "topology.kubernetes.io/zone";
const volumes = "/api/v1/persistentvolumes";
const storage = "/apis/storage.k8s.io/v1";
const driver = "csi.example.com";

/** There is no volume controller here: what it would write, we write. */
function claim(situation: string, spec: Fields, more: Fields = {}): readonly Call[] {
  const path = `/api/v1/namespaces/${namespaceOf(situation)}/persistentvolumeclaims`;
  const { phase = "Pending", metadata = {} } = more as { readonly phase?: string; readonly metadata?: Fields };
  return [
    make(path, {
      metadata: { name: "data", ...metadata },
      spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } }, ...spec },
    }),
    merge(`${path}/data/status`, { status: { phase } }),
  ];
}

const isBound = { metadata: { annotations: { "pv.kubernetes.io/bind-completed": "yes" } }, phase: "Bound" };

/** A claim with its volume. */
function bound(situation: string, volume: Fields = {}, claimSpec: Fields = {}): readonly Call[] {
  const { labels = {}, ...spec } = volume as { readonly labels?: Fields };
  const name = `why-${situation}`;
  return [
    make(volumes, {
      metadata: { name, labels },
      spec: {
        capacity: { storage: "1Gi" },
        accessModes: claimSpec["accessModes"] ?? ["ReadWriteOnce"],
        storageClassName: "",
        claimRef: { namespace: namespaceOf(situation), name: "data" },
        csi: { driver, volumeHandle: name },
        ...spec,
      },
    }),
    merge(`${volumes}/${name}/status`, { status: { phase: "Bound" } }),
    ...claim(situation, { storageClassName: "", volumeName: name, ...claimSpec }, isBound),
  ];
}

function storageClass(name: string, more: Fields): Call {
  return make(`${storage}/storageclasses`, { metadata: { name: `why-${name}` }, ...more });
}

function onNodesWith(key: string, ...values: readonly string[]): Fields {
  return {
    nodeAffinity: { required: { nodeSelectorTerms: [{ matchExpressions: [{ key, operator: "In", values }] }] } },
  };
}

const usesClaim = { volumes: [{ name: "data", persistentVolumeClaim: { claimName: "data" } }] };

/** iSCSI has no driver to move to: two pods cannot write to one disk of it on one node. */
const disk = {
  volumes: [{ name: "disk", iscsi: { targetPortal: "10.0.0.1:3260", iqn: "iqn.2026-01.example:a", lun: 0 } }],
};

export const volumeSituations: readonly Situation[] = [
  {
    name: "claim-gone",
    code: "claim-missing",
    says: "Claim data does not exist.",
    nodes: [{ name: "a" }],
    pod: { spec: usesClaim },
    cure: { calls: bound("claim-gone") },
  },
  {
    name: "claim-ephemeral",
    code: "claim-missing",
    says: "Claim pod-scratch does not exist.",
    nodes: [{ name: "a" }],
    pod: {
      spec: {
        volumes: [
          {
            name: "scratch",
            ephemeral: {
              volumeClaimTemplate: {
                spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } } },
              },
            },
          },
        ],
      },
    },
    cure: "none",
  },
  {
    name: "claim-leaving",
    code: "no-fit",
    says: 'No node fits: persistentvolumeclaim "data" is being deleted.',
    nodes: [{ name: "a" }],
    objects: [
      ...claim("claim-leaving", {}, { metadata: { finalizers: ["example.com/keep"] } }),
      { method: "DELETE", path: `/api/v1/namespaces/${namespaceOf("claim-leaving")}/persistentvolumeclaims/data` },
    ],
    pod: { spec: usesClaim },
    cure: "none",
  },
  {
    name: "claim-lost",
    code: "no-fit",
    says: 'persistentvolumeclaim "data" bound to non-existent persistentvolume "why-lost"',
    nodes: [{ name: "a" }],
    objects: claim("claim-lost", { volumeName: "why-lost", storageClassName: "" }, { phase: "Lost" }),
    pod: { spec: usesClaim },
    facts: ["Claim data"],
    cure: "none",
  },
  {
    name: "claim-immediate",
    code: "volume-unbound",
    says: "Claim data is not bound yet: Immediate, storage class why-immediate has to provide a volume first.",
    nodes: [{ name: "a" }],
    objects: [
      storageClass("immediate", { provisioner: driver, volumeBindingMode: "Immediate" }),
      ...claim("claim-immediate", { storageClassName: "why-immediate" }),
    ],
    pod: { spec: usesClaim },
    facts: ["Claim data"],
    cure: "none",
  },
  {
    name: "claim-no-class",
    code: "volume-unbound",
    says: "Claim data is not bound yet: Immediate, it names no storage class.",
    nodes: [{ name: "a" }],
    objects: claim("claim-no-class", { storageClassName: "" }),
    pod: { spec: usesClaim },
    cure: {
      calls: [
        make(volumes, {
          metadata: { name: "why-claim-no-class" },
          spec: {
            capacity: { storage: "1Gi" },
            accessModes: ["ReadWriteOnce"],
            storageClassName: "",
            claimRef: { namespace: namespaceOf("claim-no-class"), name: "data" },
            csi: { driver, volumeHandle: "why-claim-no-class" },
          },
        }),
        merge(`/api/v1/namespaces/${namespaceOf("claim-no-class")}/persistentvolumeclaims/data`, {
          metadata: isBound.metadata,
          spec: { volumeName: "why-claim-no-class" },
        }),
        merge(`/api/v1/namespaces/${namespaceOf("claim-no-class")}/persistentvolumeclaims/data/status`, {
          status: { phase: "Bound" },
        }),
      ],
    },
  },
  {
    name: "no-volume",
    code: "volume-wait",
    says: "Waiting for a volume: no match for data in zone-n.",
    nodes: [{ name: "a", labels: { [zone]: "zone-n" } }],
    objects: [
      storageClass("static", {
        provisioner: "kubernetes.io/no-provisioner",
        volumeBindingMode: "WaitForFirstConsumer",
      }),
      ...claim("no-volume", { storageClassName: "why-static" }),
    ],
    pod: { spec: usesClaim },
    cure: "none",
  },
  {
    name: "volume-elsewhere",
    code: "volume-wait",
    says: "Waiting for a volume: no match for data in any zone.",
    nodes: [{ name: "a" }],
    objects: [
      storageClass("local", { provisioner: "kubernetes.io/no-provisioner", volumeBindingMode: "WaitForFirstConsumer" }),
      make(volumes, {
        metadata: { name: "why-volume-elsewhere" },
        spec: {
          capacity: { storage: "1Gi" },
          accessModes: ["ReadWriteOnce"],
          storageClassName: "why-local",
          local: { path: "/data" },
          ...onNodesWith("kubernetes.io/hostname", "why-nowhere"),
        },
      }),
      merge(`${volumes}/why-volume-elsewhere/status`, { status: { phase: "Available" } }),
      ...claim("volume-elsewhere", { storageClassName: "why-local" }),
    ],
    pod: { spec: usesClaim },
    cure: "none",
  },
  {
    name: "class-topology",
    code: "volume-wait",
    says: "Waiting for a volume: no match for data in zone-t.",
    nodes: [{ name: "a", labels: { [zone]: "zone-t" } }],
    objects: [
      storageClass("topology", {
        provisioner: driver,
        volumeBindingMode: "WaitForFirstConsumer",
        allowedTopologies: [{ matchLabelExpressions: [{ key: zone, values: ["zone-u"] }] }],
      }),
      ...claim("class-topology", { storageClassName: "why-topology" }),
    ],
    pod: { spec: usesClaim },
    cure: "none",
  },
  {
    name: "no-capacity",
    code: "volume-wait",
    says: "no match for data",
    nodes: [{ name: "a" }],
    objects: [
      make(`${storage}/csidrivers`, { metadata: { name: "scarce.example.com" }, spec: { storageCapacity: true } }),
      storageClass("scarce", { provisioner: "scarce.example.com", volumeBindingMode: "WaitForFirstConsumer" }),
      ...claim("no-capacity", { storageClassName: "why-scarce" }),
    ],
    pod: { spec: usesClaim },
    cure: "none",
  },
  {
    name: "volume-affinity",
    code: "volume-zone",
    says: "Volume is in zone-b, where no node fits.",
    nodes: [{ name: "a", labels: { [zone]: "zone-a" } }],
    objects: bound("volume-affinity", onNodesWith(zone, "zone-b")),
    pod: { spec: usesClaim },
    facts: ["Claim data"],
    cure: "none",
  },
  {
    name: "volume-label",
    code: "volume-zone",
    says: "Volume is in zone-d, where no node fits.",
    nodes: [{ name: "a", labels: { [zone]: "zone-c" } }],
    objects: bound("volume-label", { labels: { [zone]: "zone-d" } }),
    pod: { spec: usesClaim },
    cure: "none",
  },
  {
    name: "one-pod-only",
    code: "no-fit",
    says: "1 does not suit its volumes.",
    nodes: [{ name: "a" }],
    objects: bound("one-pod-only", {}, { accessModes: ["ReadWriteOncePod"] }),
    running: [{ name: "holder", on: "a", spec: usesClaim }],
    pod: { spec: usesClaim },
    cure: { nearMiss: "volume" },
  },
  {
    name: "one-disk",
    code: "no-fit",
    says: "1 does not suit its volumes.",
    nodes: [{ name: "a" }],
    running: [{ name: "holder", on: "a", spec: disk }],
    pod: { spec: disk },
    cure: { nearMiss: "volume" },
  },
  {
    name: "attached-out",
    code: "volume-limit",
    says: "Volume limit reached on the only eligible node.",
    nodes: [{ name: "a" }],
    objects: [
      make(`${storage}/csinodes`, {
        metadata: { name: nodeName("attached-out", "a") },
        spec: { drivers: [{ name: driver, nodeID: "a", topologyKeys: [], allocatable: { count: 1 } }] },
      }),
      ...bound("attached-out"),
      make(volumes, {
        metadata: { name: "why-attached-first" },
        spec: {
          capacity: { storage: "1Gi" },
          accessModes: ["ReadWriteOnce"],
          storageClassName: "",
          claimRef: { namespace: namespaceOf("attached-out"), name: "first" },
          csi: { driver, volumeHandle: "why-attached-first" },
        },
      }),
      make(`/api/v1/namespaces/${namespaceOf("attached-out")}/persistentvolumeclaims`, {
        metadata: { name: "first", ...isBound.metadata },
        spec: {
          accessModes: ["ReadWriteOnce"],
          storageClassName: "",
          volumeName: "why-attached-first",
          resources: { requests: { storage: "1Gi" } },
        },
      }),
    ],
    running: [
      {
        name: "holder",
        on: "a",
        spec: { volumes: [{ name: "data", persistentVolumeClaim: { claimName: "first" } }] },
      },
    ],
    pod: { spec: usesClaim },
    cure: { nearMiss: "volume" },
  },
];
