import { podUid, type Pod } from "#lib/kube/index.ts";
import type { QueuedPodInfo } from "#lib/queue/index.ts";
import { firstDifference } from "#lib/queue/testing/first-difference.ts";
import { attempt, firstRejection, type Attempt } from "../cycle.ts";
import type { SelectorCompiler } from "../devices/index.ts";
import { isRejected, unresolvable, type Status } from "../framework.ts";
import type { NodeInfo } from "../node-info.ts";
import { nominatedPodsOf } from "../nominated-pods.ts";
import { postFilter } from "../post-filter.ts";
import { preparePod, type PluginStatus, type Preparation, type PreparedPod } from "../prepared-pod.ts";
import { truncateNote } from "../writer.ts";
import type { RecordedCluster, RecordedFilterCase, RecordedQueueState } from "./recorded.ts";
import { TestCluster } from "./test-cluster.ts";

/** The first difference between what was recorded for one pod and what comes out here. */
export function filterCaseDifference(
  cluster: RecordedCluster,
  recorded: RecordedFilterCase,
  compileSelector?: SelectorCompiler,
): string | undefined {
  const others = (cluster.pods ?? []).filter(({ metadata }) => metadata.uid !== recorded.pod.metadata.uid);
  const test = new TestCluster({ ...cluster, pods: [...others, recorded.pod] }, compileSelector && { compileSelector });
  return firstDifference(recorded.expect, asRecorded(evaluate(test, recorded.pod)));
}

type Evaluation = { readonly [Part in keyof RecordedFilterCase["expect"]]?: unknown };

function evaluate(test: TestCluster, pod: Pod): Evaluation {
  if (pod.spec?.schedulerName !== test.profile.schedulerName)
    return { outcome: "ignored", preEnqueue: null, queue: queueState(test, pod) };
  const preEnqueue = preEnqueueOf(test, pod);
  if (test.placeOf(pod) === "gated") return { outcome: "gated", preEnqueue, queue: queueState(test, pod) };
  const { cache, profile, queue } = test;
  const nominatedPods = nominatedPodsOf(queue);
  const preparation = cache.nodeCount === 0 ? undefined : preparePod(profile, pod, cache);
  const result = attempt(pod, { profile, snapshot: cache, nominatedPods });
  const judged = {
    preEnqueue,
    ...(preparation !== undefined && { preFilter: preFilterOf(test, pod, preparation) }),
    ...(preparation?.kind === "ready" && {
      nodes: [...cache.nodes()].sort(byName).map((node) => {
        const rejection = firstRejection(pod, preparation.prepared, node, nominatedPods);
        return nodeOf(node, preparation.prepared, rejection, { result, pod });
      }),
    }),
  };
  if ((pod.spec.nodeName ?? "") !== "") return { outcome: "assigned", ...judged };
  const popped = test.pop(pod);
  if (pod.metadata.deletionTimestamp !== undefined) {
    test.queue.done(podUid(pod));
    const eventNote = `skip schedule deleting pod: ${pod.metadata.namespace}/${pod.metadata.name}`;
    return { outcome: "skipped", preEnqueue, eventNote, queue: queueState(test, pod) };
  }
  if (result.kind === "fits") {
    const feasible = result.feasible.map(({ name }) => name).sort();
    const isNominatedOnly = feasible.length === 1 && feasible[0] === pod.status?.nominatedNodeName;
    const rejected = result.rejections.filter(({ plugin }) => plugin !== undefined);
    const evaluatedNodes = isNominatedOnly ? 1 : feasible.length + rejected.length;
    return { outcome: "feasible", ...judged, feasible, evaluatedNodes };
  }
  return { ...judged, ...failureOf(test, popped, result) };
}

function byName(a: NodeInfo, b: NodeInfo): number {
  return a.name < b.name ? -1 : 1;
}

function preEnqueueOf({ profile }: TestCluster, pod: Pod): unknown {
  return profile.gatingPlugins.map((plugin) => {
    const refusal = plugin.preEnqueue(pod);
    if (refusal === undefined) return { plugin: plugin.name, code: "Success" };
    return { plugin: plugin.name, code: "UnschedulableAndUnresolvable", reasons: refusal.reasons };
  });
}

function preFilterOf({ profile, cache }: TestCluster, pod: Pod, preparation: Preparation): unknown {
  const perPlugin = profile.filterPlugins.flatMap((plugin) => {
    if (!("preFilter" in plugin)) return [];
    const result = plugin.preFilter(pod, cache);
    const code = result.kind === "skip" ? "Skip" : "Success";
    return [result.kind === "status" ? statusOf(result.status, plugin.name) : { plugin: plugin.name, code }];
  });
  const skipped = [...preparation.skipped].sort();
  return { ...overallOf(preparation), perPlugin, ...(skipped.length > 0 && { skipped }) };
}

