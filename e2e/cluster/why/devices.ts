import { make, merge, namespaceOf, nodeName, type Call, type Fields, type Situation } from "./situation.ts";

const resources = "/apis/resource.k8s.io/v1";
const driver = "gpu.example.com";
const usesClaim = { resourceClaims: [{ name: "gpu", resourceClaimName: "gpu" }] };

const claimsOf = (situation: string): string => `${resources}/namespaces/${namespaceOf(situation)}/resourceclaims`;

/** `exactly` is all that is wanted, unless more is said. */
function claim(situation: string, exactly: Fields, { name = "gpu", ...more }: Fields & { name?: string } = {}): Call {
  const requests = [{ name: "one", exactly }];
  // As kube-scheduler leaves a claim that it gave devices to.
  const metadata = { name, ...(name === "other" && { finalizers: ["resource.kubernetes.io/delete-protection"] }) };
  return make(claimsOf(situation), { metadata, spec: { devices: { requests, ...more } } });
}

/** One for each situation, so that none depends on another. */
function deviceClass(name: string, more: Fields = {}): Call {
  return make(`${resources}/deviceclasses`, {
    metadata: { name },
    spec: { selectors: [{ cel: { expression: `device.driver == "${driver}"` } }], ...more },
  });
}

/** A pool with the name of its slice, on node `a` unless another is said. There is no driver that would publish it. */
function slice(
  situation: string,
  devices: readonly Fields[],
  { node = "a", pool = "pool", ...more }: Fields & { node?: string; pool?: string } = {},
): Call {
  const name = `why-${situation}-${pool}`;
  return make(`${resources}/resourceslices`, {
    metadata: { name },
    spec: {
      driver,
      nodeName: nodeName(situation, node),
      pool: { name, generation: 1, resourceSliceCount: 1 },
      devices,
      ...more,
    },
  });
}

const statusOf = (situation: string, name: string): string => `${claimsOf(situation)}/${name}/status`;

/** As kube-scheduler would have written it. */
function allocated(situation: string, { name = "other", users = [] as readonly Fields[] } = {}): Call {
  const result = { request: "one", driver, pool: `why-${situation}-pool`, device: "gpu-0" };
  const matchFields = [{ key: "metadata.name", operator: "In", values: [nodeName(situation, "a")] }];
  return merge(statusOf(situation, name), {
    status: {
      allocation: { devices: { results: [result] }, nodeSelector: { nodeSelectorTerms: [{ matchFields }] } },
      ...(users.length > 0 && { reservedFor: users }),
    },
  });
}

/** What the controller does with a claim that nobody uses any more. */
const released = (situation: string): Call =>
  merge(statusOf(situation, "other"), { status: { allocation: null, reservedFor: null } });

const className = (situation: string): string => `${situation}.example.com`;

/** A class, the slices, and the claim of the pod. */
function furnished(
  situation: string,
  slices: readonly Call[],
  exactly: Fields = {},
  more: Fields = {},
): readonly Call[] {
  const deviceClassName = className(situation);
  return [deviceClass(deviceClassName), ...slices, claim(situation, { deviceClassName, ...exactly }, more)];
}

const gpu = (number: number, more: Fields = {}): Fields => ({ name: `gpu-${number}`, ...more });

