import { objectKey, podUid, type Pod } from "#lib/kube/index.ts";
import { schedulerNameOf, workloadOf } from "#lib/scheduler/index.ts";
import type { PodDetail, Sentence, View } from "#lib/protocol/index.ts";
import { ViewGoneError } from "../port-server.ts";
import type { JudgedPod } from "../diagnosis/index.ts";
import { buildPod, type PodSource } from "./pod.ts";

type Detail = Omit<PodDetail, "asOf">;

/** One pod on the screen: it stays there with its last verdict when it is bound, or goes. */
export class PodView {
  readonly #source: () => PodSource;
  readonly #view: View<"pod">;
  #revision = -1;
  #last: Detail | undefined;
  #goneAt: number | undefined;

  constructor(source: () => PodSource, view: View<"pod">) {
    this.#source = source;
    this.#view = view;
  }

  build(): Detail {
    const source = this.#source();
    const { diagnosis } = source;
    if (this.#last !== undefined && this.#revision === diagnosis.revision) return this.#last;
    this.#revision = diagnosis.revision;
    const judged = this.#find(source);
    this.#last = judged === undefined ? this.#without(source) : buildPod(judged, source, this.#view);
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
    if (pod !== undefined && (pod.spec?.nodeName ?? "") === "") {
      if (this.#last !== undefined && pod.metadata.deletionTimestamp === undefined) return this.#last;
      if (pod.metadata.deletionTimestamp === undefined) throw notJudgedYet(pod);
    }
    const node = pod?.spec?.nodeName ?? "";
    if (pod === undefined && this.#last === undefined) throw noSuchPod(namespace, name, diagnosis.revision === 0);
    this.#goneAt ??= now;
    const base = this.#last ?? bare(pod, provenance);
    const headline: Sentence =
      node !== ""
        ? ["Bound to ", node, boundText(pod, this.#goneAt), "."]
        : pod === undefined
          ? ["Deleted at ", { time: this.#goneAt }, "."]
          : ["It is being deleted."];
    return {
      ...base,
      state: node === "" ? "gone" : "bound",
      ...(node === "" ? {} : { node }),
      verdict: {
        ...base.verdict,
        headline,
        ...(node === "" ? {} : { row: headline, severity: "info", code: "not-started" }),
      },
      nearMisses: [],
    };
  }
}

function boundText(pod: Pod | undefined, _at: number): string {
  return pod?.status?.phase === "Running" ? ", and running" : "";
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

function noSuchPod(namespace: string, name: string, isEarly: boolean): ViewGoneError {
  return new ViewGoneError({
    code: isEarly ? "not-judged-yet" : "no-such-pod",
    title: isEarly ? "Not read yet" : "No such pod",
    message: isEarly
      ? "The pods of this cluster are still being read."
      : `There is no pod ${namespace}/${name}, or it has ended.`,
    hint: isEarly ? "Try again in a moment." : "Check the name and the namespace.",
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
