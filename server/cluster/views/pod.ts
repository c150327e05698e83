import { podRequests, podUid, type Pod } from "#lib/kube/index.ts";
import { flushMs, lostEventConditions, missedEventConditions, quantityOf, requestedBy } from "#lib/scheduler/index.ts";
import type {
  Evidence,
  NearMiss,
  PodDetail,
  PodRef,
  Provenance,
  SeenEvent,
  Sentence,
  View,
} from "#lib/protocol/index.ts";
import { Hints } from "../diagnosis/hints.ts";
import { buildMatrix } from "../diagnosis/matrix.ts";
import type { Diagnosis, JudgedPod } from "../diagnosis/index.ts";
import { buildTimeline } from "../diagnosis/timeline.ts";
import { answerWhatIf } from "../diagnosis/what-if.ts";
import { affinityText } from "../diagnosis/what-if-text.ts";
import type { Scheduling } from "../scheduling/scheduling.ts";
import { adviceFor } from "./pod-advice.ts";
import { comparisonOf } from "./pod-comparison.ts";
import { splitOf } from "./pod-split.ts";
import { bySeverityThenAge, sentenceOf } from "./pods.ts";
import { pluginsOf } from "./query-subject.ts";

const mostNodeNames = 50;
const mostEvents = 100;

export interface PodSource {
  readonly diagnosis: Diagnosis;
  readonly scheduling: Scheduling;
  readonly provenance: Provenance;
  readonly now: number;
}

type Detail = Omit<PodDetail, "asOf">;

/** Everything about one pod that waits. */
export function buildPod(judged: JudgedPod, source: PodSource, view: View<"pod">): Detail {
  const { diagnosis, provenance, now } = source;
  const { pod, verdict, shape, place, info, workload, situation, uid } = judged;
  const { namespace = "", name = "" } = pod.metadata;
  const isBound = (pod.spec?.nodeName ?? "") !== "";
  const unseen = diagnosis.run.unseenByHistorical.of(uid);
  const hints = new Hints(shape.options.profile, isBound ? [] : pluginsOf(judged), unseen);
  const sinceFailure = eventsSince(judged, hints, diagnosis);
  const node = isBound ? pod.spec?.nodeName : situation.nomination?.node;
  return {
    uid,
    namespace,
    name,
    provenance,
    state: isBound ? "bound" : "pending",
    verdict: {
      ...verdict,
      row: sentenceOf(verdict.row),
      headline: sentenceOf(verdict.headline),
      plugins: [...verdict.plugins],
    },
    evidence: evidenceOf(judged),
    spec: specOf(pod, situation.scheduler.name, workload),
    pendingSince: judged.createdAt,
    queue: place,
    ...(info === undefined
      ? {}
      : { queueSince: info.timestamp, attempts: info.attempts, isAttemptsAtLeast: info.isAttemptsAtLeast }),
    ...nextTry(judged),
    ...ahead(situation),
    ...(node === undefined ? {} : { node }),
    rejectors: isBound ? [] : [...pluginsOf(judged)],
    ...(isBound ? {} : { matrix: matrixOf(shape, view) }),
    nearMisses: isBound ? [] : shape.explanation.nearMisses.map((nearMiss, index) => nearMissOf(nearMiss, index, pod)),
    nearMissesTried: true,
    comparison: comparisonOf(judged, source),
    facts: [...diagnosis.factsAbout(judged)],
    waking: [...hints.waking()],
    sinceFailure: { ...sinceFailure, events: sinceFailure.events.slice(0, mostEvents) },
    timeline: timelineOf(judged, { source, hints, events: sinceFailure.events, attempt: view.attempt }),
    ...splitOf(judged, source),
    ...adviceFor(judged),
    ...(view.whatIf === undefined ? {} : { whatIf: answerWhatIf(pod, shape, view.whatIf, now) }),
    ...positionOf(judged, diagnosis),
  };
}

/** Whoever reads in passing gets its sums: what each plugin rejects, and whether anything fits. */
function matrixOf(shape: JudgedPod["shape"], view: View<"pod">): NonNullable<PodDetail["matrix"]> {
  const matrix = buildMatrix(shape, view);
  return view.isBrief === true ? { ...matrix, groups: [], columns: {} } : matrix;
}

function specOf(pod: Pod, scheduler: string, workload: JudgedPod["workload"]): PodDetail["spec"] {
  const { spec = {} } = pod;
  const required = spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
  const requests = [...requestedBy(pod)].map(([name, amount]) => [name, quantityOf(name, amount)] as const);
  // Everything that the scheduler does not count is left out.
  const known = new Set(podRequests(pod, { useStatus: false }).keys());
  return {
    priority: spec.priority ?? 0,
    ...(spec.priorityClassName === undefined ? {} : { priorityClass: spec.priorityClassName }),
    scheduler,
    requests: Object.fromEntries(requests.filter(([name]) => known.has(name))),
    tolerations: (spec.tolerations ?? []).map(({ key, operator, value, effect }) => ({
      ...(key === undefined ? {} : { key }),
      ...(operator === undefined ? {} : { operator }),
      ...(value === undefined ? {} : { value }),
      ...(effect === undefined ? {} : { effect }),
    })),
    nodeSelector: { ...spec.nodeSelector },
    ...(required === undefined ? {} : { nodeAffinity: affinityText(required) }),
    ...(workload === undefined ? {} : { workload }),
  };
}

