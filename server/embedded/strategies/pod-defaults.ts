import type { JsonObject, JsonValue } from "#lib/protocol/index.ts";
import { isJsonObject, listAt, objectAt, textAt, type ApiObject } from "../storage/api-object.ts";
import { forbidden } from "../api/status.ts";
import type { StrategyContext } from "../api/resource.ts";
import { withSpecDefaults } from "./template-defaults.ts";

const podDefaults: JsonObject = { serviceAccountName: "default", enableServiceLinks: true };

/** What the admission plugin DefaultTolerationSeconds adds. */
const nodeTroubles = ["node.kubernetes.io/not-ready", "node.kubernetes.io/unreachable"];

/** A new pod as a real server stores it. Upstream: `SetDefaults_Pod*`, the Priority admission plugin, `podStrategy`. */
export function newPod(pod: ApiObject, context: StrategyContext): ApiObject {
  const asked = objectAt(pod, "spec");
  const spec = { ...withPodDefaults(asked), ...priorityOf(pod, asked, context) };
  return { ...pod, spec, status: newStatus(spec, context.now) };
}

/** A pod as it is sent whole, with what it need not say; a priority that was given stays. */
export function updatedPod(pod: ApiObject, stored: ApiObject): ApiObject {
  const { priority, preemptionPolicy } = objectAt(stored, "spec");
  return { ...pod, spec: withoutUndefined({ priority, preemptionPolicy, ...withPodDefaults(objectAt(pod, "spec")) }) };
}

function withoutUndefined(members: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined));
}

function withPodDefaults(asked: JsonObject): JsonObject {
  const spec = { ...podDefaults, ...withSpecDefaults(asked) };
  return {
    ...spec,
    containers: listAt(spec, "containers").map(withRequests),
    ...(listAt(spec, "initContainers").length === 0
      ? {}
      : { initContainers: listAt(spec, "initContainers").map(withRequests) }),
    tolerations: withDefaultTolerations(listAt(asked, "tolerations")),
  };
}

function newStatus(spec: JsonObject, now: string): JsonObject {
  const gated = {
    type: "PodScheduled",
    status: "False",
    lastProbeTime: null,
    lastTransitionTime: now,
    reason: "SchedulingGated",
    message: "Scheduling is blocked due to non-empty scheduling gates",
  };
  const isGated = listAt(spec, "schedulingGates").length > 0;
  return { phase: "Pending", ...(isGated ? { conditions: [gated] } : {}), qosClass: qosClass(spec) };
}

/** What is limited and not requested is requested in full. */
function withRequests(container: JsonObject): JsonObject {
  const resources = objectAt(container, "resources");
  const limits = objectAt(resources, "limits");
  if (Object.keys(limits).length === 0) return container;
  return { ...container, resources: { ...resources, requests: { ...limits, ...objectAt(resources, "requests") } } };
}

function withDefaultTolerations(tolerations: readonly JsonObject[]): readonly JsonValue[] {
  const missing = nodeTroubles.filter(
    (key) =>
      !tolerations.some(
        (toleration) =>
          [key, ""].includes(textAt(toleration, "key")) && ["NoExecute", ""].includes(textAt(toleration, "effect")),
      ),
  );
  const added = missing.map((key) => ({ key, operator: "Exists", effect: "NoExecute", tolerationSeconds: 300 }));
  return [...tolerations, ...added];
}

function priorityOf(pod: ApiObject, spec: JsonObject, { find }: StrategyContext): JsonObject {
  const name = spec["priorityClassName"];
  if (typeof name !== "string" || name === "") return { priority: 0, preemptionPolicy: "PreemptLowerPriority" };
  const priorityClass = find("priorityclasses.scheduling.k8s.io", name);
  if (priorityClass === undefined) {
    const subject = { group: "", kind: "pods", name: pod.metadata.name ?? "" };
    throw forbidden(subject, `no PriorityClass with name ${name} was found`);
  }
  return {
    priority: priorityClass["value"] ?? 0,
    preemptionPolicy: priorityClass["preemptionPolicy"] ?? "PreemptLowerPriority",
  };
}

/** Upstream: `ComputePodQOS`, for cpu and memory, by the text of the quantities. */
function qosClass(spec: JsonObject): string {
  const containers = [...listAt(spec, "containers"), ...listAt(spec, "initContainers")];
  const resources = containers.map((container) => objectAt(container, "resources"));
  const names = ["cpu", "memory"];
  const isSet = (value: JsonValue | undefined): boolean =>
    isJsonObject(value) && names.some((name) => value[name] !== undefined && textAt(value, name) !== "0");
  if (!resources.some(({ requests, limits }) => isSet(requests) || isSet(limits))) return "BestEffort";
  const isGuaranteed = resources.every((each) =>
    names.every((name) => {
      const limit = objectAt(each, "limits")[name];
      return limit !== undefined && objectAt(each, "requests")[name] === limit;
    }),
  );
  return isGuaranteed ? "Guaranteed" : "Burstable";
}
