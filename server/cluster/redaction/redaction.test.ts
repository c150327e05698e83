import { describe, expect, it } from "vitest";
import type { KubeObject, Pod } from "#lib/kube/index.ts";
import { isSecret, nodeForScheduling, podForScheduling, redact, redacted, transformFor } from "./index.ts";

const canary = "canary-7f3a";
const text = (value: unknown) => JSON.stringify(value);

function freezeAll<T>(value: T): T {
  if (typeof value === "object" && value !== null) {
    Object.freeze(value);
    Object.values(value).forEach(freezeAll);
  }
  return value;
}

const container = {
  name: "main",
  image: "nginx",
  env: [{ name: "PASSWORD", value: canary }],
  envFrom: [{ secretRef: { name: canary } }],
  args: ["--token", canary],
  command: ["sh", "-c", canary],
  livenessProbe: { exec: { command: ["curl", canary] } },
  readinessProbe: { httpGet: { path: "/", httpHeaders: [{ name: "Authorization", value: canary }] } },
  resources: { requests: { cpu: "1" } },
  ports: [{ hostPort: 80 }],
};

const podSpec = {
  schedulerName: "default-scheduler",
  nodeSelector: { env: "prod" },
  containers: [container],
  initContainers: [{ ...container, name: "init" }],
  ephemeralContainers: [{ ...container, name: "debug" }],
  volumes: [
    { name: "v", persistentVolumeClaim: { claimName: "claim" } },
    { name: "e", ephemeral: { volumeClaimTemplate: { metadata: { annotations: { note: canary } } } } },
    { name: "s", secret: { secretName: "db" } },
  ],
};

const metadata = {
  name: "a",
  namespace: "default",
  uid: "u1",
  resourceVersion: "7",
  labels: { env: "prod", data: "hot", command: "go" },
  annotations: {
    "kubectl.kubernetes.io/last-applied-configuration": canary,
    "volume.kubernetes.io/selected-node": "n1",
  },
  managedFields: [
    { manager: "kubectl", operation: "Update", time: "2026-11-03T00:00:00Z", fieldsV1: { canary } },
    { manager: "kube-scheduler", subresource: "status", time: "2026-11-01T00:00:00Z" },
    { manager: "kube-scheduler", subresource: "status", time: "2026-11-02T00:00:00Z" },
    { manager: "kube-scheduler", time: "2026-11-04T00:00:00Z" },
  ],
};

const canaries: readonly (readonly [string, object])[] = [
  ["a pod", { metadata, spec: podSpec }],
  ["a Deployment", { metadata, spec: { template: { metadata, spec: podSpec } } }],
  ["a CronJob", { metadata, spec: { jobTemplate: { spec: { template: { metadata, spec: podSpec } } } } }],
  ["a ConfigMap", { metadata, data: { key: canary }, binaryData: { key: canary } }],
  ["a Secret", { metadata, data: { key: canary }, stringData: { key: canary } }],
  ["a ControllerRevision", { metadata, data: { spec: { template: { spec: podSpec } } } }],
  [
    "a workflow",
    { metadata, spec: { templates: [{ name: "t", container, script: { ...container, command: canary } }] } },
  ],
  ["a custom list of containers", { metadata, spec: { deep: [[{ sidecars: [container], steps: [container] }]] } }],
  ["a sealed secret", { metadata, spec: { template: { data: { key: canary }, stringData: canary } } }],
  ["a chart's values", { metadata, spec: { podAnnotations: { note: canary }, image: "x", env: canary, args: canary } }],
  [
    "a claim of devices",
    { metadata, spec: { devices: { config: [{ opaque: { driver: "x", parameters: { canary } } }] } } },
  ],
  ["an environment as a map", { metadata, spec: { worker: { env: { PASSWORD: canary } } } }],
];

describe("redaction", () => {
  it.each(canaries)("leaves no canary in %s", (_, object) => {
    expect(text(object)).toContain(canary);
    const result = redact(structuredClone(object) as KubeObject);
    expect(text(result)).not.toContain(canary);
    expect(text(result)).not.toContain("managedFields");
  });

  it.each(canaries)("of %s, done twice, changes nothing, also if it is frozen", (_, object) => {
    const once = redact(structuredClone(object) as KubeObject);
    const before = text(once);
    expect(text(redact(freezeAll(once)))).toBe(before);
  });

  it("keeps labels and selectors, whatever they are called", () => {
    const service = {
      metadata: { name: "s", labels: { env: "prod" } },
      spec: {
        selector: { env: "prod", data: "hot" },
        template: { spec: { nodeSelector: { command: "go" }, affinity: { x: { matchLabels: { args: "1" } } } } },
      },
    };
    expect(redact(structuredClone(service))).toEqual(service);
  });

  it("says where something was, and which annotations there are", () => {
    const result = redact(structuredClone({ metadata, spec: { containers: [container] } }) as KubeObject);
    expect(result).toMatchObject({
      schedulerWroteAt: "2026-11-02T00:00:00Z",
      metadata: {
        annotations: {
          "kubectl.kubernetes.io/last-applied-configuration": redacted,
          "volume.kubernetes.io/selected-node": "n1",
        },
      },
      spec: {
        containers: [
          { name: "main", image: "nginx", env: redacted, args: redacted, resources: { requests: { cpu: "1" } } },
        ],
      },
    });
  });

  it("goes as deep as a custom resource does", () => {
    let spec: object = { env: [canary] };
    for (let depth = 0; depth < 100_000; depth++) spec = { spec };
    redact({ metadata: { name: "deep" }, spec } as KubeObject);
    let found = spec as { spec?: typeof spec; env?: unknown };
    while (found.spec !== undefined) found = found.spec;
    expect(found.env).toBe(redacted);
  });

  it("keeps what a driver says of its devices, whatever it calls it", () => {
    const transform = transformFor({ group: "resource.k8s.io", resource: "resourceslices" });
    const spec = {
      driver: "x",
      devices: [{ attributes: { env: { string: "lab" } }, capacity: { data: { value: "1" } } }],
    };
    expect(transform(structuredClone({ metadata, spec }))).toMatchObject({ spec });
    expect(text(transform(structuredClone({ metadata, spec })))).not.toContain(canary);
  });

  it("does not offer Secrets", () => {
    expect(isSecret({ group: "", resource: "secrets" })).toBe(true);
    expect(isSecret({ group: "example.com", resource: "secrets" })).toBe(false);
  });
});