function nearMissOf(
  { kind, title, detail, opened, changeFor }: JudgedPod["shape"]["explanation"]["nearMisses"][number],
  index: number,
  pod: Pod,
): NearMiss {
  const { patch, command } = changeFor(pod);
  return {
    rank: index + 1,
    kind,
    title,
    detail,
    nodes: opened.length,
    nodeNames: opened.slice(0, mostNodeNames).map(({ name }) => name),
    patch: { ...patch, target: { ...patch.target } },
    command,
  };
}

function ahead({ ahead: found }: JudgedPod["situation"]): Pick<PodDetail, "ahead"> {
  if (found === undefined) return {};
  const { count, first } = found;
  return { ahead: { count, ...(first === undefined ? {} : { first: refOfPod(first) }) } };
}

function nextTry({ place, situation }: JudgedPod): { readonly nextTry?: Sentence } {
  const { record } = situation;
  switch (place) {
    case "unschedulable":
      return record === undefined
        ? {}
        : { nextTry: ["on a Queue hint, or in ", { until: record.since + (situation.flushAfterMs ?? flushMs) }] };
    case "backoff":
    case "errorBackoff":
      return record?.backoffUntil === undefined ? {} : { nextTry: ["in ", { until: record.backoffUntil }] };
    case "active":
      return { nextTry: ["when its turn comes"] };
    case "gated":
      return { nextTry: ["once nothing holds it any more"] };
    case "inFlight":
      return { nextTry: ["being tried now"] };
    case "outside":
      return {};
    default:
      return place satisfies never;
  }
}

function evidenceOf({ situation, verdict }: JudgedPod): Evidence[] {
  const { suspected, lost, scheduler, mode } = situation;
  if (lost !== undefined && verdict.code === "missed-event") {
    return lostEventConditions(lost).map(({ title, detail, holds }) => ({
      title,
      detail: [...detail],
      holds,
      provenance: "actual",
    }));
  }
  if (suspected !== undefined && mode === "simulated") {
    return missedEventConditions(suspected).map(({ title, detail, holds }) => ({
      title,
      detail: [...detail],
      holds,
      provenance: title.startsWith("The scheduler") ? "observed" : "simulated",
    }));
  }
  if (verdict.code !== "no-scheduler") return [];
  const { leaseRenewedAt, lastActivityAt } = scheduler;
  const provenance = mode === "actual" ? "actual" : "observed";
  return [
    {
      title: "Its Lease",
      detail: leaseRenewedAt === undefined ? ["There is none."] : ["Last renewed ", { since: leaseRenewedAt }, " ago."],
      holds: true,
      provenance,
    },
    {
      title: "What it did",
      detail:
        lastActivityAt === undefined
          ? ["Nothing that was seen."]
          : ["It last bound or reported on a pod ", { since: lastActivityAt }, " ago."],
      holds: true,
      provenance,
    },
  ];
}

/** What its rejectors heard since the pod was last seen to fail, as far back as events are kept. Newest first. */
function eventsSince({ pod, uid, info, situation }: JudgedPod, hints: Hints, diagnosis: Diagnosis) {
  const endedAt = situation.mode === "actual" ? info?.timestamp : (diagnosis.failures.of(uid)?.at ?? info?.timestamp);
  // What was lost came during the attempt.
  const failedAt = situation.lost?.poppedAt ?? endedAt;
  const events: SeenEvent[] = [];
  let notRegistered = 0;
  for (const recent of diagnosis.run.recent.newestFirst()) {
    if (failedAt === undefined || recent.at <= failedAt) break;
    const seen = hints.answer(pod, recent);
    if (seen === undefined) notRegistered++;
    else events.push(seen);
  }
  const queue = events.filter(({ answer }) => answer === "Queue").length;
  return {
    ...(failedAt === undefined ? {} : { at: failedAt }),
    queue,
    skip: events.length - queue,
    notRegistered,
    events,
  };
}

function timelineOf(
  { pod, uid, situation }: JudgedPod,
  of: {
    readonly source: PodSource;
    readonly hints: Hints;
    readonly events: readonly SeenEvent[];
    readonly attempt: number | undefined;
  },
): PodDetail["timeline"] {
  const { source, hints, events, attempt } = of;
  const { diagnosis, scheduling } = source;
  const failure = diagnosis.failures.of(uid);
  return buildTimeline(
    {
      pod,
      transitions: [...scheduling.transitions.of(uid).rows.newestFirst()].reverse(),
      events: diagnosis.run.recent.newestFirst(),
      hints,
      createdAt: Date.parse(pod.metadata.creationTimestamp ?? "") || source.now,
      isActual: situation.mode === "actual",
      failure: failure && { at: failure.at, source: failure.evidence.source, text: failure.evidence.message },
      skipped: events.filter(({ answer }) => answer === "Skip"),
    },
    attempt,
  );
}

/** Its neighbours in the default order. */
function positionOf(judged: JudgedPod, diagnosis: Diagnosis): Pick<PodDetail, "position"> {
  const all = [...diagnosis.judged.values()].sort(bySeverityThenAge);
  const index = all.findIndex(({ uid }) => uid === judged.uid);
  const [previous, next] = [all[index - 1], all[index + 1]];
  return {
    position: {
      index,
      of: all.length,
      ...(previous === undefined ? {} : { previous: refOf(previous) }),
      ...(next === undefined ? {} : { next: refOf(next) }),
    },
  };
}

function refOf({ pod }: JudgedPod): PodRef {
  return refOfPod(pod);
}

function refOfPod(pod: Pod): PodRef {
  const { namespace = "", name = "" } = pod.metadata;
  return { uid: podUid(pod), namespace, name };
}
