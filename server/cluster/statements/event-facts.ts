import type { Event, Pod } from "#lib/kube/index.ts";
import { schedulerNameOf, speakerOf, timeOf } from "#lib/scheduler/index.ts";
import type { Fact } from "#lib/protocol/index.ts";

/** Of each component, the newest. */
const mostOfOne = 2;
const mostFacts = 8;

/** What a reason means, where it is known. Others are shown as they are. */
const meanings: Readonly<Record<string, string>> = {
  NotTriggerScaleUp: "no node would help",
  TriggeredScaleUp: "nodes are being added",
  FailedScaleUp: "nodes could not be added",
  ScaleDown: "its node is being removed",
  ScaleDownFailed: "its node could not be removed",
};

const karpenterMeanings: Readonly<Record<string, string>> = {
  FailedScheduling: "no node of its pools would help",
  Nominated: "a node is on its way",
};

/**
 * What others than its scheduler said of a pod: autoscalers and Kueue whatever they said, everybody else what they warned
 * of. Newest first.
 */
export function factsOfEvents(pod: Pod, events: readonly Event[], now: number): readonly Fact[] {
  const scheduler = schedulerNameOf(pod);
  const newestFirst = events
    .map((event) => ({ event, speaker: speakerOf(event), at: timeOf(event) ?? now }))
    .filter(({ event, speaker }) => speaker !== scheduler && isWorthTelling(event, speaker))
    .sort((a, b) => b.at - a.at);
  const told = new Map<string, number>();
  const seen = new Set<string>();
  const facts: Fact[] = [];
  for (const { event, speaker, at } of newestFirst) {
    const { reason = "" } = event;
    const name = nameOf(speaker);
    const count = told.get(name) ?? 0;
    if (count >= mostOfOne || seen.has(`${name} ${reason}`) || facts.length >= mostFacts) continue;
    told.set(name, count + 1);
    seen.add(`${name} ${reason}`);
    const times = timesOf(event);
    facts.push({
      kind: kindOf(speaker),
      title: `${name}: ${meaningOf(speaker, reason)}`,
      detail: [event.note ?? event.message ?? ""],
      by: name,
      source: `event ${reason}${times > 1 ? `, ${times} times` : ""}`,
      provenance: "observed",
      at,
    });
  }
  return facts;
}

export function forbiddenEvents(namespace: string): Fact {
  return {
    kind: "event",
    title: "What others say of it is not known",
    detail: [`Events in ${namespace} cannot be listed: grant list on events.events.k8s.io (deploy/reader.yaml).`],
    provenance: "observed",
  };
}

function isWorthTelling({ type }: Event, speaker: string): boolean {
  return kindOf(speaker) !== "event" || type === "Warning";
}

function kindOf(speaker: string): Fact["kind"] {
  if (speaker === "karpenter" || speaker.includes("autoscaler")) return "autoscaler";
  return speaker.includes("kueue") ? "kueue" : "event";
}

function nameOf(speaker: string): string {
  if (speaker === "karpenter") return "Karpenter";
  if (speaker.includes("kueue")) return "Kueue";
  return speaker === "" ? "Somebody" : speaker;
}

function meaningOf(speaker: string, reason: string): string {
  return (speaker === "karpenter" ? karpenterMeanings : meanings)[reason] ?? reason;
}

function timesOf({ series, deprecatedCount, count }: Event): number {
  return series?.count ?? deprecatedCount ?? count ?? 1;
}
