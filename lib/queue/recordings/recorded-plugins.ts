import { podUid, type ClusterEvent, type KubeObject, type Pod } from "#lib/kube/index.ts";
import type { PreEnqueuePlugin } from "../pre-enqueue-plugin.ts";
import type { PodSigner } from "../queue-options.ts";
import { byPriorityThenAge, type Less } from "../queue-sort.ts";
import type { QueueingHintFn, QueueingHintRegistration } from "../registered-events.ts";
import type {
  RecordedEvent,
  RecordedHint,
  RecordedPreCheck,
  RecordedPreEnqueue,
  RecordedSigner,
  TraceConfig,
} from "./recording.ts";

export function toEvent({ resource, mask, customLabel }: RecordedEvent): ClusterEvent {
  return { resource, actionType: mask, ...(customLabel !== undefined && { customLabel }) };
}

function has(object: KubeObject | undefined, key: string, value: string): boolean {
  return object?.metadata.labels?.[key] === value;
}

/** The hints that recordings are made with, as data. */
export function toHint({ kind, key = "", value = "" }: RecordedHint): QueueingHintFn {
  const when = (condition: boolean) => (condition ? "Queue" : "Skip");
  switch (kind) {
    case "queue":
      return () => "Queue";
    case "skip":
      return () => "Skip";
    case "error":
      return () => {
        throw new Error("hint failed");
      };
    case "new-label":
      return (_pod, _old, updated) => when(has(updated, key, value));
    case "old-label":
      return (_pod, old) => when(has(old, key, value));
    case "label-gained":
      return (_pod, old, updated) => when(has(updated, key, value) && !has(old, key, value));
    case "pod-label":
      return (pod) => when(has(pod, key, value));
    case "match-label":
      return (pod, old, updated) => {
        const label = (updated ?? old)?.metadata.labels?.[key];
        return when(label !== undefined && has(pod, key, label));
      };
    case "same-uid":
    case "other-uid":
      return (pod, old, updated) => {
        const object = updated ?? old;
        return when(object !== undefined && (podUid(object) === podUid(pod)) === (kind === "same-uid"));
      };
    case "error-if-new-label":
      return (_pod, _old, updated) => {
        if (has(updated, key, value)) throw new Error("hint failed");
        return "Skip";
      };
    default:
      throw new Error(`unknown hint kind ${kind}`);
  }
}

/** @param switches turned on and off by the recording as it goes. */
export function toPreEnqueuePlugin(
  name: string,
  { kind, key = "", value = "", code = "unresolvable" }: RecordedPreEnqueue,
  switches: ReadonlyMap<string, boolean>,
): PreEnqueuePlugin {
  const hasLabel = (pod: Pod): boolean => {
    const label = pod.metadata.labels?.[key];
    return label !== undefined && (value === "" || label === value);
  };
  const refuses = (pod: Pod): boolean => {
    switch (kind) {
      case "allow":
        return false;
      case "gated-by-label":
        return hasLabel(pod);
      case "gated-unless-label":
        return !hasLabel(pod);
      case "gated-by-scheduling-gates":
        return (pod.spec?.schedulingGates ?? []).length > 0;
      case "gated-by-switch":
        return switches.get(key) === true && (value === "" || pod.metadata.labels?.["gate-group"] === value);
      default:
        throw new Error(`unknown preEnqueue kind ${kind}`);
    }
  };
  const refusal = { code: toCode(code), reasons: ["gated"] };
  return { name, preEnqueue: (pod) => (refuses(pod) ? refusal : undefined) };
}

function toCode(code: string): "unschedulable" | "unresolvable" | "pending" | "error" {
  if (code === "unschedulable" || code === "unresolvable" || code === "pending" || code === "error") return code;
  throw new Error(`unknown preEnqueue code ${code}`);
}

export function toSigner({ kind, key = "" }: RecordedSigner): PodSigner {
  switch (kind) {
    case "none":
      return () => undefined;
    case "label":
      return (pod) => {
        const label = pod.metadata.labels?.[key];
        return label === undefined ? undefined : `${key}=${label}`;
      };
    case "label-and-rv":
      return ({ metadata, spec }) =>
        [metadata.labels?.[key] ?? "", metadata.resourceVersion ?? "", (spec?.tolerations ?? []).length].join("/");
    default:
      throw new Error(`unknown signer ${kind}`);
  }
}

export function toLess(sort: string): Less {
  switch (sort) {
    case "priority":
      return byPriorityThenAge;
    case "reverse-priority":
      return (a, b) => byPriorityThenAge(b, a);
    case "fifo":
      return (a, b) => a.timestamp < b.timestamp;
    default:
      throw new Error(`unknown sort ${sort}`);
  }
}

/** Which pods an event may move at all. */
export function toPreCheck({ kind, key = "", value = "", num = 0 }: RecordedPreCheck): (pod: Pod) => boolean {
  const priority = (pod: Pod): number => pod.spec?.priority ?? 0;
  switch (kind) {
    case "priority-le":
      return (pod) => priority(pod) <= num;
    case "priority-ge":
      return (pod) => priority(pod) >= num;
    case "label":
      return (pod) => (pod.metadata.labels?.[key] ?? "") === value;
    case "never":
      return () => false;
    default:
      throw new Error(`unknown preCheck ${kind}`);
  }
}

/** Plugins of a recording as registrations per profile. */
export function toQueueingHintMap(config: TraceConfig): ReadonlyMap<string, readonly QueueingHintRegistration[]> {
  const byProfile = new Map<string, QueueingHintRegistration[]>(config.profiles.map((profile) => [profile, []]));
  for (const { name, profiles = config.profiles, events } of config.plugins) {
    for (const profile of profiles) {
      for (const { event, hint } of events ?? []) {
        byProfile.get(profile)?.push({ plugin: name, event: toEvent(event), hint: toHint(hint) });
      }
    }
  }
  return byProfile;
}

export function toPreEnqueuePlugins(
  config: TraceConfig,
  switches: ReadonlyMap<string, boolean>,
): ReadonlyMap<string, readonly PreEnqueuePlugin[]> {
  const byProfile = new Map<string, PreEnqueuePlugin[]>(config.profiles.map((profile) => [profile, []]));
  for (const { name, profiles = config.profiles, preEnqueue } of config.plugins) {
    if (preEnqueue === null) continue;
    for (const profile of profiles) byProfile.get(profile)?.push(toPreEnqueuePlugin(name, preEnqueue, switches));
  }
  return byProfile;
}
