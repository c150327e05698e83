import type { PodUid } from "#lib/kube/index.ts";
import type { EventElement, InFlightReader } from "../in-flight.ts";
import { firstDifference } from "./first-difference.ts";
import { defaultTraceConfig } from "../recordings/default-config.ts";
import type { RecordedOp, RecordedPlugin, TraceConfig } from "../recordings/recording.ts";
import { Replay, type ReplayOutcome } from "./replay.ts";

/** The current in-flight list beside the one of 1.28.0, step by step. */
export const comparisonFormat = "kube-inflight/list-compare@1";

export interface ComparisonRecording {
  readonly format: typeof comparisonFormat;
  readonly plugins: readonly RecordedPlugin[];
  readonly comparisons: readonly Comparison[];
}

export interface Comparison {
  readonly name: string;
  readonly about: string;
  readonly steps: readonly ComparisonStep[];
}

interface Sees {
  readonly pod: string;
  readonly events: readonly string[];
}

export interface ComparisonStep {
  readonly op: RecordedOp;
  readonly new: { readonly list: unknown; readonly sees: readonly Sees[]; readonly verdict?: string };
  readonly old: {
    readonly list: unknown;
    readonly markers: unknown;
    readonly sees: readonly Sees[];
    readonly verdict?: string;
  };
  readonly agree: boolean;
}

export function replayComparisons({ plugins, comparisons }: ComparisonRecording): readonly ReplayOutcome[] {
  return comparisons.map((comparison) => ({
    name: comparison.name,
    difference: replayComparison(comparison, { ...defaultTraceConfig, plugins }),
  }));
}

/** Runs both schemes on the same operations. The first difference from what was recorded, if there is one. */
function replayComparison({ steps }: Comparison, config: TraceConfig): string | undefined {
  const current = new Replay(config, "current");
  const historical = new Replay(config, "historical");
  for (const [index, step] of steps.entries()) {
    const difference = compareStep(step, current, historical);
    if (difference !== undefined) return `step ${index} (${step.op.op}): ${difference}`;
  }
  return undefined;
}

function compareStep(step: ComparisonStep, current: Replay, historical: Replay): string | undefined {
  const { op } = step;
  const played = current.stepResult(op) ?? historical.stepResult(op);
  if (played !== undefined) return played;
  const actualNew = {
    list: current.state["inFlightEvents"],
    sees: seesOf(current.queue.view.inFlight),
    ...(op.op === "fail" && { verdict: placeOf(current, op.uid) }),
  };
  const actualOld = {
    list: neededEventsOf(historical.queue.view.inFlight),
    markers: markersOf(historical.queue.view.inFlight),
    sees: seesOf(historical.queue.view.inFlight),
    ...(op.op === "fail" && { verdict: placeOf(historical, op.uid) }),
  };
  const isAgreed =
    firstDifference(actualNew.sees, actualOld.sees) === undefined && actualNew.verdict === actualOld.verdict;
  return (
    firstDifference(step.new, actualNew, "new") ??
    firstDifference(step.old, actualOld, "old") ??
    firstDifference(step.agree, isAgreed, "agree")
  );
}

function seesOf(inFlight: InFlightReader): readonly Sees[] {
  return Array.from(inFlight.pods(), ({ uid }) => ({ pod: uid, events: eventsSeenBy(inFlight, uid).map(nameOfEvent) }));
}

/** The events the pod would be shown if it came back now. */
export function eventsSeenBy(inFlight: InFlightReader, uid: PodUid): readonly EventElement[] {
  const events: EventElement[] = [];
  inFlight.someEventOf(uid, (element) => {
    events.push(element);
    return false;
  });
  return events;
}

function nameOfEvent({ incoming, newObj }: EventElement): string {
  return newObj === undefined ? incoming.label : `${incoming.label} ${newObj.metadata.name}`;
}

function neededEventsOf(inFlight: InFlightReader): readonly unknown[] {
  return Array.from(inFlight.elements(), (element) =>
    element.kind === "pod"
      ? undefined
      : { event: element.incoming.label, new: element.newObj?.metadata.name ?? null, neededBy: element.neededBy },
  );
}

function markersOf(inFlight: InFlightReader): readonly unknown[] {
  return Array.from(inFlight.pods(), ({ uid }) => {
    const marker = inFlight.markerOf(uid);
    return marker?.kind === "foreign"
      ? { pod: uid, marker: nameOfEvent(marker.element), removed: marker.isRemoved }
      : { pod: uid, marker: "start of list", removed: false };
  });
}

function placeOf({ queue }: Replay, uid: string | undefined): string {
  const { view } = queue;
  const isParked = [...view.unschedulableUnordered()].some((info) => info.uid === uid);
  const isBackingOff = [...view.backingOffUnordered()].some(({ info }) => info.uid === uid);
  if (isParked === isBackingOff) return "none or both";
  return isParked ? "unschedulable" : "backoff";
}
