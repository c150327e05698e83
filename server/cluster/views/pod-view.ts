import { objectKey, podUid, type Pod } from "#lib/kube/index.ts";
import { boundAt, schedulerNameOf, workloadOf } from "#lib/scheduler/index.ts";
import { sentenceText, type PodDetail, type Sentence, type Severity, type View } from "#lib/protocol/index.ts";
import { ViewGoneError } from "../port-server.ts";
import { nearestNames } from "./nearest-names.ts";
import type { JudgedPod } from "../diagnosis/index.ts";
import { buildPod, type PodSource } from "./pod.ts";

type Detail = Omit<PodDetail, "asOf">;

/** What is said on the way to a node: not what a pod waited for. */
const onTheirWay: ReadonlySet<Severity> = new Set(["info", "waiting"]);

/** One pod on the screen: it stays there with its last verdict when it is bound, or goes. */
export class PodView {
  readonly #source: () => PodSource;
  readonly #view: View<"pod">;
  #revision = -1;
  #last: Detail | undefined;
  /** What it waited for. */
  #lastPending: Sentence | undefined;
  #goneAt: number | undefined;

  constructor(source: () => PodSource, view: View<"pod">) {
    this.#source = source;
    this.#view = view;
  }

  build(): Detail {
    const source = this.#source();
    const { diagnosis } = source;
    const revision = diagnosis.revision + diagnosis.statementsRevision; // both only grow
    if (this.#last !== undefined && this.#revision === revision) return this.#last;
    this.#revision = revision;
    const judged = this.#find(source);
    this.#last = judged === undefined ? this.#without(source) : buildPod(judged, source, this.#view);
    const { verdict, state } = this.#last;
    if (state === "pending" && !onTheirWay.has(verdict.severity)) {
      this.#lastPending = [sentenceText(verdict.row, source.now)]; // its time stands still with it
    }
    return this.#last;
  }

  /** The newest of that name, unless one is named. */
  #find({ diagnosis }: PodSource): JudgedPod | undefined {
    const { uid, namespace, name } = this.#view;
    if (uid !== undefined) return diagnosis.judged.get(uid);
    const pod = diagnosis.run.judging.cache.pods.get(`${namespace}/${name}`);
    return pod === undefined ? undefined : diagnosis.judged.get(podUid(pod));
  }

