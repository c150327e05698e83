import type { Clock, Instant } from "#lib/clock/index.ts";
import type { EventHandler, Registration } from "#lib/informer/index.ts";
import { lastState } from "#lib/informer/index.ts";
import { podUid, type Event, type KubeObject, type Pod } from "#lib/kube/index.ts";
import {
  boundAt,
  failureIn,
  failureInEvent,
  schedulerNameOf,
  timeOf,
  type FailureEvidence,
} from "#lib/scheduler/index.ts";
import type { DiagnosisBoard } from "./diagnosis-board.ts";
import type { PodNames } from "./pod-names.ts";
import type { SchedulerActivity } from "./scheduler-activity.ts";

/** The last failed attempt of a pod that was seen. */
export interface SeenFailure {
  /** When it was seen; for what was there before us, when we came. */
  readonly at: Instant;
  readonly evidence: FailureEvidence;
  /** It was there before us: what it says is of another moment. */
  readonly isOld: boolean;
}

export interface FailuresOptions {
  readonly clock: Clock;
  readonly board: DiagnosisBoard;
  readonly activity: SchedulerActivity;
  readonly names: PodNames;
  /** Events are listed only where somebody else schedules. */
  readonly hasEvents: boolean;
  /** A new word of the scheduler about the pod, as it is now. */
  readonly onFailure: (pod: Pod, failure: SeenFailure) => void;
  /** A pod was promised a node, or is not any more. */
  readonly onNomination: () => void;
}

const failedScheduling = { resource: "events.k8s.io/v1/events", fieldSelector: "reason=FailedScheduling" } as const;

/** Reads conditions and events for what schedulers did, with the time when it was seen. */
export class Failures {
  readonly #options: FailuresOptions;
  readonly #failures = new Map<string, SeenFailure>();
  readonly #registrations: readonly Registration[];

  constructor(options: FailuresOptions) {
    this.#options = options;
    const { board, hasEvents } = options;
    const pods: EventHandler<KubeObject> = {
      onAdd: (pod, isInInitialList) => this.#seen(pod, isInInitialList),
      onUpdate: (old, pod) => this.#changed(old, pod),
      onDelete: (deleted) => {
        options.names.left(lastState(deleted));
        this.#failures.delete(podUid(lastState(deleted)));
      },
    };
    this.#registrations = [
      board.addBuiltIn({ resource: "v1/pods" }, { owner: "diagnosis", name: "diagnosis.pods", handler: pods }),
    ];
    if (!hasEvents) return;
    const events: EventHandler<KubeObject> = {
      onAdd: (event, isInInitialList) => this.#heard(event, isInInitialList),
      onUpdate: (_old, event) => this.#heard(event, false),
    };
    const builtIn = { owner: "diagnosis", name: "diagnosis.events", handler: events };
    this.#registrations = [...this.#registrations, board.addBuiltIn(failedScheduling, builtIn)];
  }

  of(uid: string): SeenFailure | undefined {
    return this.#failures.get(uid);
  }

  stop(): void {
    for (const registration of this.#registrations) this.#options.board.removeBuiltIn(registration);
  }

  #seen(pod: Pod, isInInitialList: boolean): void {
    const { clock, activity, names } = this.#options;
    const name = schedulerNameOf(pod);
    names.came(pod);
    if (isBound(pod)) {
      const at = isInInitialList ? this.#pastOf(boundAt(pod)) : clock.now();
      if (at !== undefined) activity.note(name, podUid(pod), at, { isBound: true, isNews: !isInInitialList });
      return;
    }
    const evidence = failureIn(pod);
    if (evidence === undefined) return;
    const wroteAt = this.#pastOf(Date.parse((pod as { readonly schedulerWroteAt?: string }).schedulerWroteAt ?? ""));
    if (wroteAt !== undefined) activity.note(name, podUid(pod), wroteAt, { isBound: false, isNews: false });
    this.#failures.set(podUid(pod), { at: clock.now(), evidence, isOld: true });
  }

  #changed(old: Pod, pod: Pod): void {
    const uid = podUid(pod);
    if (podUid(old) !== uid) {
      this.#options.names.left(old);
      this.#options.names.came(pod);
    }
    const name = schedulerNameOf(pod);
    const now = this.#options.clock.now();
    if ((old.status?.nominatedNodeName ?? "") !== (pod.status?.nominatedNodeName ?? "")) this.#options.onNomination();
    if (isBound(pod)) {
      this.#failures.delete(uid);
      if (!isBound(old)) this.#options.activity.note(name, uid, now, { isBound: true, isNews: true });
      return;
    }
    const evidence = failureIn(pod);
    const before = failureIn(old);
    if (podUid(old) !== uid) this.#failures.delete(podUid(old));
    else if (before?.message === evidence?.message && before?.isError === evidence?.isError) return;
    if (evidence === undefined) this.#failures.delete(uid);
    else this.#failed(pod, { at: now, evidence, isOld: false });
  }

  /** Of the pod itself the condition says more; that there was an attempt is news all the same. */
  #heard(event: Event, isInInitialList: boolean): void {
    const evidence = failureInEvent(event);
    const uid = event.regarding?.uid ?? event.involvedObject?.uid;
    if (evidence === undefined || uid === undefined) return;
    const known = this.#failures.get(uid);
    const { clock, activity } = this.#options;
    if (isInInitialList) {
      const at = this.#pastOf(timeOf(event));
      if (at !== undefined) activity.note(event.reportingController ?? "", uid, at, { isBound: false, isNews: false });
      if (known === undefined) this.#failures.set(uid, { at: clock.now(), evidence, isOld: true });
      return;
    }
    activity.note(event.reportingController ?? "", uid, clock.now(), { isBound: false, isNews: false });
    this.#failures.set(
      uid,
      known === undefined ? { at: clock.now(), evidence, isOld: true } : { ...known, at: clock.now() },
    );
  }

  /** By a clock of the cluster, which may be ahead of ours: what was there before us is of no later time than now. */
  #pastOf(written: Instant | undefined): Instant | undefined {
    return written === undefined || Number.isNaN(written) ? undefined : Math.min(written, this.#options.clock.now());
  }

  #failed(pod: Pod, failure: SeenFailure): void {
    this.#failures.set(podUid(pod), failure);
    this.#options.activity.note(schedulerNameOf(pod), podUid(pod), failure.at, { isBound: false, isNews: true });
    this.#options.onFailure(pod, failure);
  }
}

function isBound({ spec }: Pod): boolean {
  return (spec?.nodeName ?? "") !== "";
}