describe("what is kept for scheduling", () => {
  const whole = {
    metadata,
    spec: podSpec,
    status: {
      phase: "Pending",
      conditions: [{ type: "PodScheduled", status: "False", message: "0/5 nodes", lastProbeTime: null }],
      containerStatuses: [{ name: "main", state: { terminated: { message: canary } } }],
    },
  };

  it("of a pod holds no canary, and the same the second time", () => {
    const once = podForScheduling(structuredClone(whole));
    expect(text(once)).not.toContain(canary);
    expect(podForScheduling(freezeAll(once))).toEqual(once);
    expect(once).toEqual({
      schedulerWroteAt: "2026-11-02T00:00:00Z",
      metadata: {
        name: "a",
        namespace: "default",
        uid: "u1",
        resourceVersion: "7",
        labels: { env: "prod", data: "hot", command: "go" },
        annotations: { "volume.kubernetes.io/selected-node": "n1" },
      },
      spec: {
        schedulerName: "default-scheduler",
        nodeSelector: { env: "prod" },
        containers: [{ name: "main", resources: { requests: { cpu: "1" } }, ports: [{ hostPort: 80 }] }],
        initContainers: [{ name: "init", resources: { requests: { cpu: "1" } }, ports: [{ hostPort: 80 }] }],
        volumes: [
          { name: "v", persistentVolumeClaim: { claimName: "claim" } },
          { name: "e", ephemeral: {} },
          { name: "s" },
        ],
      },
      status: {
        phase: "Pending",
        conditions: [{ type: "PodScheduled", status: "False", message: "0/5 nodes" }],
        containerStatuses: [{ name: "main" }],
      },
    });
  });

  it("of a node is what its pods are placed by", () => {
    const node = {
      metadata: { name: "n1", annotations: { "node.alpha.kubernetes.io/ttl": canary } },
      spec: { podCIDR: "10.0.0.0/24", taints: [{ key: "a", effect: "NoSchedule" }] },
      status: {
        allocatable: { cpu: "4" },
        images: [{ names: [canary] }],
        conditions: [{ type: "Ready", status: "True", lastHeartbeatTime: "2026-11-02T00:00:00Z" }],
      },
    };
    expect(nodeForScheduling(node)).toEqual({
      metadata: { name: "n1" },
      spec: { taints: [{ key: "a", effect: "NoSchedule" }] },
      status: { allocatable: { cpu: "4" }, conditions: [{ type: "Ready", status: "True" }] },
    });
  });

  it("is for pods and nodes of the core, and for nothing of that name elsewhere", () => {
    const kept = (group: string, resource: string) =>
      transformFor({ group, resource })({ metadata: { name: "a" }, spec: { unknown: 1 } } as KubeObject);
    expect(kept("", "pods")).toEqual({ metadata: { name: "a" }, spec: {} });
    expect(kept("", "nodes")).toEqual({ metadata: { name: "a" }, spec: {} });
    expect(kept("metrics.k8s.io", "pods")).toEqual({ metadata: { name: "a" }, spec: { unknown: 1 } });
    expect(kept("", "configmaps")).toEqual({ metadata: { name: "a" }, spec: { unknown: 1 } });
  });

  it("is one copy for pods of one owner, where they are equal", () => {
    const transform: (object: Pod) => Pod = transformFor({ group: "", resource: "pods" });
    const aPod = (name: string, owner: string, cpu: string): Pod => ({
      metadata: {
        name,
        labels: { app: "a" },
        ownerReferences: [{ apiVersion: "apps/v1", kind: "ReplicaSet", name: owner, uid: owner, controller: true }],
      },
      spec: {
        nodeName: name,
        containers: [{ name: "main", resources: { requests: { cpu } } }],
        tolerations: [{ key: "x" }],
      },
    });
    const first = freezeAll(transform(aPod("a", "rs", "1")));
    const alike = transform(aPod("b", "rs", "1"));
    const resized = transform(aPod("c", "rs", "2"));
    const other = transform(aPod("d", "another", "1"));
    for (const [pod, name, owner, cpu] of [
      [alike, "b", "rs", "1"],
      [resized, "c", "rs", "2"],
      [other, "d", "another", "1"],
    ] as const) {
      expect(pod).toEqual(aPod(name, owner, cpu));
    }
    expect(alike.spec?.containers).toBe(first.spec?.containers);
    expect(alike.metadata.labels).toBe(first.metadata.labels);
    expect(resized.spec?.containers).not.toBe(first.spec?.containers);
    expect(resized.spec?.tolerations).toBe(first.spec?.tolerations);
    expect(other.spec?.containers).not.toBe(first.spec?.containers);
  });
});
