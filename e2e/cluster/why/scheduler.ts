import { make, merge, namespaceOf, nodeName, podPath, type Call, type Situation } from "./situation.ts";

const leases = "/apis/coordination.k8s.io/v1/namespaces/kube-system/leases";
const admission = "/apis/admissionregistration.k8s.io/v1";

/** Classes of their own: what the cluster has is left alone. */
const important = { priorityClassName: "why-important" };
const patient = { priorityClassName: "why-patient" };

function lease(name: string, renewTime: string): Call {
  return make(leases, { metadata: { name }, spec: { holderIdentity: "somebody", renewTime } });
}

const priorityClass = (name: string, value: number, preemptionPolicy = "PreemptLowerPriority"): Call =>
  make("/apis/scheduling.k8s.io/v1/priorityclasses", { metadata: { name }, value, preemptionPolicy });

const classes = [priorityClass("why-important", 1000), priorityClass("why-patient", 1000, "Never")];

/** It is deleted, and nobody ends it: there is no kubelet. */
const victim = { name: "victim", on: "a", requests: { cpu: "3" }, spec: { terminationGracePeriodSeconds: 3600 } };

const endVictim = (situation: string): readonly Call[] => [
  { method: "DELETE", path: `${podPath(situation, "victim")}?gracePeriodSeconds=0` },
];

const nominate = (situation: string, node: string): Call =>
  merge(`${podPath(situation)}/status`, { status: { nominatedNodeName: node } });

/** Held, pushed, promised a node, or somebody else's: what is not about nodes. */
export const schedulerSituations: readonly Situation[] = [
  {
    name: "gated",
    code: "gated",
    says: "Held by gate example.com/quota until it is removed.",
    nodes: [{ name: "a" }],
    pod: { spec: { schedulingGates: [{ name: "example.com/quota" }] } },
    hears: "held",
    cure: { calls: [merge(podPath("gated"), { spec: { schedulingGates: [] } })] },
  },
  {
    name: "no-victims",
    code: "no-fit",
    says: "1 is short of CPU.",
    nodes: [{ name: "a" }],
    objects: classes,
    running: [{ name: "equal", on: "a", requests: { cpu: "3" }, spec: { ...important, priority: 1000 } }],
    pod: { requests: { cpu: "3" }, spec: important },
    cure: "none",
  },
  {
    name: "victims-do-not-help",
    code: "no-fit",
    says: "1 is short of CPU.",
    nodes: [{ name: "a" }],
    objects: classes,
    running: [{ name: "small", on: "a", requests: { cpu: "1" } }],
    pod: { requests: { cpu: "30" }, spec: important },
    cure: "none",
  },
  {
    name: "never-preempts",
    code: "no-fit",
    says: "1 is short of CPU.",
    nodes: [{ name: "a" }],
    objects: classes,
    running: [{ name: "lesser", on: "a", requests: { cpu: "3" } }],
    pod: { requests: { cpu: "3" }, spec: patient },
    cure: "none",
  },
  {
    name: "preempts",
    code: "preempting",
    says: "Making room on why-preempts-a: 1 pod terminating",
    nodes: [{ name: "a" }],
    objects: classes,
    running: [victim],
    pod: { requests: { cpu: "3" }, spec: important },
    facts: ["Nominated to why-preempts-a"],
    cure: { calls: endVictim("preempts") },
  },
  {
    name: "preempts-protected",
    code: "preempting",
    says: "Making room on why-preempts-protected-a: 1 pod terminating",
    nodes: [{ name: "a" }],
    objects: [
      ...classes,
      make(`/apis/policy/v1/namespaces/${namespaceOf("preempts-protected")}/poddisruptionbudgets`, {
        metadata: { name: "keep" },
        spec: { minAvailable: 1, selector: { matchLabels: { app: "kept" } } },
      }),
    ],
    running: [{ ...victim, labels: { app: "kept" } }],
    pod: { requests: { cpu: "3" }, spec: important },
    cure: { calls: endVictim("preempts-protected") },
  },
  {
    name: "nominated-gone",
    code: "stale-nomination",
    says: "Nominated to why-nowhere, which is gone.",
    nodes: [{ name: "a" }],
    pod: { requests: { cpu: "40" } },
    afterwards: [nominate("nominated-gone", "why-nowhere")],
    facts: ["Nominated to why-nowhere"],
    cure: "none",
  },
  {
    name: "nominated-full",
    code: "stale-nomination",
    says: "Nominated to why-nominated-full-a, which no longer fits by our model.",
    nodes: [{ name: "a" }],
    pod: { requests: { cpu: "40" } },
    afterwards: [nominate("nominated-full", nodeName("nominated-full", "a"))],
    cure: "none",
  },
  {
    name: "scheduler-dead",
    code: "no-scheduler",
    says: "No scheduler answers to why-dead: its Lease was not renewed for",
    nodes: [{ name: "a" }],
    objects: [lease("why-dead", "2020-01-01T00:00:00.000000Z")],
    pod: { spec: { schedulerName: "why-dead" } },
    hears: "nothing",
    cure: "none",
  },
  {
    name: "scheduler-alive",
    code: "not-watched",
    says: "Uses schedulerName why-alive, which is not watched.",
    nodes: [{ name: "a" }],
    objects: [lease("why-alive", "2099-01-01T00:00:00.000000Z")],
    pod: { spec: { schedulerName: "why-alive" } },
    hears: "nothing",
    cure: "none",
  },
  {
    name: "scheduler-reports",
    code: "not-watched",
    says: "Uses schedulerName why-reporter, which is not watched.",
    nodes: [{ name: "a" }],
    pod: { spec: { schedulerName: "why-reporter" } },
    hears: "nothing",
    afterwards: [
      make(`/apis/events.k8s.io/v1/namespaces/${namespaceOf("scheduler-reports")}/events`, {
        metadata: { name: "said" },
        eventTime: "NOW",
        reportingController: "why-reporter",
        reportingInstance: "why-reporter-0",
        action: "Scheduling",
        reason: "FailedScheduling",
        type: "Warning",
        note: "not today",
        regarding: { kind: "Pod", namespace: namespaceOf("scheduler-reports"), name: "pod", uid: "UID" },
      }),
    ],
    cure: "none",
  },
  {
    name: "scheduler-silent",
    code: "unknown",
    says: "Cannot tell: nothing has been heard of a scheduler named why-silent yet.",
    nodes: [{ name: "a" }],
    pod: { requests: { cpu: "40" }, spec: { schedulerName: "why-silent" } },
    hears: "nothing",
    cure: "none",
  },
];

