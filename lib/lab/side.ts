import type { Instant } from "#lib/clock/index.ts";
import type { PodUid } from "#lib/kube/index.ts";
import {
  RecordedQueue,
  recordingEpoch,
  type EventElement,
  type InFlightElement,
  type InFlightReader,
  type Rejectors,
  type TraceConfig,
  type Transition,
} from "#lib/queue/index.ts";
import type { Examination, MarkerFact, SeenEvent } from "./examination.ts";
import type { PlaceName, PodAt, SideElement, SideFlight, SidePicture } from "./picture.ts";
import type { Operation } from "./scenario.ts";

export type Scheme = "historical" | "current";

/** An operation with its place in the experiment. */
export interface Step {
  readonly number: number;
  /** Milliseconds since the start. */
  readonly at: number;
  readonly operation: Operation;
  /** What events that it brings are called. */
  readonly eventName: string | undefined;
}

/** What an operation did to one queue. */
export interface Played {
  /** Why it did nothing. */
  readonly problem: string | undefined;
  readonly transitions: readonly Transition[];
}

interface TakeOff {
  readonly step: number;
  /** Events on record before it. */
  readonly before: number;
}

/** One of the two queues, with what has to be remembered to tell what happened to it. */
export class Side {
  readonly scheme: Scheme;
  readonly #driven: RecordedQueue;
  /** Without hints nobody keeps track of flights. */
  readonly #isTracking: boolean;
  #now: Instant = recordingEpoch;
  readonly #told: Transition[] = [];
  /** Every event that was put on the list, by its number there. */
  readonly #appended: number[] = [];
  readonly #names = new Map<number, string>();
  readonly #removedIn = new Map<number, number>();
  readonly #takeOffs = new Map<PodUid, TakeOff>();
  readonly #bound = new Set<PodUid>();
  readonly #returned = new Map<PodUid, Examination>();
  #beforeHandBack: Pick<SidePicture, "elements" | "ghosts" | "flights"> | undefined;

  constructor(config: TraceConfig, scheme: Scheme) {
    this.scheme = scheme;
    this.#driven = new RecordedQueue(config, scheme);
    this.#isTracking = config.featureGates["SchedulerQueueingHints"] === true;
    this.#driven.queue.observe((transition) => void this.#told.push(transition));
  }

  play(step: Step): Played {
    const { operation, at } = step;
    this.#told.length = 0;
    this.#beforeHandBack = undefined;
    this.#now = recordingEpoch + at;
    this.#driven.execute({ op: "advance", t: at });
    if (operation.op === "fail") this.#lookBeforeHandBack(step);
    let problem: string | undefined;
    try {
      this.#driven.execute({ ...operation, t: at });
    } catch (error) {
      problem = error instanceof Error ? error.message : String(error);
    }
    this.#remember(step);
    const hasEnded = !this.#isTracking || this.#told.some(({ kind }) => kind === "finished");
    if (operation.op === "done" && hasEnded) this.#bound.add(uidOf(operation));
    return { problem: problem ?? this.#whyNothing(operation), transitions: [...this.#told] };
  }

  /** Events that the pod in flight would be shown now. */
  seenBy(uid: PodUid): readonly string[] {
    const names: string[] = [];
    this.#inFlight.someEventOf(uid, (element) => {
      names.push(this.#nameOf(element));
      return false;
    });
    return names;
  }

