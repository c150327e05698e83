import {
  matchesQuery,
  parseQuery,
  type Facet,
  type FacetName,
  type PodRow,
  type Pods,
  type PodSort,
  type Provenance,
  type Sentence,
  type View,
} from "#lib/protocol/index.ts";
import type { Diagnosis, JudgedPod } from "../diagnosis/index.ts";
import { nodeOf, pluginsOf, subjectOf } from "./query-subject.ts";

const mostFacetValues = 50;
/** From so many equal pods on it is worth saying that they fold. */
const worthFolding = 10;

const severityOrder = ["critical", "warning", "blocked", "unknown", "held", "waiting", "info"] as const;

/** What each facet sees in a pod. */
const facets = {
  verdict: ({ verdict }) => [verdict.code],
  queue: ({ place }) => [place],
  plugin: (pod) => pluginsOf(pod),
  ns: ({ pod }) => [pod.metadata.namespace ?? ""],
  pc: ({ pod }) => [pod.spec?.priorityClassName ?? ""],
} as const satisfies Record<FacetName, (pod: JudgedPod) => readonly string[]>;

const facetNames = Object.keys(facets) as readonly FacetName[];

/** Pods of one workload and verdict are alike to a reader, though their sentences differ in seconds. */
export function foldKey({ pod, verdict, workload, uid }: JudgedPod): string {
  const owner = workload === undefined ? uid : `${workload.kind}/${workload.name}`;
  return `${verdict.code} ${pod.metadata.namespace ?? ""} ${owner}`;
}

type PodsView = View<"pods">;

/** Rows, facets and counts of one view; sorted and counted again only after a sweep. */
export class PodsList {
  readonly #diagnosis: Diagnosis;
  readonly #provenance: Provenance;
  readonly #now: () => number;
  #revision = -1;
  #doubt: string | undefined;
  #built: Omit<Pods, "asOf"> | undefined;

  constructor(diagnosis: Diagnosis, provenance: Provenance, now: () => number) {
    this.#diagnosis = diagnosis;
    this.#provenance = provenance;
    this.#now = now;
  }

  build(view: PodsView): Omit<Pods, "asOf"> {
    const { revision, doubtAboutPods } = this.#diagnosis;
    if (this.#built === undefined || this.#revision !== revision || this.#doubt !== doubtAboutPods) {
      this.#revision = revision;
      this.#doubt = doubtAboutPods;
      this.#built = this.#list(view);
    }
    return this.#built;
  }