export const deviceSituations: readonly Situation[] = [
  {
    name: "device-claim-gone",
    code: "pre-enqueue",
    says: 'Held by DynamicResources: could not find ResourceClaim "why-device-claim-gone/gpu".',
    nodes: [{ name: "a" }],
    pod: { spec: usesClaim },
    hears: "nothing",
    cure: "none",
  },
  {
    name: "device-template",
    code: "pre-enqueue",
    says: 'Held by DynamicResources: pod "why-device-template/pod": ResourceClaim not created yet.',
    nodes: [{ name: "a" }],
    objects: [
      make(`${resources}/namespaces/${namespaceOf("device-template")}/resourceclaimtemplates`, {
        metadata: { name: "gpu" },
        spec: { spec: { devices: { requests: [{ name: "one", exactly: { deviceClassName: "gpu.example.com" } }] } } },
      }),
    ],
    pod: { spec: { resourceClaims: [{ name: "gpu", resourceClaimTemplateName: "gpu" }] } },
    hears: "nothing",
    cure: "none",
  },
  {
    name: "device-class-gone",
    code: "device-wait",
    says: "Waiting for devices: request one: device class none.example.com does not exist.",
    nodes: [{ name: "a" }],
    objects: [claim("device-class-gone", { deviceClassName: "none.example.com" })],
    pod: { spec: usesClaim },
    cure: "none",
  },
  {
    name: "no-device",
    code: "device-wait",
    says: "Waiting for devices: claim gpu has no free no-device.example.com. No node that it may use has devices.",
    nodes: [{ name: "a" }],
    objects: furnished("no-device", []),
    pod: { spec: usesClaim },
    cure: { calls: [slice("no-device", [gpu(0)])] },
  },
  {
    name: "device-taken",
    code: "device-wait",
    says: "1 of 1 device on nodes that it may use is selected, 1 taken by why-device-taken/trains.",
    nodes: [{ name: "a" }],
    objects: [
      ...furnished("device-taken", [slice("device-taken", [gpu(0)])]),
      claim("device-taken", { deviceClassName: className("device-taken") }, { name: "other" }),
    ],
    running: [
      {
        name: "trains",
        on: "a",
        spec: { resourceClaims: [{ name: "gpu", resourceClaimName: "other" }] },
        afterwards: [allocated("device-taken", { users: [{ resource: "pods", name: "trains", uid: "UID" }] })],
      },
    ],
    pod: { spec: usesClaim },
    cure: { nearMiss: "device", afterwards: [released("device-taken")] },
  },
  {
    name: "device-unused",
    code: "device-wait",
    says: "1 taken by why-device-unused/claim other.",
    facts: ["Devices for gpu, request one"],
    nodes: [{ name: "a" }],
    objects: [
      ...furnished("device-unused", [slice("device-unused", [gpu(0)])]),
      claim("device-unused", { deviceClassName: className("device-unused") }, { name: "other" }),
      allocated("device-unused"),
    ],
    pod: { spec: usesClaim },
    cure: { nearMiss: "device", afterwards: [released("device-unused")] },
  },
  {
    name: "device-selector",
    code: "device-wait",
    says: "Of 2 devices on nodes that it may use none is selected: 2 are excluded by device.capacity[",
    nodes: [{ name: "a" }],
    objects: furnished(
      "device-selector",
      [
        slice(
          "device-selector",
          [0, 1].map((each) => gpu(each, { capacity: { memory: { value: "40Gi" } } })),
        ),
      ],
      {
        selectors: [{ cel: { expression: `device.capacity["${driver}"].memory.isGreaterThan(quantity("60Gi"))` } }],
      },
    ),
    pod: { spec: usesClaim },
    cure: {
      calls: [slice("device-selector", [gpu(0, { capacity: { memory: { value: "80Gi" } } })], { pool: "larger" })],
    },
  },
  {
    name: "device-attribute",
    code: "plugin-error",
    says: "claim why-device-attribute/gpu: selector #0: CEL runtime error: no such key: model",
    nodes: [{ name: "a" }],
    objects: furnished("device-attribute", [slice("device-attribute", [gpu(0)])], {
      selectors: [{ cel: { expression: `device.attributes["${driver}"].model == "h100"` } }],
    }),
    pod: { spec: usesClaim },
    hears: "an error",
    cure: "none",
  },
  {
    name: "device-numa",
    code: "device-wait",
    says: "2 free, but not together with all else that is wanted.",
    nodes: [{ name: "a" }],
    objects: furnished(
      "device-numa",
      [
        slice(
          "device-numa",
          [0, 1].map((each) => gpu(each, { attributes: { numa: { int: each } } })),
        ),
      ],
      { count: 2 },
      { constraints: [{ matchAttribute: `${driver}/numa` }] },
    ),
    pod: { spec: usesClaim },
    cure: { calls: [slice("device-numa", [gpu(2, { attributes: { numa: { int: 1 } } })], { pool: "third" })] },
  },
  {
    name: "device-taint",
    code: "device-wait",
    says: "1 tainted broken=yes:NoSchedule.",
    nodes: [{ name: "a" }],
    objects: furnished("device-taint", [
      slice("device-taint", [gpu(0, { taints: [{ key: "broken", value: "yes", effect: "NoSchedule" }] })]),
    ]),
    pod: { spec: usesClaim },
    cure: {
      calls: [merge(`${resources}/resourceslices/why-device-taint-pool`, { spec: { devices: [gpu(0)] } })],
    },
  },
  {
    name: "device-admin",
    code: "device-wait",
    says: "1 of 1 device on nodes that it may use is selected, at most 1 free on one node, where 2 are wanted.",
    nodes: [{ name: "a" }],
    objects: [
      merge(`/api/v1/namespaces/${namespaceOf("device-admin")}`, {
        metadata: { labels: { "resource.kubernetes.io/admin-access": "true" } },
      }),
      ...furnished("device-admin", [slice("device-admin", [gpu(0)])], { adminAccess: true, count: 2 }),
      claim("device-admin", { deviceClassName: className("device-admin") }, { name: "other" }),
      allocated("device-admin"),
    ],
    pod: { spec: usesClaim },
    cure: { calls: [slice("device-admin", [gpu(1)], { pool: "second" })] },
  },
  {
    name: "device-cordoned",
    code: "device-wait",
    says: "No node that it may use has devices.",
    nodes: [{ name: "a" }, { name: "b", isCordoned: true }],
    objects: furnished("device-cordoned", [slice("device-cordoned", [gpu(0)], { node: "b" })]),
    pod: { spec: usesClaim },
    cure: { nearMiss: "cordon" },
  },
  {
    name: "device-parts",
    code: "device-wait",
    says: "2 free, but not together with all else that is wanted.",
    nodes: [{ name: "a" }],
    objects: furnished(
      "device-parts",
      [
        slice("device-parts", [], {
          pool: "card",
          devices: undefined,
          sharedCounters: [{ name: "card", counters: { memory: { value: "40Gi" } } }],
        }),
        slice(
          "device-parts",
          [0, 1].map((each) =>
            gpu(each, { consumesCounters: [{ counterSet: "card", counters: { memory: { value: "30Gi" } } }] }),
          ),
        ),
      ].map((call) => ofOnePool(call, "why-device-parts")),
      { count: 2 },
    ),
    pod: { spec: usesClaim },
    cure: { calls: [slice("device-parts", [gpu(2)], { pool: "another" })] },
  },
  {
    name: "device-extended",
    code: "device-wait",
    says: "Waiting for devices: claim for extended resources has no free device-extended.example.com.",
    nodes: [{ name: "a" }],
    objects: [deviceClass(className("device-extended"), { extendedResourceName: "device-extended.example.com/gpu" })],
    pod: {
      container: {
        resources: {
          requests: { "device-extended.example.com/gpu": "1" },
          limits: { "device-extended.example.com/gpu": "1" },
        },
      },
    },
    cure: { calls: [slice("device-extended", [gpu(0)])] },
  },
];

/** Two slices that make one pool. */
function ofOnePool(call: Call, name: string): Call {
  const { metadata, spec } = call.body as { readonly metadata: Fields; readonly spec: Fields };
  return { ...call, body: { metadata, spec: { ...spec, pool: { name, generation: 1, resourceSliceCount: 2 } } } };
}
