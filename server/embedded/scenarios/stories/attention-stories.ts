import type { Story } from "./story.ts";

/** Of the stories about schedulers: one renews its Lease, the other has stopped to. */
export const aliveScheduler = "batch-scheduler";
export const goneScheduler = "night-scheduler";

/** Pods that somebody else has to do something about, or has done with. */
export const attentionStories: readonly Story[] = [
  { code: "gated", spec: { schedulingGates: [{ name: "example.com/quota-check" }] } },
  { code: "not-watched", spec: { schedulerName: aliveScheduler }, nodes: [{}], namesScheduler: true },
  { code: "no-scheduler", spec: { schedulerName: goneScheduler }, nodes: [{}], namesScheduler: true },
  // Bound, to a node whose kubelet says nothing.
  {
    code: "not-started",
    spec: { nodeName: "not-started-1" },
    status: (now) => ({
      conditions: [{ type: "PodScheduled", status: "True", lastProbeTime: null, lastTransitionTime: now }],
    }),
    nodes: [{ isReady: false }],
  },
  // It may take nobody's place, so nobody takes back the nomination to a node that is gone.
  {
    code: "stale-nomination",
    requests: { cpu: "16" },
    spec: { priorityClassName: "patient" },
    status: () => ({ nominatedNodeName: "stale-nomination-9" }),
    nodes: [{}],
    objects: [
      {
        plural: "priorityclasses",
        object: { metadata: { name: "patient" }, value: 10, preemptionPolicy: "Never" },
      },
    ],
  },
  // Whoever has to make room takes its time.
  {
    code: "preempting",
    requests: { cpu: "3" },
    spec: { priorityClassName: "urgent" },
    nodes: [{}],
    status: () => ({ nominatedNodeName: "preempting-1" }),
    company: [{ node: 0, requests: { cpu: "2" }, isLeaving: true }],
    objects: [{ plural: "priorityclasses", object: { metadata: { name: "urgent" }, value: 1000 } }],
  },
];