  #list(view: PodsView): Omit<Pods, "asOf"> {
    const all = [...this.#diagnosis.judged.values()];
    const query = parseQuery(view.q ?? "");
    const now = this.#now();
    const found = all.filter((pod) => matchesQuery(query, subjectOf(pod, now)) && matchesNode(pod, view.node));
    const failing = new Map(found.map((pod) => [pod, failedFacets(pod, view)]));
    const matching = found.filter((pod) => failing.get(pod)?.length === 0);
    const sorted = sortedBy(matching, view.sort ?? "severity", view.isDescending === true);
    const folds = foldsOf(sorted);
    const rows = view.fold === true ? folds : sorted.map((pod) => [pod]);
    const shown = rows.slice(view.offset, view.offset + view.limit).map((pods) => rowOf(pods, view.fold === true));
    const largest = largestOf(view.fold === true ? folds : foldsOf(all));
    return {
      provenance: this.#provenance,
      total: all.length,
      matching: matching.length,
      rowCount: rows.length,
      offset: view.offset,
      order: shown.map(({ key }) => key),
      rows: Object.fromEntries(shown.map((row) => [row.key, row])),
      facets: Object.fromEntries(facetNames.map((name) => [name, facetOf(name, found, failing)])) as Pods["facets"],
      judged: all.length,
      ...(largest === undefined ? {} : { largestFold: largest }),
      ...(query.problem === undefined ? {} : { queryProblem: query.problem }),
      ...(this.#doubt === undefined ? {} : { doubt: this.#doubt }),
    };
  }
}

function matchesNode(pod: JudgedPod, nodes: readonly string[] | undefined): boolean {
  return nodes === undefined || nodes.length === 0 || nodes.includes(nodeOf(pod) ?? "");
}

/** Facets that the pod does not pass: with one, it still counts in that one. */
function failedFacets(pod: JudgedPod, view: PodsView): readonly FacetName[] {
  return facetNames.filter((name) => {
    const chosen = view[name];
    return chosen !== undefined && chosen.length > 0 && !facets[name](pod).some((value) => chosen.includes(value));
  });
}

function facetOf(
  name: FacetName,
  pods: readonly JudgedPod[],
  failing: ReadonlyMap<JudgedPod, readonly FacetName[]>,
): Facet {
  const counts = new Map<string, number>();
  for (const pod of pods) {
    if (failing.get(pod)?.some((each) => each !== name) === true) continue;
    for (const value of facets[name](pod)) counts.set(value, (counts.get(value) ?? 0) + 1);
  }
  const values = [...counts].map(([value, count]) => ({ value, count }));
  values.sort((a, b) => b.count - a.count || (a.value < b.value ? -1 : 1));
  return { values: values.slice(0, mostFacetValues), more: Math.max(0, values.length - mostFacetValues) };
}

export function bySeverityThenAge(a: JudgedPod, b: JudgedPod): number {
  const worse = severityOrder.indexOf(a.verdict.severity) - severityOrder.indexOf(b.verdict.severity);
  return worse || a.createdAt - b.createdAt || (a.uid < b.uid ? -1 : 1);
}

const orders = {
  severity: bySeverityThenAge,
  age: (a, b) => a.createdAt - b.createdAt,
  name: (a, b) => (nameOf(a) < nameOf(b) ? -1 : 1),
  priority: (a, b) => (b.pod.spec?.priority ?? 0) - (a.pod.spec?.priority ?? 0),
  attempts: (a, b) => (b.info?.attempts ?? 0) - (a.info?.attempts ?? 0),
  queue: (a, b) => (a.place < b.place ? -1 : a.place > b.place ? 1 : 0),
} as const satisfies Record<PodSort, (a: JudgedPod, b: JudgedPod) => number>;

function sortedBy(pods: readonly JudgedPod[], sort: PodSort, isDescending: boolean): readonly JudgedPod[] {
  const sorted = pods.toSorted((a, b) => orders[sort](a, b) || bySeverityThenAge(a, b));
  return isDescending ? sorted.toReversed() : sorted;
}

function nameOf({ pod }: JudgedPod): string {
  return `${pod.metadata.namespace ?? ""}/${pod.metadata.name ?? ""}`;
}

/** In the order of their first pods. */
export function foldsOf(pods: Iterable<JudgedPod>): readonly (readonly JudgedPod[])[] {
  const folds = new Map<string, JudgedPod[]>();
  for (const pod of pods) {
    const key = foldKey(pod);
    const fold = folds.get(key);
    if (fold === undefined) folds.set(key, [pod]);
    else fold.push(pod);
  }
  return [...folds.values()];
}

function largestOf(folds: readonly (readonly JudgedPod[])[]): Pods["largestFold"] {
  let largest: readonly JudgedPod[] = [];
  for (const fold of folds) if (fold.length > largest.length) largest = fold;
  const [first] = largest;
  if (first === undefined || largest.length < worthFolding) return undefined;
  return { name: `${first.pod.metadata.namespace ?? ""}/${first.workload?.name ?? ""}`, count: largest.length };
}

/** The oldest stands for all of a fold, and says the sentence. */
function rowOf(pods: readonly JudgedPod[], isFolded: boolean): PodRow {
  const [first, ...others] = pods;
  if (first === undefined) throw new Error("a row is made of at least one pod");
  const oldest = others.reduce((best, pod) => (pod.createdAt < best.createdAt ? pod : best), first);
  const { pod, verdict, place, info, workload, situation, uid } = oldest;
  const node = nodeOf(oldest);
  return {
    key: isFolded ? foldKey(oldest) : uid,
    count: pods.length,
    uid,
    namespace: pod.metadata.namespace ?? "",
    name: pod.metadata.name ?? "",
    ...(workload === undefined ? {} : { workload }),
    code: verdict.code,
    severity: verdict.severity,
    sentence: sentenceOf(verdict.row),
    provenance: verdict.provenance,
    queue: place,
    ...(info === undefined ? {} : { attempts: info.attempts, isAttemptsAtLeast: info.isAttemptsAtLeast }),
    priority: pod.spec?.priority ?? 0,
    since: oldest.createdAt,
    plugins: [...pluginsOf(oldest)],
    scheduler: situation.scheduler.name,
    ...(node === undefined ? {} : { node }),
  };
}

export function sentenceOf(parts: JudgedPod["verdict"]["row"]): Sentence {
  return [...parts];
}
