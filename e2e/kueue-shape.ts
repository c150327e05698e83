/** The shape of Kueue's API as far as it is read: definitions of our own, so that a cluster without Kueue can hold its words. */
import type { KubeApi } from "./kube-api.ts";

export const kueueGroup = "kueue.x-k8s.io";
const definitions = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";

/** A version is served, another one may be, too: which is stored is nobody's business. */
export async function defineKueue(api: KubeApi, version: "v1beta1" | "v1beta2"): Promise<void> {
  for (const [plural, kind] of [
    ["workloads", "Workload"],
    ["localqueues", "LocalQueue"],
  ] as const) {
    await api.request("POST", definitions, {
      apiVersion: "apiextensions.k8s.io/v1",
      kind: "CustomResourceDefinition",
      metadata: {
        name: `${plural}.${kueueGroup}`,
        // The API server wants a reason for names below its own domain.
        annotations: { "api-approved.kubernetes.io": "unapproved, a shape for tests" },
      },
      spec: {
        group: kueueGroup,
        scope: "Namespaced",
        names: { plural, singular: kind.toLowerCase(), kind, listKind: `${kind}List` },
        versions: [
          {
            name: version,
            served: true,
            storage: true,
            schema: { openAPIV3Schema: { type: "object", "x-kubernetes-preserve-unknown-fields": true } },
          },
        ],
      },
    });
  }
}

/** Some time after they were defined. */
export async function isKueueServed(api: KubeApi, version: string): Promise<boolean> {
  const statuses = await Promise.all(
    ["workloads", "localqueues"].map((plural) => api.send("GET", `/apis/${kueueGroup}/${version}/${plural}?limit=1`)),
  );
  return statuses.every(({ status }) => status === 200);
}

export function kueuePath(version: string, namespace: string, plural: "workloads" | "localqueues"): string {
  return `/apis/${kueueGroup}/${version}/namespaces/${namespace}/${plural}`;
}

/** Of one pod. `uid` is that of the pod. */
export function aWorkload(
  version: string,
  pod: { readonly name: string; readonly uid: string },
  conditions: readonly object[],
  status: object = {},
): object {
  return {
    apiVersion: `${kueueGroup}/${version}`,
    kind: "Workload",
    metadata: {
      name: `pod-${pod.name}-a1b2c`,
      ownerReferences: [{ apiVersion: "v1", kind: "Pod", name: pod.name, uid: pod.uid }],
      labels: { [`${kueueGroup}/job-uid`]: pod.uid },
    },
    spec: { queueName: "training", active: true },
    status: { conditions, ...status },
  };
}

export function aLocalQueue(version: string, status: object): object {
  return {
    apiVersion: `${kueueGroup}/${version}`,
    kind: "LocalQueue",
    metadata: { name: "training" },
    spec: { clusterQueue: "gpu" },
    status,
  };
}
