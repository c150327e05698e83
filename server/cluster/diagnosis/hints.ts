import {
  actionLabel,
  actionType,
  eventLabel,
  matchClusterEvents,
  objectKey,
  type KubeObject,
  type Pod,
} from "#lib/kube/index.ts";
import type { QueueingHintRegistration } from "#lib/queue/index.ts";
import { queueingHintMap, type Profile } from "#lib/scheduler/index.ts";
import type { SeenEvent, WakingEvent } from "#lib/protocol/index.ts";
import type { RecentEvent } from "./recent-events.ts";

type Answer = SeenEvent["answer"];

/** What the plugins that rejected a pod say to events: asked afterwards, without touching the queue. */
export class Hints {
  readonly #registrations: readonly QueueingHintRegistration[];
  readonly #plugins: readonly string[];
  readonly #unseenByHistorical: ReadonlySet<KubeObject>;

  /** @param unseenByHistorical events of the pod's last attempt, by their objects */
  constructor(profile: Profile, rejectors: Iterable<string>, unseenByHistorical: ReadonlySet<KubeObject> = new Set()) {
    this.#unseenByHistorical = unseenByHistorical;
    this.#plugins = [...rejectors].sort();
    const wanted = new Set(this.#plugins);
    const all = queueingHintMap([profile]).get(profile.schedulerName) ?? [];
    this.#registrations = all.filter(({ plugin }) => wanted.has(plugin));
  }

  /** Events that may bring the pod back. */
  waking(): readonly WakingEvent[] {
    const byLabel = new Map<string, WakingEvent>();
    for (const { plugin, event } of this.#registrations) {
      for (const action of singleActions(event.actionType)) {
        const label = eventLabel({ resource: event.resource, actionType: action });
        const known = byLabel.get(label) ?? { label, text: textOf(event.resource, action), plugins: [] };
        if (!known.plugins.includes(plugin)) byLabel.set(label, { ...known, plugins: [...known.plugins, plugin] });
      }
    }
    return [...byLabel.values()];
  }

  /** `undefined` for an event that none of them registered for. */
  answer(pod: Pod, event: RecentEvent): SeenEvent | undefined {
    const seen = this.answerOrNone(pod, event);
    return seen.answer === "NotRegistered" ? undefined : seen;
  }

  answerOrNone(pod: Pod, { seq, at, event, old, updated }: RecentEvent): SeenEvent {
    const answers = new Map<string, Answer>();
    for (const { plugin, event: registered, hint } of this.#registrations) {
      if (!matchClusterEvents(registered, event)) continue;
      const isQueue = hint === undefined || saysQueue(() => hint(pod, old, updated));
      if (isQueue || !answers.has(plugin)) answers.set(plugin, isQueue ? "Queue" : "Skip");
    }
    const object = updated ?? old;
    return {
      seq,
      at,
      label: eventLabel(event),
      ...(object === undefined ? {} : { object: objectKey(object) }),
      answers: this.#plugins.map((plugin) => ({ plugin, answer: answers.get(plugin) ?? "NotRegistered" })),
      answer: answers.size === 0 ? "NotRegistered" : [...answers.values()].includes("Queue") ? "Queue" : "Skip",
      isLostByHistorical: object !== undefined && this.#unseenByHistorical.has(object),
    };
  }
}

/** An error counts as Queue. */
function saysQueue(ask: () => "Queue" | "Skip"): boolean {
  try {
    return ask() === "Queue";
  } catch {
    return true;
  }
}

const bits = Object.entries(actionType).filter(([name]) => name !== "Update" && name !== "All");

function singleActions(actions: number): readonly number[] {
  if (actions === actionType.Update) return [actionType.Update];
  const found = bits.map(([, bit]) => bit).filter((bit) => (actions & bit) !== 0 && (bit & (bit - 1)) === 0);
  // All update bits together are one event of their own.
  return (actions & actionType.Update) === actionType.Update
    ? [...found.filter((bit) => (bit & actionType.Update) === 0), actionType.Update]
    : found;
}

function textOf(resource: string, action: number): string {
  const name = resource.split("/").at(-1) ?? resource;
  const what = name === "Pod" ? "a pod" : name === "AssignedPod" ? "a running pod" : `a ${name}`;
  if (action === actionType.Add) return `${what} is added`;
  if (action === actionType.Delete) return `${what} is deleted`;
  if (action === actionType.Update) return `${what} changes`;
  const part = actionLabel(action).replace(/^Update(Node|Pod)/, "");
  return `${part.replaceAll(/([a-z])([A-Z])/g, "$1 $2").toLowerCase()} of ${what} changes`;
}
