import type { Pod } from "#lib/kube/index.ts";
import type { Fact, Sentence } from "#lib/protocol/index.ts";
import {
  conditionOf,
  isHeldByKueue,
  isOfKueue,
  isTrue,
  queueNameOf,
  workloadFor,
  type LocalQueue,
  type Workload,
} from "./kueue-objects.ts";
import type { Answer } from "./questions.ts";

/** What was read of Kueue. */
export interface SeenOfKueue {
  /** Empty where the cluster serves no such thing; `undefined` while nobody knows. */
  readonly version: string | undefined;
  readonly workloads: Answer<Workload>;
  readonly queues: Answer<LocalQueue>;
}

const managed = "Managed by Kueue";

/** What Kueue itself says of a pod: what it waits for, and in which queue. Nothing of it is a verdict. */
export function factsOfKueue(pod: Pod, { version, workloads, queues }: SeenOfKueue): readonly Fact[] {
  const { namespace = "" } = pod.metadata;
  if (workloads.kind === "objects" && version !== "") {
    const workload = workloadFor(pod, workloads.objects);
    if (workload !== undefined) return [factOfWorkload(pod, workload), ...queueFacts(pod, workload, queues)];
  }
  if (!isOfKueue(pod)) return [];
  const fact = (...detail: Sentence): Fact => ({
    kind: "kueue",
    title: managed,
    detail,
    by: "Kueue",
    provenance: "observed",
  });
  const queue = queueNameOf(pod);
  const waits = isHeldByKueue(pod)
    ? `Kueue's gate holds it: it waits to be admitted${queue === undefined ? "" : ` from local queue ${queue}`}.`
    : `Kueue's gate is gone: it was admitted${queue === undefined ? "" : ` from local queue ${queue}`}.`;
  if (version === "")
    return [
      fact(
        `${waits} The cluster serves no ${isHeldByKueue(pod) ? "API of Kueue: nobody takes the gate away" : "API of Kueue"}.`,
      ),
    ];
  if (workloads.kind === "forbidden") return [fact(`${waits} Why is in its Workload, which cannot be read: ${grant}.`)];
  if (workloads.kind === "silent") return [fact(waits)];
  return [
    fact(`${waits} No Workload in ${namespace} is its own: Kueue has not seen it yet, or does not run.`),
    ...queueFacts(pod, undefined, queues),
  ];
}

const grant = "grant list on workloads and localqueues of kueue.x-k8s.io (deploy/reader.yaml)";

/** The first that holds: what stands between it and its nodes. */
function factOfWorkload(pod: Pod, workload: Workload): Fact {
  const { title, type, detail } = stateOf(pod, workload);
  const at = Date.parse(conditionOf(workload, type)?.lastTransitionTime ?? "");
  return {
    kind: "kueue",
    title,
    detail,
    by: "Kueue",
    source: `Workload ${workload.metadata.name ?? ""}, ${type}`,
    provenance: "observed",
    ...(Number.isNaN(at) ? {} : { at }),
  };
}

function stateOf(
  pod: Pod,
  workload: Workload,
): { readonly title: string; readonly type: string; readonly detail: Sentence } {
  const { spec, status } = workload;
  const said = (type: string, otherwise: string): string => conditionOf(workload, type)?.message || otherwise;
  if (isTrue(workload, "Finished")) {
    return {
      title: "Kueue: its Workload is finished",
      type: "Finished",
      detail: [said("Finished", "Nothing more is admitted.")],
    };
  }
  if (spec?.active === false) {
    const detail = said("Evicted", "It is not active: nothing of it is admitted until somebody activates it.");
    return { title: "Kueue: its Workload is deactivated", type: "Evicted", detail: [detail] };
  }
  const hasQuota = isTrue(workload, "QuotaReserved");
  if (!hasQuota && isTrue(workload, "Evicted")) {
    const { reason = "evicted" } = conditionOf(workload, "Evicted") ?? {};
    const again = Date.parse(status?.requeueState?.requeueAt ?? "");
    const until: Sentence = Number.isNaN(again) ? [] : [" It is queued again at ", { time: again }, "."];
    const waits = conditionOf(workload, "QuotaReserved")?.message ?? "";
    return {
      title: `Kueue evicted it: ${reason}`,
      type: "Evicted",
      detail: [`${said("Evicted", "")} ${waits}`.trim(), ...until],
    };
  }
  if (!hasQuota) {
    return {
      title: "Kueue waits for quota",
      type: "QuotaReserved",
      detail: [said("QuotaReserved", "It has not been considered yet.")],
    };
  }
  const checks = (status?.admissionChecks ?? []).filter(({ state }) => state !== "Ready");
  if (!isTrue(workload, "Admitted")) {
    const words = checks.map(
      ({ name, state = "Pending", message = "" }) => `${name} is ${state}${message === "" ? "" : ` (${message})`}`,
    );
    return {
      title: "Kueue has its quota, and waits for checks",
      type: "Admitted",
      detail: [words.length === 0 ? said("Admitted", "Not admitted yet.") : `${words.join("; ")}.`],
    };
  }
  const into = `Into cluster queue ${status?.admission?.clusterQueue ?? "unknown"}${flavorsOf(workload)}.`;
  if (isHeldByKueue(pod)) {
    return { title: "Kueue admitted it, the gate is still there", type: "Admitted", detail: [into] };
  }
  const ready = conditionOf(workload, "PodsReady");
  const waitsForPods =
    ready?.status === "False" ? ` It waits for its pods: ${ready.message ?? ready.reason ?? ""}` : "";
  return { title: "Kueue admitted it", type: "Admitted", detail: [`${into}${waitsForPods}`] };
}

/** `, flavors cpu default, nvidia.com/gpu a100` */
function flavorsOf({ status }: Workload): string {
  const flavors = new Map(
    (status?.admission?.podSetAssignments ?? []).flatMap(({ flavors = {} }) => Object.entries(flavors)),
  );
  const words = [...flavors].map(([resource, flavor]) => `${resource} ${flavor}`);
  return words.length === 0 ? "" : `, flavors ${words.join(", ")}`;
}

/** Where it stands: nothing leaves a queue that is not there, or stopped. */
function queueFacts(pod: Pod, workload: Workload | undefined, queues: Answer<LocalQueue>): readonly Fact[] {
  const name = workload?.spec?.queueName ?? queueNameOf(pod);
  if (name === undefined || name === "" || queues.kind !== "objects") return [];
  const { namespace = "" } = pod.metadata;
  const queue = queues.objects.find(({ metadata }) => metadata.name === name);
  const fact = (title: string, detail: string): readonly Fact[] => [
    { kind: "kueue", title, detail: [detail], by: "Kueue", source: `LocalQueue ${name}`, provenance: "observed" },
  ];
  if (queue === undefined) {
    return fact(`Kueue has no local queue ${name}`, `There is none in ${namespace}: nothing is admitted from it.`);
  }
  const { clusterQueue = "unknown" } = queue.spec ?? {};
  const active = conditionOf(queue, "Active");
  if (active?.status === "False") {
    const { message = "", reason = "it does not say why" } = active;
    return fact(
      `Kueue's queue ${name} is not active`,
      `It feeds cluster queue ${clusterQueue}: ${message === "" ? reason : message}`,
    );
  }
  const { pendingWorkloads } = queue.status ?? {};
  const waiting =
    pendingWorkloads === undefined
      ? ""
      : ` ${pendingWorkloads === 1 ? "1 Workload waits" : `${pendingWorkloads} Workloads wait`} in it.`;
  return fact(`In Kueue's queue ${name}`, `It feeds cluster queue ${clusterQueue}.${waiting}`);
}
