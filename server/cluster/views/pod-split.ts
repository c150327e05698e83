import type { PodDetail, PodTransition } from "#lib/protocol/index.ts";
import { flushMs } from "#lib/scheduler/index.ts";
import type { JudgedPod } from "../diagnosis/index.ts";
import { staysIn } from "../diagnosis/timeline.ts";
import type { PodSource } from "./pod.ts";

const mostStays = 40;

/** Where a pod that missed an event should be, and where it is. */
export function splitOf(judged: JudgedPod, { diagnosis, scheduling }: PodSource): Pick<PodDetail, "split"> {
  const { uid, verdict, situation } = judged;
  if (verdict.code !== "missed-event") return {};
  const transitions = oldestFirst(scheduling.transitions.of(uid).rows.newestFirst());
  const { lost, suspected, record } = situation;
  if (lost !== undefined) {
    const { at, label, object, plugin, attempt, poppedAt, parkedAt } = lost;
    const correct = scheduling.correctTransitionsOf(uid) ?? [];
    return {
      split: {
        event: { at, label, ...(object === undefined ? {} : { object }), ...(plugin === undefined ? {} : { plugin }) },
        expected: { stays: staysOf(correct), provenance: "actual" },
        happened: { stays: staysOf(transitions), provenance: "actual" },
        ...(attempt === undefined || poppedAt === undefined
          ? {}
          : { attempt: { attempt, popped: poppedAt, ended: parkedAt } }),
        ...(record === undefined ? {} : { flushDue: record.since + flushMs }),
      },
    };
  }
  if (suspected === undefined) return {};
  const { at, label, object, plugin } = suspected.event;
  const { failedAt } = suspected;
  const seen = diagnosis.failures.of(uid);
  return {
    split: {
      event: { at, label, ...(object === undefined ? {} : { object }), plugin },
      expected: { stays: staysOf(transitions), provenance: "simulated" },
      // Since it was last seen to fail nothing was seen of it.
      happened: { stays: [{ queue: "unschedulable", from: seen?.at ?? failedAt }], provenance: "observed" },
      flushDue: failedAt + flushMs,
    },
  };
}

function staysOf(transitions: readonly PodTransition[]) {
  return staysIn(transitions).slice(-mostStays);
}

function oldestFirst(newestFirst: Iterable<PodTransition>): readonly PodTransition[] {
  return [...newestFirst].reverse();
}
