import { make, namespaceOf, nodeName, type Call, type Situation } from "./situation.ts";

const resources = "/apis/resource.k8s.io/v1";

function claim(situation: string, deviceClassName: string): Call {
  return make(`${resources}/namespaces/${namespaceOf(situation)}/resourceclaims`, {
    metadata: { name: "gpu" },
    spec: { devices: { requests: [{ name: "one", exactly: { deviceClassName } }] } },
  });
}

function deviceClass(name: string): Call {
  return make(`${resources}/deviceclasses`, {
    metadata: { name },
    spec: { selectors: [{ cel: { expression: `device.driver == "${name}"` } }] },
  });
}

const usesClaim = { resourceClaims: [{ name: "gpu", resourceClaimName: "gpu" }] };

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
    objects: [claim("device-class-gone", "none.example.com")],
    pod: { spec: usesClaim },
    cure: "none",
  },
  {
    name: "no-device",
    code: "device-wait",
    says: "Waiting for devices: claim gpu has no free gpu.example.com.",
    nodes: [{ name: "a" }],
    objects: [deviceClass("gpu.example.com"), claim("no-device", "gpu.example.com")],
    pod: { spec: usesClaim },
    cure: {
      calls: [
        make(`${resources}/resourceslices`, {
          metadata: { name: "why-no-device" },
          spec: {
            driver: "gpu.example.com",
            nodeName: nodeName("no-device", "a"),
            pool: { name: "pool", generation: 1, resourceSliceCount: 1 },
            devices: [{ name: "gpu-0" }],
          },
        }),
      ],
    },
  },
];
