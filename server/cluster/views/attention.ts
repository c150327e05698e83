import type { Attention, AttentionGroup, Provenance } from "#lib/protocol/index.ts";
import type { Diagnosis, JudgedPod } from "../diagnosis/index.ts";
import { foldKey, foldsOf, sentenceOf } from "./pods.ts";
import { pluginsOf } from "./query-subject.ts";

const mostGroups = 50;

type Section = keyof Attention["sections"];

/** Where a severity belongs; what moves by itself needs no attention. */
const sections = {
  critical: "actNow",
  warning: "actNow",
  blocked: "blocked",
  unknown: "blocked",
  held: "held",
  waiting: undefined,
  info: undefined,
} as const satisfies Record<JudgedPod["verdict"]["severity"], Section | undefined>;

/** What is stuck and why: made anew only after a sweep. */
export class AttentionList {
  readonly #diagnosis: Diagnosis;
  readonly #provenance: Provenance;
  readonly #now: () => number;
  #revision = -1;
  #built: Omit<Attention, "asOf"> | undefined;

  constructor(diagnosis: Diagnosis, provenance: Provenance, now: () => number) {
    this.#diagnosis = diagnosis;
    this.#provenance = provenance;
    this.#now = now;
  }

  build(): Omit<Attention, "asOf"> {
    if (this.#built === undefined || this.#revision !== this.#diagnosis.revision) {
      this.#revision = this.#diagnosis.revision;
      this.#built = this.#list();
    }
    return this.#built;
  }

  #list(): Omit<Attention, "asOf"> {
    const now = this.#now();
    // Whoever has a node is past scheduling: not pending in this sense.
    const pods = [...this.#diagnosis.judged.values()].filter(({ verdict }) => verdict.code !== "not-started");
    const bySection = { actNow: [], blocked: [], held: [] } as Record<Section, (readonly JudgedPod[])[]>;
    for (const fold of foldsOf(pods)) {
      const section = fold[0] === undefined ? undefined : sections[fold[0].verdict.severity];
      if (section !== undefined) bySection[section].push(fold);
    }
    const groups: Record<string, AttentionGroup> = {};
    const sectionOf = (section: Section): Attention["sections"][Section] => {
      const folds = bySection[section].sort((a, b) => weight(b, now) - weight(a, now));
      const shown = folds.slice(0, mostGroups).map(groupOf);
      for (const group of shown) groups[group.key] = group;
      const count = folds.reduce((sum, fold) => sum + fold.length, 0);
      return { pods: count, groups: folds.length, order: shown.map(({ key }) => key) };
    };
    const [actNow, blocked, held] = [sectionOf("actNow"), sectionOf("blocked"), sectionOf("held")];
    return {
      provenance: this.#provenance,
      pending: pods.length,
      needYou: actNow.pods,
      blocked: blocked.pods,
      held: held.pods,
      moving: pods.length - actNow.pods - blocked.pods - held.pods,
      sections: { actNow, blocked, held },
      groups,
      judged: pods.length,
    };
  }
}

/** Pods times the age of the oldest. */
function weight(fold: readonly JudgedPod[], now: number): number {
  return fold.length * (now - Math.min(...fold.map(({ createdAt }) => createdAt)));
}

function groupOf(fold: readonly JudgedPod[]): AttentionGroup {
  const oldest = fold.reduce((best, pod) => (pod.createdAt < best.createdAt ? pod : best));
  const { pod, verdict, workload, uid } = oldest;
  const { namespace = "", name = "" } = pod.metadata;
  return {
    key: foldKey(oldest),
    code: verdict.code,
    severity: verdict.severity,
    sentence: sentenceOf(verdict.row),
    provenance: verdict.provenance,
    namespace,
    ...(workload === undefined ? {} : { workload }),
    count: fold.length,
    since: oldest.createdAt,
    pod: { uid, namespace, name },
    plugins: [...pluginsOf(oldest)],
  };
}