/** kube-scheduler tries these again and again, and takes back what it assumed: that wakes others, who would not be left alone. */
export const restlessSituations: readonly Situation[] = [
  {
    name: "binding-refused",
    code: "plugin-error",
    says: "Plugin DefaultBinder failed:",
    nodes: [{ name: "a" }],
    objects: [
      make(`${admission}/validatingadmissionpolicies`, {
        metadata: { name: "why-no-bindings" },
        spec: {
          failurePolicy: "Fail",
          matchConstraints: {
            namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": namespaceOf("binding-refused") } },
            resourceRules: [
              { apiGroups: [""], apiVersions: ["v1"], operations: ["CREATE"], resources: ["pods/binding"] },
            ],
          },
          validations: [{ expression: "false", message: "nobody is bound here" }],
        },
      }),
      make(`${admission}/validatingadmissionpolicybindings`, {
        metadata: { name: "why-no-bindings" },
        spec: { policyName: "why-no-bindings", validationActions: ["Deny"] },
      }),
    ],
    hears: "an error",
    cure: { calls: [{ method: "DELETE", path: `${admission}/validatingadmissionpolicybindings/why-no-bindings` }] },
  },
  {
    name: "namespace-leaving",
    code: "plugin-error",
    says: "because it is being terminated",
    nodes: [{ name: "a" }],
    pod: { spec: { schedulingGates: [{ name: "example.com/hold" }] } },
    hears: "an error",
    afterwards: [
      { method: "DELETE", path: `/api/v1/namespaces/${namespaceOf("namespace-leaving")}` },
      merge(podPath("namespace-leaving"), { spec: { schedulingGates: [] } }),
    ],
    cure: "none",
  },
];
