import type { Clock, Instant } from "#lib/clock/index.ts";
import { podUid, type Event, type Pod } from "#lib/kube/index.ts";
import type { Fact } from "#lib/protocol/index.ts";
import { factsOfEvents, forbiddenEvents } from "./event-facts.ts";
import { factsOfKueue, type SeenOfKueue } from "./kueue-facts.ts";
import {
  jobUidLabel,
  kueueGroup,
  mayBeOfKueue,
  uidsOfOwners,
  workloadFor,
  type LocalQueue,
  type Workload,
} from "./kueue-objects.ts";
import { Questions, type Answer, type StatementsTransport } from "./questions.ts";

export type { StatementsTransport };

/** Asked again no sooner. */
const freshMs = 10_000;
/** A pod that nobody has looked at for so long is forgotten. */
const keptMs = 60_000;
/** What a cluster serves changes seldom. */
const servedMs = 30_000;
const mostEvents = 100;
const mostWorkloads = 500;

interface Seen {
  pod: Pod;
  askedAt: Instant;
  lookedAt: Instant;
  asking: Promise<void> | undefined;
  events: Answer<Event>;
  kueue: SeenOfKueue | undefined;
}

const silent = { kind: "silent" } as const;

/**
 * What others than the scheduler say of a pod: its events, and Kueue's objects where there are any. Asked of the API server
 * while somebody looks at the pod, and at no other time: lists of events are large, and few pods are looked at.
 */
export class Statements {
  readonly #clock: Clock;
  readonly #questions: Questions;
  readonly #seen = new Map<string, Seen>();
  #served: { readonly at: Instant; readonly version: Promise<string | undefined> } | undefined;
  #revision = 0;

  constructor(transport: StatementsTransport, clock: Clock) {
    this.#clock = clock;
    this.#questions = new Questions(transport, clock);
  }

  /** Grows with every answer. */
  get revision(): number {
    return this.#revision;
  }

  /** As far as they are known. What is missing or old is asked for. */
  of(pod: Pod): readonly Fact[] {
    const seen = this.#look(pod);
    if (seen.asking === undefined && this.#clock.now() - seen.askedAt >= freshMs) void this.#ask(seen);
    const { namespace = "" } = pod.metadata;
    const { events, kueue } = seen;
    return [
      ...(kueue === undefined ? [] : factsOfKueue(pod, kueue)),
      ...(events.kind === "objects" ? factsOfEvents(pod, events.objects, this.#clock.now()) : []),
      ...(events.kind === "forbidden" ? [forbiddenEvents(namespace)] : []),
    ];
  }

  /** Until they are known. */
  async read(pod: Pod): Promise<void> {
    const seen = this.#look(pod);
    if (seen.asking === undefined && this.#clock.now() - seen.askedAt < freshMs) return;
    await (seen.asking ?? this.#ask(seen));
  }

  #look(pod: Pod): Seen {
    const now = this.#clock.now();
    const uid = podUid(pod);
    for (const [other, { lookedAt }] of this.#seen) if (now - lookedAt > keptMs) this.#seen.delete(other);
    let seen = this.#seen.get(uid);
    if (seen === undefined) {
      const never = Number.NEGATIVE_INFINITY;
      seen = { pod, askedAt: never, lookedAt: now, asking: undefined, events: silent, kueue: undefined };
      this.#seen.set(uid, seen);
    }
    seen.pod = pod;
    seen.lookedAt = now;
    return seen;
  }

  #ask(seen: Seen): Promise<void> {
    seen.asking = Promise.all([this.#eventsOf(seen.pod), this.#kueueOf(seen.pod)]).then(([events, kueue]) => {
      // What fails once leaves what was known.
      if (events.kind !== "silent") seen.events = events;
      seen.kueue = kueue;
      seen.askedAt = this.#clock.now();
      seen.asking = undefined;
      this.#revision++;
    });
    return seen.asking;
  }

  #eventsOf(pod: Pod): Promise<Answer<Event>> {
    const selection = {
      group: "events.k8s.io",
      version: "v1",
      resource: "events",
      namespace: pod.metadata.namespace ?? "",
      fieldSelector: `regarding.uid=${podUid(pod)}`,
    };
    return this.#questions.list<Event>(selection, mostEvents);
  }

  async #kueueOf(pod: Pod): Promise<SeenOfKueue | undefined> {
    if (!mayBeOfKueue(pod)) return undefined;
    const version = await this.#kueueVersion();
    if (version === undefined || version === "") return { version, workloads: silent, queues: silent };
    const of = (resource: string) => ({
      group: kueueGroup,
      version,
      resource,
      namespace: pod.metadata.namespace ?? "",
    });
    const [workloads, queues] = await Promise.all([
      this.#workloadsFor(pod, of("workloads")),
      this.#questions.list<LocalQueue>(of("localqueues"), mostWorkloads),
    ]);
    return { version, workloads, queues };
  }

  /** By the label that Kueue puts on them; those of groups, and of owners' owners, are looked for among all. */
  async #workloadsFor(pod: Pod, selection: Parameters<Questions["list"]>[0]): Promise<Answer<Workload>> {
    const labelSelector = `${jobUidLabel} in (${uidsOfOwners(pod).join(",")})`;
    const labelled = await this.#questions.list<Workload>({ ...selection, labelSelector }, mostWorkloads);
    if (labelled.kind !== "objects" || workloadFor(pod, labelled.objects) !== undefined) return labelled;
    return this.#questions.list<Workload>(selection, mostWorkloads);
  }

  async #kueueVersion(): Promise<string | undefined> {
    const now = this.#clock.now();
    if (this.#served === undefined || now - this.#served.at > servedMs) {
      this.#served = { at: now, version: this.#questions.servedVersion(kueueGroup, "workloads") };
    }
    const version = await this.#served.version;
    if (version === undefined) this.#served = undefined;
    return version;
  }
}
