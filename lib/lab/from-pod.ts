import { actionLabel, actionType } from "#lib/kube/index.ts";
import type { RecordedEvent, RecordedObject, RecordedPlugin } from "#lib/queue/index.ts";
import { defaultTraceConfig } from "#lib/queue/index.ts";
import type { Operation, Scenario } from "./scenario.ts";

/** An event as somebody saw it, with what the hints of the rejecting plugins said to it. */
export interface WitnessedEvent {
  readonly resource: string;
  readonly mask: number;
  /** Name of the object that it is about. */
  readonly object: string;
  /** By plugin. One that is not here did not register for such an event. */
  readonly answers: Readonly<Record<string, "Queue" | "Skip">>;
}

/** A pod that an event should have brought back. */
export interface WitnessedPod {
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  readonly rejectors: readonly string[];
  /** What happened during its last attempt, oldest first. */
  readonly events: readonly WitnessedEvent[];
}

const other = "Other";
const nodeLabel: RecordedEvent = eventOf("Node", actionType.UpdateNodeLabel);

/**
 * The pod's attempt as an experiment: behind an older pod that ends first, which is what it takes for the old list to
 * lose the events. Who was there besides the pod is not known, so the older pod and its event are made up, and say so.
 */
export function scenarioFromPod({ namespace, name, uid, rejectors, events }: WitnessedPod): Scenario {
  const older = podOf("default", "an-older-pod", "an-older-pod", 1);
  const operations: readonly Operation[] = [
    { op: "pop", note: "An older pod takes off. It is made up: who was in flight then is not known." },
    {
      op: "moveAll",
      event: nodeLabel,
      new: { kind: "Node", name: "some-node" },
      note: "An event that only the older pod needs, made up as well.",
    },
    { op: "pop", note: `${namespace}/${name} takes off.` },
    { op: "done", uid: older.uid ?? "", note: "The older pod is bound." },
    ...events.map((event) => witnessed(event)),
    { op: "fail", uid, plugins: rejectors, note: `${name} comes back, rejected by ${rejectors.join(", ")}.` },
  ];
  return {
    config: { ...defaultTraceConfig, plugins: pluginsOf(events) },
    given: [older, podOf(namespace, name, uid, 0)],
    operations,
  };
}

/** The answers travel as labels of the object, so that the same event may be answered in two ways. */
function witnessed({ resource, mask, object, answers }: WitnessedEvent): Operation {
  const kind = resource.slice(resource.lastIndexOf("/") + 1);
  const about: RecordedObject = { kind, name: object, labels: answers };
  const isGone = mask === actionType.Delete;
  return { op: "moveAll", event: eventOf(resource, mask), ...(isGone ? { old: about } : { new: about }) };
}

function pluginsOf(events: readonly WitnessedEvent[]): readonly RecordedPlugin[] {
  const registered = new Map<string, Map<string, WitnessedEvent>>();
  for (const event of events) {
    for (const plugin of Object.keys(event.answers)) {
      const known = registered.get(plugin) ?? new Map<string, WitnessedEvent>();
      registered.set(plugin, known.set(`${event.resource} ${event.mask}`, event));
    }
  }
  const asking = [...registered].map(([name, byKind]): RecordedPlugin => {
    const hints = Array.from(byKind.values(), ({ resource, mask }) => ({
      event: eventOf(resource, mask),
      hint: { kind: mask === actionType.Delete ? "old-label" : "new-label", key: name, value: "Queue" },
    }));
    return { name, preEnqueue: null, events: hints };
  });
  return [...asking, { name: other, preEnqueue: null, events: [{ event: nodeLabel, hint: { kind: "queue" } }] }];
}

function podOf(ns: string, name: string, uid: string, priority: number): RecordedObject {
  return { kind: "Pod", ns, name, uid, rv: "1", priority, scheduler: "default-scheduler" };
}

function eventOf(resource: string, mask: number): RecordedEvent {
  return { resource, mask, label: resource + actionLabel(mask) };
}
