import { requiredNodeAffinity, untoleratedTaint, type Node, type Pod } from "#lib/kube/index.ts";
import type { JsonObject } from "#lib/protocol/index.ts";
import { refOf } from "../api/local-client.ts";
import { listAt, objectAt, textAt, type ApiObject } from "../storage/api-object.ts";
import type { ControllerContext } from "./context.ts";
import { fromTemplate, isActive, isReady, observed, podsOf } from "./owned-pods.ts";
import { Reconciler } from "./reconciler.ts";

const plural = "daemonsets";

/** What a daemon endures that others do not. Upstream: `AddOrUpdateDaemonPodTolerations`. */
const daemonTolerations: readonly JsonObject[] = [
  { key: "node.kubernetes.io/not-ready", operator: "Exists", effect: "NoExecute" },
  { key: "node.kubernetes.io/unreachable", operator: "Exists", effect: "NoExecute" },
  { key: "node.kubernetes.io/disk-pressure", operator: "Exists", effect: "NoSchedule" },
  { key: "node.kubernetes.io/memory-pressure", operator: "Exists", effect: "NoSchedule" },
  { key: "node.kubernetes.io/pid-pressure", operator: "Exists", effect: "NoSchedule" },
  { key: "node.kubernetes.io/unschedulable", operator: "Exists", effect: "NoSchedule" },
];

/** Keeps one pod for each node that takes it. The pod names its node by affinity, and a scheduler binds it, as upstream. */
export function startDaemonSetController(context: ControllerContext): () => void {
  const { client, clock } = context;
  const reconciler = new Reconciler({
    clock,
    reconcile: (key) => {
      const [namespace = "", name = ""] = key.split("/");
      const set = client.get({ plural, namespace, name });
      if (set !== undefined && set.metadata.deletionTimestamp === undefined) reconcile(context, set);
    },
  });
  const markAll = (): void => {
    for (const { metadata } of client.list(plural)) {
      reconciler.mark(`${metadata.namespace ?? ""}/${metadata.name ?? ""}`);
    }
  };
  const markOwners = ({ metadata }: ApiObject): void => {
    for (const { kind, name } of metadata.ownerReferences ?? []) {
      if (kind === "DaemonSet") reconciler.mark(`${metadata.namespace ?? ""}/${name}`);
    }
  };
  const undo = [
    client.subscribe(plural, ({ object }) => reconciler.mark(object.key)),
    client.subscribe("nodes", markAll),
    client.subscribe("pods", ({ object }) => markOwners(object.object)),
  ];
  markAll();
  return () => {
    for (const each of undo) each();
    reconciler.stop();
  };
}

function reconcile(context: ControllerContext, set: ApiObject): void {
  const { client } = context;
  const template = daemonPod(set);
  const wanted = new Set([...client.list("nodes")].filter((node) => takes(node, template)).map(nameOf));
  const kept = new Map<string, ApiObject>();
  for (const pod of podsOf(context, set).filter(isActive)) {
    const node = nodeOf(pod);
    if (wanted.has(node) && !kept.has(node)) kept.set(node, pod);
    else client.deleteIfPresent(refOf("pods", pod));
  }
  for (const node of wanted) {
    if (!kept.has(node)) client.create("pods", boundTo(node, template));
  }
  const ready = [...kept.values()].filter(isReady).length;
  const status = {
    desiredNumberScheduled: wanted.size,
    currentNumberScheduled: wanted.size,
    updatedNumberScheduled: wanted.size,
    numberMisscheduled: 0,
    numberReady: ready,
    numberAvailable: ready,
    numberUnavailable: wanted.size - ready,
    ...observed(set),
  };
  client.patchIfPresent(refOf(plural, set), { status }, "status");
}

type PodTemplate = ReturnType<typeof fromTemplate>;

function daemonPod(set: ApiObject): PodTemplate {
  const pod = fromTemplate(set, { generateName: `${nameOf(set)}-` });
  const spec = objectAt(pod, "spec");
  return { ...pod, spec: { ...spec, tolerations: [...listAt(spec, "tolerations"), ...daemonTolerations] } };
}

function nameOf({ metadata }: ApiObject): string {
  return metadata.name ?? "";
}

/** Whether a node is one of those that the pod may be on, whoever is there already. */
function takes(object: ApiObject, template: PodTemplate): boolean {
  // As they come from the API: these are the shapes that the scheduler's own rules read.
  const node = object as unknown as Node;
  const pod = template as unknown as Pod;
  if (untoleratedTaint(node, pod.spec?.tolerations) !== undefined) return false;
  return requiredNodeAffinity(pod).match(node).kind === "match";
}

function boundTo(node: string, pod: PodTemplate): PodTemplate {
  const matchFields = [{ key: "metadata.name", operator: "In", values: [node] }];
  const spec = objectAt(pod, "spec");
  const affinity = objectAt(spec, "affinity");
  const required = { nodeSelectorTerms: [{ matchFields }] };
  const nodeAffinity = {
    ...objectAt(affinity, "nodeAffinity"),
    requiredDuringSchedulingIgnoredDuringExecution: required,
  };
  return { ...pod, spec: { ...spec, affinity: { ...affinity, nodeAffinity } } };
}

function nodeOf(pod: ApiObject): string {
  const bound = textAt(pod, "spec", "nodeName");
  if (bound !== "") return bound;
  const required = objectAt(pod, "spec", "affinity", "nodeAffinity", "requiredDuringSchedulingIgnoredDuringExecution");
  const [term = {}] = listAt(required, "nodeSelectorTerms");
  const [field = {}] = listAt(term, "matchFields");
  const values = field["values"];
  return Array.isArray(values) ? String(values[0]) : "";
}
