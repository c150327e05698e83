import {
  eventLabel,
  isWildcard,
  matchClusterEvents,
  type ClusterEvent,
  type KubeObject,
  type Pod,
} from "#lib/kube/index.ts";
import { HintCalls } from "./hint-calls.ts";

export type QueueingHint = "Queue" | "Skip";

/** Must be pure: how often and in which order hints are asked is not part of the contract. Throwing counts as Queue. */
export type QueueingHintFn = (pod: Pod, oldObj: KubeObject | undefined, newObj: KubeObject | undefined) => QueueingHint;

/** A plugin wants to hear of `event` for pods that it rejected. Without a hint function the answer is always Queue. */
export interface QueueingHintRegistration {
  readonly plugin: string;
  readonly event: ClusterEvent;
  readonly hint?: QueueingHintFn;
}

/** By profile (scheduler name). */
export type QueueingHintMap = ReadonlyMap<string, readonly QueueingHintRegistration[]>;

/** A registration that hears one kind of incoming event, with its calls counted. */
export interface MatchingHint {
  readonly plugin: string;
  readonly hint: QueueingHintFn | undefined;
  readonly calls: HintCalls;
}

/** One kind of incoming event and everything the registrations say about it, worked out once. */
export interface IncomingEvent {
  readonly event: ClusterEvent;
  readonly label: string;
  readonly isWildcard: boolean;
  /** Whether any registration of any profile, or the wildcard rule, wants it. */
  readonly isInteresting: boolean;
  readonly hints: ReadonlyMap<string, readonly MatchingHint[]>;
  /** Who may say Queue: each pair once. */
  readonly listeners: readonly { readonly profile: string; readonly plugin: string }[];
  /** Plugins that registered it in any profile: what decides whether a pod they gate may hear it. */
  readonly plugins: ReadonlySet<string>;
  /** Elements of this kind in the in-flight list. */
  inFlight: number;
}

/**
 * The registrations of all profiles, and what they make of each kind of event. There are few kinds, so each is looked
 * at once: that an event interests nobody costs two map lookups. Upstream: `isEventOfInterest`, `buildEventMap`.
 */
export class RegisteredEvents {
  readonly #registrations: QueueingHintMap;
  readonly #isHinting: boolean;
  readonly #known = new Map<string, Map<string | number, IncomingEvent>>();
  #latest: IncomingEvent | undefined;

  /** @param isHinting without it (gate off) every registration says Queue. */
  constructor(registrations: QueueingHintMap, isHinting: boolean) {
    this.#registrations = registrations;
    this.#isHinting = isHinting;
  }

  /** Names of all plugins that registered for anything, in any profile. */
  plugins(): readonly string[] {
    const names = [...this.#registrations.values()].flatMap((each) => each.map(({ plugin }) => plugin));
    return [...new Set(names)].sort();
  }

  hasProfile(profile: string): boolean {
    return this.#registrations.has(profile);
  }

  /** What is known about events like this one. */
  of(event: ClusterEvent): IncomingEvent {
    if (this.#latest?.event === event) return this.#latest;
    let ofResource = this.#known.get(event.resource);
    if (ofResource === undefined) {
      ofResource = new Map();
      this.#known.set(event.resource, ofResource);
    }
    const custom = event.customLabel;
    const kind = custom === undefined || custom === "" ? event.actionType : `${event.actionType} ${custom}`;
    let incoming = ofResource.get(kind);
    if (incoming === undefined) {
      incoming = this.#examine(event);
      ofResource.set(kind, incoming);
    }
    this.#latest = incoming;
    return incoming;
  }

  /** Every kind of event seen so far. */
  *seen(): IterableIterator<IncomingEvent> {
    for (const ofResource of this.#known.values()) yield* ofResource.values();
  }

  #examine(event: ClusterEvent): IncomingEvent {
    const hints = new Map<string, MatchingHint[]>();
    const listeners: { profile: string; plugin: string }[] = [];
    for (const [profile, registrations] of this.#registrations) {
      const matching = registrations.filter((registration) => matchClusterEvents(registration.event, event));
      if (matching.length === 0) continue;
      hints.set(
        profile,
        matching.map(({ plugin, hint }) => ({
          plugin,
          hint: this.#isHinting ? hint : undefined,
          calls: new HintCalls(),
        })),
      );
      for (const plugin of new Set(matching.map((registration) => registration.plugin))) {
        listeners.push({ profile, plugin });
      }
    }
    return {
      event,
      label: eventLabel(event),
      isWildcard: isWildcard(event),
      isInteresting: isWildcard(event) || listeners.length > 0,
      hints,
      listeners,
      plugins: new Set(listeners.map((listener) => listener.plugin)),
      inFlight: 0,
    };
  }
}
