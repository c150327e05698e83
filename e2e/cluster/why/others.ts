import { aLocalQueue, aWorkload, kueuePath } from "#e2e/kueue-shape.ts";
import { make, namespaceOf, type Call, type Fields, type Situation } from "./situation.ts";

/** The version of Kueue's API that the cluster of the tests serves. */
export const servedKueue = "v1beta2";

const subject = { name: "pod", uid: "UID" };

function workload(situation: string, conditions: readonly object[], status: object = {}): Call {
  const path = kueuePath(servedKueue, namespaceOf(situation), "workloads");
  return make(path, aWorkload(servedKueue, subject, conditions, status) as Fields);
}

function localQueue(situation: string, status: object): Call {
  return make(
    kueuePath(servedKueue, namespaceOf(situation), "localqueues"),
    aLocalQueue(servedKueue, status) as Fields,
  );
}

const condition = (type: string, status: "True" | "False", reason: string, message: string): object => ({
  type,
  status,
  reason,
  message,
  lastTransitionTime: "2026-01-01T00:00:00Z",
});

/** Written as each of them writes: through the old API, or through the new one. */
function event(situation: string, by: string, reason: string, note: string): Call {
  const namespace = namespaceOf(situation);
  return make(`/apis/events.k8s.io/v1/namespaces/${namespace}/events`, {
    metadata: { name: `said-by-${by}` },
    eventTime: "NOW",
    reportingController: by,
    reportingInstance: `${by}-0`,
    action: "Scheduling",
    reason,
    type: "Warning",
    note,
    regarding: { kind: "Pod", namespace, name: "pod", uid: "UID" },
  });
}

const gates = [{ name: "kueue.x-k8s.io/admission" }];
const labels = { "kueue.x-k8s.io/queue-name": "training" };

/** What others than kube-scheduler say of a pod stands beside its verdict, and changes nothing about it. */
export const otherSituations: readonly Situation[] = [
  {
    name: "gated-by-kueue",
    code: "gated",
    says: "Held by gates kueue.x-k8s.io/admission, example.com/license until they are removed.",
    nodes: [{ name: "a" }],
    objects: [localQueue("gated-by-kueue", { pendingWorkloads: 2 })],
    pod: { labels, spec: { schedulingGates: [...gates, { name: "example.com/license" }] } },
    hears: "held",
    afterwards: [
      workload("gated-by-kueue", [condition("QuotaReserved", "False", "Pending", "insufficient unused quota for cpu")]),
    ],
    facts: ["Kueue waits for quota", "In Kueue's queue training"],
    cure: "none",
  },
  {
    name: "kueue-checks",
    code: "gated",
    says: "Held by gate kueue.x-k8s.io/admission until it is removed.",
    nodes: [{ name: "a" }],
    objects: [localQueue("kueue-checks", { conditions: [condition("Active", "False", "Stopped", "it is stopped")] })],
    pod: { labels, spec: { schedulingGates: gates } },
    hears: "held",
    afterwards: [
      workload("kueue-checks", [condition("QuotaReserved", "True", "QuotaReserved", "")], {
        admissionChecks: [{ name: "budget", state: "Pending", message: "asking" }],
      }),
    ],
    facts: ["Kueue has its quota, and waits for checks", "Kueue's queue training is not active"],
    cure: "none",
  },
  {
    name: "kueue-unseen",
    code: "gated",
    says: "Held by gate kueue.x-k8s.io/admission until it is removed.",
    nodes: [{ name: "a" }],
    pod: { labels, spec: { schedulingGates: gates } },
    hears: "held",
    facts: ["Managed by Kueue", "Kueue has no local queue training"],
    cure: "none",
  },
  {
    name: "said-by-others",
    code: "no-fit",
    says: "1 is short of CPU.",
    nodes: [{ name: "a" }],
    pod: { labels, requests: { cpu: "40" } },
    afterwards: [
      workload(
        "said-by-others",
        [condition("QuotaReserved", "True", "QuotaReserved", ""), condition("Admitted", "True", "Admitted", "")],
        { admission: { clusterQueue: "gpu", podSetAssignments: [{ name: "main", flavors: { cpu: "default" } }] } },
      ),
      event("said-by-others", "cluster-autoscaler", "NotTriggerScaleUp", "1 max node group size reached"),
      event("said-by-others", "karpenter", "FailedScheduling", 'incompatible with nodepool "default"'),
    ],
    facts: [
      "Kueue admitted it",
      "cluster-autoscaler: no node would help",
      "Karpenter: no node of its pools would help",
    ],
    cure: "none",
  },
];
