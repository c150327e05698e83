import type { JsonObject, VerdictCode } from "#lib/protocol/index.ts";
import { refOf } from "../../api/local-client.ts";
import { isJsonObject } from "../../storage/api-object.ts";
import type { ScenarioContext } from "../context.ts";
import { newNode, type NodeShape } from "../node.ts";

/** Which verdict a pod teaches. Of the pod, and of the nodes that are there for it alone. */
export const storyLabel = "kube-inflight/story";

/** One pod that waits, in a namespace of its own, for one reason. Both are named after the verdict. */
export interface Story {
  readonly code: VerdictCode;
  /** Of the pod. `ports` are those of its one container. */
  readonly spec?: JsonObject;
  readonly labels?: Readonly<Record<string, string>>;
  /** What is asked of a node: `{ cpu: "1" }`. */
  readonly requests?: JsonObject;
  /** What the pod's status says from the start. */
  readonly status?: (now: string) => JsonObject;
  readonly nodes?: readonly StoryNode[];
  /** Pods that run there already, by node. */
  readonly company?: readonly Company[];
  /** What else there is: claims, volumes, leases. */
  readonly objects?: readonly StoryObject[];
  /**
   * How long a gate holds it at first. Each informer has a watch of its own, and one that lags must not let a pod pass that
   * fits as long as something is not known.
   */
  readonly gateMs?: number;
  /** Another scheduler than ours, whose Lease tells of it. */
  readonly namesScheduler?: boolean;
}

/** `web-1` of the story `web`; 4 CPU and 16 GiB in eu-1a and the pool `story`, unless something else is said. */
export type StoryNode = Partial<Omit<NodeShape, "name">>;

interface Company {
  /** The index of the node. */
  readonly node: number;
  readonly requests?: JsonObject;
  readonly labels?: Readonly<Record<string, string>>;
  readonly spec?: JsonObject;
  /** It was told to make room, and a finalizer holds it. */
  readonly isLeaving?: boolean;
}

export interface StoryObject {
  readonly plural: string;
  readonly object: JsonObject & { readonly metadata: JsonObject };
  readonly status?: JsonObject;
}

/**
 * Nobody else's nodes are near for a pod of a story: it selects its own, and they are tainted against all others. So two
 * changes part it from any other node, and what is left is the one cause.
 */
export function tellStory(context: ScenarioContext, story: Story): void {
  tellStage(context, story);
  const { client, clock } = context;
  const { code } = story;
  client.create("pods", newHero(story));
  if (story.status === undefined) return;
  const now = new Date(clock.now()).toISOString().replace(/\.\d+/, "");
  client.patchIfPresent({ plural: "pods", namespace: code, name: code }, { status: story.status(now) }, "status");
}

/** All but the pod that the story is about. */
export function tellStage({ client, clock }: ScenarioContext, story: Story): void {
  const { code, nodes = [], company = [], objects = [] } = story;
  const now = new Date(clock.now()).toISOString().replace(/\.\d+/, "");
  client.create("namespaces", { metadata: { name: code, labels: { [storyLabel]: code } } });
  nodes.forEach((node, index) => client.create("nodes", newNode(shapeOf(story, node, index), now)));
  for (const { plural, object, status } of objects) {
    client.create(plural, object);
    if (status === undefined) continue;
    const { name = "", namespace = "" } = object.metadata as { name?: string; namespace?: string };
    client.patchIfPresent({ plural, namespace, name }, { status }, "status");
  }
  company.forEach((each, index) => {
    const ref = refOf("pods", client.create("pods", companion(story, each, index)));
    if (each.isLeaving !== true) return;
    const disrupted = { type: "DisruptionTarget", status: "True", reason: "PreemptionByScheduler" };
    client.patchIfPresent(ref, { status: { conditions: [{ ...disrupted, lastTransitionTime: now }] } }, "status");
    client.deleteIfPresent(ref);
  });
}

const stageGate = "kube-inflight/stage";

/** Takes away what holds the pod at first. Returns what calls that off. */
export function openLater({ client, clock }: ScenarioContext, { code, gateMs }: Story): () => void {
  if (gateMs === undefined) return () => {};
  const timer = clock.setTimer(gateMs, () => {
    client.patchIfPresent({ plural: "pods", namespace: code, name: code }, { spec: { schedulingGates: null } });
  });
  return () => timer.cancel();
}

function shapeOf({ code }: Story, node: StoryNode, index: number): NodeShape {
  const taint = { key: storyLabel, value: code, effect: "NoSchedule" } as const;
  return {
    zone: "eu-1a",
    pool: "story",
    cpu: 4,
    memoryGi: 16,
    ...node,
    name: `${code}-${index + 1}`,
    labels: { [storyLabel]: code, ...node.labels },
    taints: [taint, ...(node.taints ?? [])],
  };
}

/** The pod that the story is about. What its spec says comes on top of what keeps it among its own nodes. */
export function newHero(story: Story) {
  const { code, spec = {}, labels = {}, requests = { cpu: "500m", memory: "256Mi" }, gateMs } = story;
  const { nodeSelector = {}, ports = [], ...rest } = spec;
  const own = { key: storyLabel, operator: "Equal", value: code, effect: "NoSchedule" };
  return {
    metadata: { name: code, namespace: code, labels: { [storyLabel]: code, ...labels } },
    spec: {
      ...rest,
      nodeSelector: { [storyLabel]: code, ...(isJsonObject(nodeSelector) ? nodeSelector : {}) },
      tolerations: [own],
      ...(gateMs === undefined ? {} : { schedulingGates: [{ name: stageGate }] }),
      containers: [{ name: "main", image: "registry.example/story:1", ports, resources: { requests } }],
    },
  };
}

function companion({ code }: Story, { node, requests, labels, spec = {}, isLeaving = false }: Company, index: number) {
  const { ports = [], ...rest } = spec;
  const resources = { requests: requests ?? { cpu: "100m", memory: "64Mi" } };
  const container = { name: "main", image: "registry.example/company:1", ports, resources };
  const metadata = {
    name: `company-${index + 1}`,
    namespace: code,
    ...(labels === undefined ? {} : { labels }),
    ...(isLeaving ? { finalizers: ["example.com/drain"] } : {}),
  };
  return { metadata, spec: { ...rest, nodeName: `${code}-${node + 1}`, containers: [container] } };
}