  inFlight(): readonly PodUid[] {
    return Array.from(this.#inFlight.pods(), ({ uid }) => uid);
  }

  /** The place of every pod that has one. */
  placeByUid(): ReadonlyMap<PodUid, PlaceName> {
    const { view } = this.#driven.queue;
    const places = new Map<PodUid, PlaceName>();
    for (const uid of this.#bound) places.set(uid, "bound");
    for (const { uid } of view.activeUnordered()) places.set(uid, "active");
    for (const { info } of view.backingOffUnordered()) places.set(info.uid, "backoff");
    for (const { uid } of view.unschedulableUnordered()) places.set(uid, "unschedulable");
    for (const { infos } of view.gated()) for (const { uid } of infos) places.set(uid, "gated");
    for (const { uid } of this.#inFlight.pods()) places.set(uid, "inFlight");
    return places;
  }

  /** Every place with its pods, in the order in which they leave it. */
  places(): SidePicture["places"] {
    const { view } = this.#driven.queue;
    const at = ({ uid }: { readonly uid: PodUid }): PodAt => ({ uid, until: undefined });
    return {
      active: view.active().map(at),
      backoff: view.backingOff().map(({ info, until }) => ({ uid: info.uid, until })),
      unschedulable: view.unschedulable().map(at),
      gated: view.gated().flatMap(({ infos }) => Array.from(infos, at)),
      inFlight: Array.from(this.#inFlight.pods(), at),
      bound: Array.from(this.#bound, (uid) => ({ uid, until: undefined })),
    };
  }

  /** @param rejectorsOf who would reject a pod in flight if it came back now. */
  picture(rejectorsOf: (uid: PodUid) => Rejectors | undefined): SidePicture {
    const examinations = new Map(this.#returned);
    for (const uid of this.inFlight()) {
      const examination = this.#examine(uid, rejectorsOf(uid), undefined);
      if (examination !== undefined) examinations.set(uid, examination);
    }
    return { ...(this.#beforeHandBack ?? this.#list()), places: this.places(), examinations };
  }

  get #inFlight(): InFlightReader {
    return this.#driven.queue.view.inFlight;
  }

  #list(): Pick<SidePicture, "elements" | "ghosts" | "flights"> {
    const inFlight = this.#inFlight;
    return {
      elements: Array.from(inFlight.elements(), (element) => this.#elementOf(element)),
      ghosts: inFlight.lastPruned().map((element) => this.#elementOf(element)),
      flights: Array.from(inFlight.pods(), ({ uid }) => this.#flightOf(uid)),
    };
  }

  /** What the pod looks at when it comes back can only be seen before it does. */
  #lookBeforeHandBack({ operation, number }: Step): void {
    const uid = uidOf(operation);
    if (operation.raw === true || this.#inFlight.pod(uid) === undefined) return;
    const rejectors = {
      unschedulablePlugins: new Set(operation.plugins),
      pendingPlugins: new Set(operation.pending),
    };
    const examination = this.#examine(uid, rejectors, number);
    if (examination !== undefined) this.#returned.set(uid, examination);
    this.#beforeHandBack = this.#list();
  }

  #remember({ number, eventName = "event" }: Step): void {
    let appended = 0;
    for (const transition of this.#told) {
      switch (transition.kind) {
        case "appended": {
          const { seq } = transition.element;
          this.#names.set(seq, appended === 0 ? eventName : `${eventName}.${appended + 1}`);
          this.#appended.push(seq);
          appended++;
          break;
        }
        case "popped":
          this.#takeOffs.set(transition.pod.uid, { step: number, before: this.#appended.length });
          this.#bound.delete(transition.pod.uid);
          break;
        case "pruned":
          for (const { seq } of transition.elements) this.#removedIn.set(seq, number);
          break;
        case "moved":
        case "handedBack":
        case "finished":
        case "updated":
          break;
        default:
          transition satisfies never;
      }
    }
  }

  #whyNothing({ op }: Operation): string | undefined {
    const happened = (kind: Transition["kind"]): boolean => this.#told.some((transition) => transition.kind === kind);
    switch (op) {
      case "pop":
      case "popSpecific":
        return happened("popped") ? undefined : "nothing to pop";
      case "done":
        return happened("finished") || !this.#isTracking ? undefined : "not in flight";
      case "fail":
        return happened("handedBack") ? undefined : "queued already";
      default:
        return undefined;
    }
  }

  #examine(uid: PodUid, rejectors: Rejectors | undefined, step: number | undefined): Examination | undefined {
    const explanation = this.#driven.queue.view.explain(uid, rejectors);
    const marker = this.#markerOf(uid);
    if (explanation === undefined || marker === undefined) return undefined;
    const { destination, events } = explanation;
    const takeOff = this.#takeOffs.get(uid);
    const { unschedulablePlugins, pendingPlugins } = explanation.rejectors;
    const seen = events.map(({ element, verdict, answers }): SeenEvent => {
      const isHeard = answers.some(({ answer }) => answer !== "NotRegistered");
      const answer = verdict === "skip" ? (isHeard ? "Skip" : "none") : "Queue";
      return { name: this.#nameOf(element), answer, decides: element.seq === destination.decidedBy };
    });
    const { to, verdict, plugin, backoffUntil } = destination;
    return {
      uid,
      step,
      at: this.#now,
      takenOffIn: takeOff?.step ?? 0,
      marker,
      since: this.#appended.slice(takeOff?.before ?? 0).map((seq) => this.#names.get(seq) ?? "event"),
      seen,
      rejectors: [...new Set([...unschedulablePlugins, ...pendingPlugins])],
      decision: { to, verdict, plugin, backoffUntil, decidedBy: seen.find(({ decides }) => decides)?.name },
    };
  }

  #markerOf(uid: PodUid): MarkerFact | undefined {
    const marker = this.#inFlight.markerOf(uid);
    switch (marker?.kind) {
      case undefined:
        return undefined;
      case "own":
        return { kind: "own" };
      case "start":
        return { kind: "start" };
      case "foreign": {
        const { element, isRemoved } = marker;
        const removedIn = isRemoved ? this.#removedIn.get(element.seq) : undefined;
        return { kind: "foreign", event: this.#nameOf(element), seq: element.seq, removedIn };
      }
      default:
        return marker satisfies never;
    }
  }

  #flightOf(uid: PodUid): SideFlight {
    return { uid, takenOffIn: this.#takeOffs.get(uid)?.step ?? 0, marker: this.#markerOf(uid) ?? { kind: "start" } };
  }

  #elementOf(element: InFlightElement): SideElement {
    if (element.kind === "pod") return { kind: "pod", seq: element.seq, uid: element.uid };
    const { seq, incoming, oldObj, newObj, neededBy } = element;
    const object = (newObj ?? oldObj)?.metadata.name;
    return { kind: "event", seq, name: this.#nameOf(element), label: incoming.label, object, neededBy };
  }

  #nameOf({ seq }: EventElement): string {
    return this.#names.get(seq) ?? "event";
  }
}

function uidOf({ uid, pod }: Operation): PodUid {
  return (uid ?? pod?.uid ?? "") as PodUid;
}