function overallOf(preparation: Preparation): Readonly<Record<string, unknown>> {
  switch (preparation.kind) {
    case "rejected":
      return { nodeNames: null, ...statusOf(preparation.by.status, preparation.by.plugin) };
    case "failed":
      return { nodeNames: null, code: "Error", plugin: preparation.by.plugin, reasons: [preparation.message] };
    case "conflicting":
      return { nodeNames: [], nodeNamesPlugins: preparation.narrowingPlugins, ...statusOf(preparation.status) };
    case "ready": {
      const { nodeNames, narrowingPlugins } = preparation.prepared;
      return {
        code: "Success",
        nodeNames: nodeNames === undefined ? null : [...nodeNames].sort(),
        ...(narrowingPlugins.length > 0 && { nodeNamesPlugins: narrowingPlugins }),
      };
    }
    default:
      return preparation satisfies never;
  }
}

interface Judging {
  readonly pod: Pod;
  readonly result: Attempt;
}

function nodeOf(
  node: NodeInfo,
  prepared: PreparedPod,
  rejection: PluginStatus | undefined,
  { pod, result }: Judging,
): unknown {
  const isEvaluated = prepared.nodeNames?.has(node.name) !== false || node.name === pod.status?.nominatedNodeName;
  const rejections = prepared.allRejections(node).map(({ plugin, status }) => statusOf(status, plugin));
  return {
    node: node.name,
    evaluated: isEvaluated,
    ...(isEvaluated ? judgementOf(rejection) : leftOutOf(node.name, prepared, result)),
    ...(rejections.length > 0 && { rejections }),
  };
}

function judgementOf(rejection: PluginStatus | undefined): { code: string } {
  if (rejection === undefined) return { code: "Success" };
  const { plugin, status } = rejection;
  if (isRejected(status)) return statusOf(status, plugin);
  // What is no rejection is told with the plugin that failed.
  const reasons = [`running "${plugin}" filter plugin: ${status.reasons.join(", ")}`];
  return statusOf({ ...status, reasons }, plugin);
}

/** What the attempt said of a node that it did not look at, or would have said had it not broken down. */
function leftOutOf(node: string, { narrowingPlugins }: PreparedPod, result: Attempt): ReturnType<typeof statusOf> {
  if (result.kind === "failed")
    return statusOf(unresolvable(`node(s) didn't satisfy plugin(s) [${[...narrowingPlugins].sort().join(" ")}]`));
  const all =
    result.kind === "fits" ? result.rejections : result.kind === "unschedulable" ? result.diagnosis.nodes : [];
  const status = all.find((rejection) => rejection.node === node)?.status;
  if (status === undefined) throw new Error(`nothing is said of ${node}`);
  return statusOf(status);
}

function statusOf(status: Status, plugin?: string): { code: string; plugin?: string; reasons: string[] } {
  return { code: status.code, ...(plugin !== undefined && { plugin }), reasons: [...status.reasons].sort() };
}

function failureOf(
  test: TestCluster,
  popped: QueuedPodInfo,
  result: Exclude<Attempt, { readonly kind: "fits" }>,
): Evaluation {
  const { pod } = popped;
  if (result.kind === "unschedulable") {
    const { diagnosis, prepared, message: fitError } = result;
    const filterPlugins = test.profile.filterPlugins.map(({ name }) => name);
    const after = postFilter(
      { pod, diagnosis, prepared, snapshot: test.cache, nominatedPods: nominatedPodsOf(test.queue) },
      filterPlugins,
    );
    test.fail(popped, [...diagnosis.unschedulablePlugins], [...diagnosis.pendingPlugins]);
    const message = after.message === "" ? fitError : `${fitError} ${after.message}`;
    const { nominating } = after;
    const nominated =
      nominating.mode === "override" ? nominating.nominatedNodeName : (pod.status?.nominatedNodeName ?? "");
    return {
      outcome: "unschedulable",
      fitError,
      postFilter: after.message,
      message,
      reason: "Unschedulable",
      eventNote: truncateNote(message) === message ? "" : truncateNote(message),
      nominatedNodeName: nominated,
      queue: queueState(test, pod),
    };
  }
  test.fail(popped);
  const isError = result.kind === "failed";
  return {
    outcome: isError ? "error" : "unschedulable",
    message: result.message,
    reason: isError ? "SchedulerError" : "Unschedulable",
    queue: queueState(test, pod),
  };
}

function queueState(test: TestCluster, pod: Pod): RecordedQueueState {
  const info = test.queue.getPod(pod.metadata.name ?? "", pod.metadata.namespace ?? "");
  return {
    in: test.placeOf(pod),
    unschedulablePlugins: [...(info?.unschedulablePlugins ?? [])].sort(),
    pendingPlugins: [...(info?.pendingPlugins ?? [])].sort(),
    gatingPlugin: info?.gatingPlugin ?? "",
    attempts: info?.attempts ?? 0,
    unschedulableCount: info?.unschedulableCount ?? 0,
    consecutiveErrorsCount: info?.consecutiveErrorsCount ?? 0,
  };
}

const mayBeEmpty: ReadonlySet<string> = new Set(["nodeNames", "perPlugin", "preEnqueue"]);

/** Recordings leave out what is empty. */
function asRecorded(value: unknown): unknown {
  const isEmpty = (part: unknown): boolean => part === "" || (Array.isArray(part) && part.length === 0);
  return JSON.parse(
    JSON.stringify(value, (key, part: unknown) => (isEmpty(part) && !mayBeEmpty.has(key) ? undefined : part)),
  ) as unknown;
}
