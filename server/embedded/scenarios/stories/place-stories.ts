import type { Story } from "./story.ts";

/** Nodes that do not suit: too small, tainted, cordoned, without a label. */
export const placeStories: readonly Story[] = [
  { code: "no-fit", requests: { cpu: "16" }, nodes: [{}, { zone: "eu-1b" }] },
  {
    code: "near-toleration",
    nodes: [
      { taints: [{ key: "dedicated", value: "batch", effect: "NoSchedule" }] },
      { zone: "eu-1b", taints: [{ key: "dedicated", value: "batch", effect: "NoSchedule" }] },
    ],
  },
  { code: "near-resource", requests: { cpu: "2" }, nodes: [{}], company: [{ node: 0, requests: { cpu: "2100m" } }] },
  { code: "near-cordon", nodes: [{ isCordoned: true }] },
  {
    code: "no-match",
    spec: { nodeSelector: { disktype: "nvme2" } },
    nodes: [{ labels: { disktype: "nvme" } }, { zone: "eu-1b", labels: { disktype: "nvme" } }],
  },
  { code: "no-label", spec: { nodeSelector: { "example.com/tpu": "v5" } }, nodes: [{}] },
  { code: "features", spec: { hostNetwork: true, hostUsers: false }, nodes: [{}] },
  {
    code: "pod-limit",
    nodes: [{ pods: 2 }],
    company: [{ node: 0 }, { node: 0 }],
  },
  {
    code: "no-fit-kind",
    requests: { cpu: "1", "nvidia.com/gpu": "1" },
    nodes: [{ gpus: 2 }, { zone: "eu-1b", gpus: 2 }],
    company: [
      { node: 0, requests: { cpu: "1", "nvidia.com/gpu": "2" } },
      { node: 1, requests: { cpu: "1", "nvidia.com/gpu": "2" } },
    ],
  },
];
