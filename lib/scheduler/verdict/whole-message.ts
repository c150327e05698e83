import { fitErrorMessage, type Diagnosis, type NodeRejection } from "../diagnosis.ts";
import { postFilter } from "../post-filter.ts";
import { messageOf } from "./comparison.ts";
import type { Evaluation, EvaluationOptions } from "./evaluation.ts";

const nobody: ReadonlySet<string> = new Set();

/** What an attempt would be told now, as kube-scheduler writes it: what the plugins say, and what PostFilter adds. */
export function wholeMessageOf(evaluation: Evaluation, options: EvaluationOptions): string {
  const { nodeCount, fits, failure, pod, prepared, preFilter } = evaluation;
  if (nodeCount === 0 || fits > 0 || failure !== undefined) return messageOf(evaluation);
  const { profile, snapshot, nominatedPods } = options;
  const nodes = [...evaluation.nodes()].flatMap(([{ name }, { first }]): NodeRejection[] =>
    first === undefined ? [] : [{ node: name, ...first }],
  );
  const diagnosis: Diagnosis = {
    nodeCount,
    preFilter,
    nodes,
    unschedulablePlugins: nobody,
    pendingPlugins: nobody,
  };
  const filterPlugins = profile.filterPlugins.map(({ name }) => name);
  const { message } = postFilter({ pod, diagnosis, prepared, snapshot, nominatedPods }, filterPlugins);
  const said = fitErrorMessage(diagnosis);
  return message === "" ? said : `${said} ${message}`;
}
