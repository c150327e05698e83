import type { Fact } from "#lib/protocol/index.ts";
import { keyOf, type Pod } from "#lib/kube/index.ts";
import type { ClusterCache } from "#lib/scheduler/index.ts";
import type { JudgedPod } from "./diagnosis.ts";
import type { PodNames } from "./pod-names.ts";
import type { AutoscalerWords } from "./autoscaler-words.ts";

export interface FactsSource {
  readonly cache: ClusterCache;
  readonly names: PodNames;
  readonly autoscaler: AutoscalerWords | undefined;
}

/** What is worth knowing of a pod and is no verdict. */
export function factsAbout(
  { pod, uid, situation }: JudgedPod,
  { cache, names, autoscaler }: FactsSource,
): readonly Fact[] {
  const facts: Fact[] = [];
  const before = names.before(uid);
  if (before !== undefined) {
    facts.push({
      kind: "recreated",
      title: "Recreated under its name",
      detail: ["The pod with uid ", before.uid, " was deleted ", { since: before.at }, " ago: this is another pod."],
      provenance: "observed",
      at: before.at,
    });
  }
  facts.push(...claimFacts(pod, cache));
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
  const said = autoscaler?.of(uid);
  if (said !== undefined) {
    facts.push({ kind: "autoscaler", title: said.reason, detail: [said.text], provenance: "observed", at: said.at });
  }
  const kueue = kueueFact(pod);
  return kueue === undefined ? facts : [...facts, kueue];
}

function claimFacts(pod: Pod, { persistentVolumeClaims, persistentVolumes }: ClusterCache): readonly Fact[] {
  return (pod.spec?.volumes ?? []).flatMap((volume): readonly Fact[] => {
    const name =
      volume.persistentVolumeClaim?.claimName ??
      (volume.ephemeral === undefined ? undefined : `${pod.metadata.name ?? ""}-${volume.name}`);
    if (name === undefined) return [];
    const claim = persistentVolumeClaims.get(keyOf(pod.metadata.namespace, name));
    const volumeName = claim?.spec?.volumeName ?? "";
    const bound = persistentVolumes.get(volumeName);
    const phase = claim?.status?.phase ?? "not there";
    const where =
      volumeName === "" ? "no volume" : `volume ${volumeName}, ${bound?.status?.phase ?? "which is not there"}`;
    const className = claim?.spec?.storageClassName;
    const detail = `${claim === undefined ? "It does not exist" : `It is ${phase}: ${where}${className === undefined ? "" : `, class ${className}`}`}.`;
    return [{ kind: "claim", title: `Claim ${name}`, detail: [detail], provenance: "observed" }];
  });
}

const kueueGate = "kueue.x-k8s.io/admission";
const kueueQueue = "kueue.x-k8s.io/queue-name";

/** Kueue holds what it has not admitted by a gate of its own, and names the queue in a label. */
function kueueFact({ metadata, spec }: Pod): Fact | undefined {
  const queue = metadata.labels?.[kueueQueue];
  const isHeld = (spec?.schedulingGates ?? []).some(({ name }) => name === kueueGate);
  if (queue === undefined && !isHeld) return undefined;
  const of = queue === undefined ? "" : ` of its local queue ${queue}`;
  const detail = isHeld
    ? `Kueue has not admitted it yet: it waits for quota${of}.`
    : `Kueue has admitted it from${of || " its queue"}.`;
  return { kind: "kueue", title: "Managed by Kueue", detail: [detail], provenance: "observed" };
}