  #without({ diagnosis, provenance, now }: PodSource): Detail {
    const { namespace, name, uid } = this.#view;
    const found = diagnosis.run.judging.cache.pods.get(`${namespace}/${name}`);
    const pod = found === undefined || (uid !== undefined && podUid(found) !== uid) ? undefined : found;
    if (pod !== undefined && !isBound(pod) && pod.metadata.deletionTimestamp === undefined) {
      if (this.#last !== undefined) return this.#last;
      throw notJudgedYet(pod);
    }
    if (pod === undefined && this.#last === undefined) throw noSuchPod(this.#view, diagnosis, found);
    const lastVerdict = this.#lastPending;
    const base = { ...(this.#last ?? bare(pod, provenance)), ...(lastVerdict === undefined ? {} : { lastVerdict }) };
    this.#goneAt ??= now;
    return pod === undefined || !isBound(pod)
      ? withoutPod(base, pod === undefined ? this.#goneAt : undefined)
      : withNode(base, pod, this.#goneAt);
  }
}

function isBound({ spec }: Pod): boolean {
  return (spec?.nodeName ?? "") !== "";
}

/** As it was last seen. @param at absent while it is still being deleted */
function withoutPod(base: Detail, at: number | undefined): Detail {
  return {
    ...base,
    state: "gone",
    verdict: {
      ...base.verdict,
      headline: at === undefined ? ["It is being deleted."] : ["Deleted at ", { time: at }, "."],
    },
    ...ended(base, at),
    nearMisses: [],
  };
}

function withNode(base: Detail, pod: Pod, seenAt: number): Detail {
  const node = pod.spec?.nodeName ?? "";
  const at = boundAt(pod) ?? seenAt;
  const headline: Sentence = ["Bound to ", node, " at ", { time: at }, "."];
  return {
    ...base,
    state: "bound",
    node,
    verdict: {
      ...base.verdict,
      headline,
      row: headline,
      severity: "info",
      code: "not-started",
      provenance: "observed",
    },
    ...ended(base, at),
    nearMisses: [],
  };
}

/** What it was about stays; time does not go on for it. */
function ended(base: Detail, at: number | undefined): Partial<Detail> {
  if (at === undefined || base.endedAt !== undefined) return {};
  const { stays } = base.timeline;
  return {
    endedAt: at,
    timeline: {
      ...base.timeline,
      stays: stays.map((stay) => (stay.until === undefined ? { ...stay, until: Math.max(at, stay.from) } : stay)),
    },
  };
}

/** A pod that never waited while anybody looked. */
function bare(pod: Pod | undefined, provenance: Detail["provenance"]): Detail {
  const workload = pod === undefined ? undefined : workloadOf(pod);
  const since = Date.parse(pod?.metadata.creationTimestamp ?? "");
  return {
    uid: pod === undefined ? "" : podUid(pod),
    namespace: pod?.metadata.namespace ?? "",
    name: pod?.metadata.name ?? "",
    provenance,
    state: "bound",
    verdict: { code: "not-started", severity: "info", row: [], headline: [], provenance: "observed", plugins: [] },
    evidence: [],
    spec: {
      priority: pod?.spec?.priority ?? 0,
      scheduler: pod === undefined ? "" : schedulerNameOf(pod),
      requests: {},
      tolerations: [],
      nodeSelector: {},
      ...(workload === undefined ? {} : { workload }),
    },
    pendingSince: Number.isNaN(since) ? 0 : since,
    queue: "outside",
    rejectors: [],
    nearMisses: [],
    nearMissesTried: true,
    comparison: { state: "silent", rows: [], differing: 0, oursOf: "now" },
    facts: [],
    waking: [],
    sinceFailure: { queue: 0, skip: 0, notRegistered: 0, events: [] },
    timeline: {
      from: Number.isNaN(since) ? 0 : since,
      stays: [],
      attempts: [],
      queued: [],
      skippedAt: [],
      queueTotal: 0,
      skipTotal: 0,
      records: [],
    },
  };
}

/** @param other another pod that has the name */
function noSuchPod(
  { namespace, name, uid }: View<"pod">,
  { revision, run, arePodsForbidden }: PodSource["diagnosis"],
  other: Pod | undefined,
): ViewGoneError {
  if (arePodsForbidden) {
    return new ViewGoneError({
      code: "pods-forbidden",
      title: "Pods are not read",
      message: "Cannot tell: not allowed to list pods.",
      hint: "Grant get, list and watch on pods: deploy/reader.yaml is all that is read.",
    });
  }
  if (revision === 0) {
    return new ViewGoneError({
      code: "not-judged-yet",
      title: "Not read yet",
      message: "The pods of this cluster are still being read.",
      hint: "Try again in a moment.",
    });
  }
  const nearest = nearestNames(namespace, name, run.judging.cache.pods.all());
  const isOther = other !== undefined && uid !== undefined;
  return new ViewGoneError({
    code: "no-such-pod",
    title: "No such pod",
    message: isOther
      ? `Pod ${namespace}/${name} with the uid ${uid} is gone: another one has its name.`
      : `There is no pod ${namespace}/${name}, or it has ended.`,
    hint: nearest.length === 0 ? "Check the name and the namespace." : "The nearest names:",
    ...(nearest.length === 0 ? {} : { nearest: [...nearest] }),
  });
}

function notJudgedYet(pod: Pod): ViewGoneError {
  return new ViewGoneError({
    code: "not-judged-yet",
    title: "Not judged yet",
    message: `Pod ${objectKey(pod)} has just come, and was not looked at yet.`,
    hint: "Try again in a moment.",
  });
}
