import type { Fact, Sentence } from "#lib/protocol/index.ts";
import { deviceFactsOf, type ClusterCache } from "#lib/scheduler/index.ts";
import type { Statements } from "../statements/index.ts";
import { claimFacts } from "./claim-facts.ts";
import type { JudgedPod } from "./diagnosis.ts";
import type { PodNames } from "./pod-names.ts";

export interface FactsSource {
  readonly cache: ClusterCache;
  readonly names: PodNames;
  readonly statements: Pick<Statements, "of">;
}

/** What is worth knowing of a pod and is no verdict. */
export function factsAbout(
  { pod, uid, situation, shape }: JudgedPod,
  { cache, names, statements }: FactsSource,
): readonly Fact[] {
  const facts: Fact[] = [];
  const before = names.before(uid);
  if (before !== undefined) {
    const { count, firstAt } = before;
    const earlier: Sentence =
      count === 1 ? [] : [` ${count} pods have had the name before it since `, { time: firstAt }, "."];
    facts.push({
      kind: "recreated",
      title: "Recreated under its name",
      detail: [
        "The pod with uid ",
        before.uid,
        " was deleted ",
        { since: before.at },
        " ago: this is another pod.",
        ...earlier,
      ],
      provenance: "observed",
      at: before.at,
    });
  }
  facts.push(...claimFacts(pod, cache));
  for (const { title, detail } of deviceFactsOf(shape.evaluation)) {
    facts.push({ kind: "device", title, detail: [detail], provenance: "simulated" });
  }
  const { nomination } = situation;
  if (nomination !== undefined) {
    const state = {
      gone: "which is gone",
      noLongerFits: "which does not take it now",
      terminating: "where pods are leaving",
      fits: "which takes it now",
    }[nomination.state];
    facts.push({
      kind: "nomination",
      title: `Nominated to ${nomination.node}`,
      detail: [`kube-scheduler promised it ${nomination.node}, ${state}, for `, { since: nomination.since }, "."],
      provenance: "observed",
    });
  }
  return [...facts, ...statements.of(pod)];
}
