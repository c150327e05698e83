import { sentenceText, type PodDetail } from "#lib/protocol/index.ts";

const places = {
  active: "activeQ",
  backoff: "backoffQ",
  errorBackoff: "backoffQ after an error",
  unschedulable: "unschedulable",
  gated: "gated",
  inFlight: "in flight",
  outside: "no queue",
} as const satisfies Record<PodDetail["queue"], string>;

const comparisonTitles = {
  agrees: "kube-scheduler agrees",
  disagrees: "kube-scheduler disagrees",
  silent: "kube-scheduler has said nothing yet",
  notCompared: "Not compared with kube-scheduler",
} as const satisfies Record<PodDetail["comparison"]["state"], string>;

/** `14m 20s, in unschedulable by our model, after at least 2 attempts` */
export function pendingText(pod: PodDetail, now: number): string {
  const { attempts, isAttemptsAtLeast, provenance, state, endedAt } = pod;
  const until = endedAt ?? now;
  const parts = [sentenceText([{ since: pod.pendingSince }], until)];
  if (state === "pending") parts.push(`in ${places[pod.queue]}${provenance === "simulated" ? " by our model" : ""}`);
  if (attempts !== undefined && attempts > 0) {
    parts.push(
      `after ${isAttemptsAtLeast === true ? "at least " : ""}${attempts === 1 ? "1 attempt" : `${attempts} attempts`}`,
    );
  }
  return parts.join(", ");
}

/** `3 cpu, 24Gi memory; priority 1000` */
export function wantsText({ spec }: PodDetail): string {
  const requests = Object.entries(spec.requests).map(([resource, amount]) => `${amount} ${resource}`);
  const scheduler = spec.scheduler === "default-scheduler" ? "" : `; scheduler ${spec.scheduler}`;
  return `${requests.length === 0 ? "nothing" : requests.join(", ")}; priority ${spec.priority}${scheduler}`;
}

export interface Reason {
  /** Nodes that it rejects, as it is reported. */
  readonly nodes: number;
  readonly name: string;
  /** Nodes that it would reject as well. */
  readonly also: number;
}

/** What rejects nodes, the most first. */
export function reasonsOf({ matrix }: PodDetail): readonly Reason[] {
  return (matrix?.rows ?? [])
    .map(({ plugin, resource, first, also }) => ({
      nodes: first,
      name: resource === undefined ? plugin : `${plugin} ${resource}`,
      also,
    }))
    .sort((a, b) => b.nodes - a.nodes || b.also - a.also);
}

/** `spot=true:NoSchedule on 4, dedicated:NoSchedule on 2` */
export function taintsText({ matrix }: PodDetail): string | undefined {
  const taints = matrix?.taints ?? [];
  return taints.length === 0 ? undefined : taints.map(({ taint, nodes }) => `${taint} on ${nodes}`).join(", ");
}

/** In a sentence, where no list of reasons says it; `undefined` where one does. */
export function nodesText({ matrix }: PodDetail): string | undefined {
  if (matrix?.preFilter !== undefined) return `No node was looked at: ${matrix.preFilter.reasons.join(", ")}.`;
  if (matrix === undefined || matrix.fits === 0) return undefined;
  const more = matrix.fits > matrix.fitting.length ? " …" : "";
  return `${matrix.fits} of ${matrix.nodes} nodes take it: ${matrix.fitting.join(", ")}${more}`;
}

/** `kube-scheduler agrees on 6 of 6 reasons` */
export function comparisonTitle({ comparison: { state, rows, differing } }: PodDetail): string {
  const title = comparisonTitles[state];
  if (state === "agrees") return `${title} on ${rows.length} of ${rows.length} reasons`;
  return state === "disagrees" ? `${title} on ${differing} of ${rows.length} reasons` : title;
}

/** Those in which it differs. */
export function differencesIn({ comparison: { rows } }: PodDetail): readonly string[] {
  return rows
    .filter(({ ours, theirs }) => ours !== theirs)
    .map(({ reason, ours = "none", theirs = "none" }) => `${reason}: we find ${ours}, it reports ${theirs}`);
}

/** `1 said Queue, 2 said Skip, 409 concern none of the plugins that rejected it` */
export function eventsText({ sinceFailure: { queue, skip, notRegistered } }: PodDetail): string {
  return `${queue} said Queue, ${skip} said Skip, ${notRegistered} concern none of the plugins that rejected it`;
}

/** `Workload etl, QuotaReserved, 2m 05s ago` */
export function sourceText({ source, at }: PodDetail["facts"][number], now: number): string | undefined {
  if (source === undefined) return undefined;
  return at === undefined ? source : `${source}, ${sentenceText([{ since: at }], now)} ago`;
}
