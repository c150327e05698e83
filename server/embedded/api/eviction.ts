import { parseLabelSelector } from "#lib/kube/index.ts";
import type { JsonObject, JsonValue } from "#lib/protocol/index.ts";
import { isJsonObject, listAt, lookup, objectAt, textAt, type ApiObject } from "../storage/api-object.ts";
import type { DeleteOptions, Registry, Target } from "./registry.ts";
import { badRequest, StatusError } from "./status.ts";

/** POST pods/NAME/eviction: a deletion that the disruption budgets allow. Upstream: `EvictionREST.Create`. */
export function evict(registry: Registry, target: Target, eviction: JsonObject, options: DeleteOptions): void {
  const name = textAt(eviction, "metadata", "name");
  if (name !== "" && name !== target.name) {
    throw badRequest(`name in URL does not match name in Eviction object: ${target.name} ${name}`);
  }
  const pod = registry.get(target).object;
  if (isCounted(pod)) checkBudgets(registry, target, pod);
  registry.delete(target, options);
}

/** Who does not run, or is leaving, disrupts nothing by going. */
function isCounted({ metadata, ...pod }: ApiObject): boolean {
  return metadata.deletionTimestamp === undefined && textAt(pod, "status", "phase") === "Running";
}

function checkBudgets(registry: Registry, { namespace }: Target, pod: ApiObject): void {
  const inNamespace = (plural: string): readonly ApiObject[] =>
    registry.storage
      .table(plural)
      .list()
      .map(({ object }) => object)
      .filter(({ metadata }) => metadata.namespace === namespace);
  const budgets = inNamespace("poddisruptionbudgets.policy").filter((budget) => selects(budget, pod));
  const [budget, second] = budgets;
  if (budget === undefined) return;
  if (second !== undefined) {
    const message = "This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.";
    throw new StatusError({ code: 500, reason: "InternalError", message });
  }
  const pods = inNamespace("pods").filter((each) => selects(budget, each) && isCounted(each));
  const healthy = pods.filter(isReady).length;
  const desired = desiredHealthy(budget, pods.length);
  if (isAllowed(budget, pod, healthy - desired)) return;
  const { name = "" } = budget.metadata;
  throw new StatusError({
    code: 429,
    reason: "TooManyRequests",
    message: "Cannot evict pod as it would violate the pod's disruption budget.",
    causes: [
      {
        reason: "DisruptionBudget",
        message: `The disruption budget ${name} needs ${desired} healthy pods and has ${healthy} currently`,
      },
    ],
  });
}

/** A pod that is not ready counts for nothing, so its going costs nothing while the others are enough. */
function isAllowed(budget: ApiObject, pod: ApiObject, spare: number): boolean {
  if (isReady(pod)) return spare > 0;
  return spare >= 0 || textAt(budget, "spec", "unhealthyPodEvictionPolicy") === "AlwaysAllow";
}

function selects(budget: ApiObject, { metadata }: ApiObject): boolean {
  const selector = lookup(budget, "spec", "selector");
  return isJsonObject(selector) && parseLabelSelector(selector).matches(metadata.labels);
}

function desiredHealthy(budget: ApiObject, expected: number): number {
  const { minAvailable, maxUnavailable } = objectAt(budget, "spec");
  if (maxUnavailable !== undefined) return Math.max(0, expected - scaled(maxUnavailable, expected));
  return scaled(minAvailable ?? 1, expected);
}

/** A number, or a share of all, rounded up. */
function scaled(value: JsonValue, total: number): number {
  if (typeof value === "string" && value.endsWith("%")) return Math.ceil((Number(value.slice(0, -1)) / 100) * total);
  return Number(value);
}

function isReady(pod: ApiObject): boolean {
  return listAt(pod, "status", "conditions").some(({ type, status }) => type === "Ready" && status === "True");
}
