import type { NodeTaint } from "../node.ts";
import type { Story, StoryNode } from "./story.ts";

const batch: NodeTaint = { key: "dedicated", value: "batch", effect: "NoSchedule" };
const generalNodes = ["eu-1a", "eu-1b", "eu-1c", "eu-1a", "eu-1b", "eu-1c"].map((zone): StoryNode => ({
  zone,
  pool: "general",
}));

/** Nodes that do not suit: too small, tainted, cordoned, without a label. */
export const placeStories: readonly Story[] = [
  { code: "no-fit", requests: { cpu: "16" }, nodes: [{}, { zone: "eu-1b" }] },
  {
    code: "near-toleration",
    requests: { cpu: "3" },
    nodes: [
      ...generalNodes,
      { zone: "eu-1a", pool: "batch", taints: [batch] },
      { zone: "eu-1b", pool: "batch", taints: [batch] },
    ],
    // On each general node two, so that the end of one alone does not make enough room.
    company: generalNodes.flatMap((_, node) => [
      { node, requests: { cpu: "1900m" } },
      { node, requests: { cpu: `${1500 + node * 50}m` } },
    ]),
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
