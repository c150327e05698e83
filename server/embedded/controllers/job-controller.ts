import type { Timer } from "#lib/clock/index.ts";
import { lookup, textAt, type ApiObject } from "../storage/api-object.ts";
import { refOf } from "../api/local-client.ts";
import type { ControllerContext } from "./context.ts";
import { fromTemplate, isActive, podsOf } from "./owned-pods.ts";
import { watchOwners } from "./watch-owners.ts";

/** Runs the pods of a Job, `parallelism` at a time, until as many succeeded as it wants; then its time to live begins. */
export function startJobController(context: ControllerContext): () => void {
  const timers = new Set<Timer>();
  const stop = watchOwners(context, { plural: "jobs", owned: "pods", reconcile });

  function reconcile(job: ApiObject): void {
    if (textAt(job, "status", "completionTime") !== "") return;
    if (lookup(job, "spec", "suspend") === true) {
      suspend(job);
      return;
    }
    const pods = podsOf(context, job);
    const active = pods.filter(isActive).length;
    const succeeded = pods.filter((pod) => textAt(pod, "status", "phase") === "Succeeded").length;
    const completions = Number(lookup(job, "spec", "completions") ?? 1);
    const parallelism = Number(lookup(job, "spec", "parallelism") ?? 1);
    const missing = Math.min(parallelism, completions - succeeded) - active;
    for (let count = 0; count < missing; count++) {
      context.client.create("pods", fromTemplate(job, { generateName: `${job.metadata.name ?? ""}-` }));
    }
    const isComplete = succeeded >= completions;
    const startTime = textAt(job, "status", "startTime") || time();
    const status = { startTime, active: active + Math.max(0, missing), succeeded, ...(isComplete ? completed() : {}) };
    context.client.patchIfPresent(refOf("jobs", job), { status }, "status");
    if (isComplete) expireLater(job);
  }

  /** None of its pods runs until somebody wants it to. */
  function suspend(job: ApiObject): void {
    const active = podsOf(context, job).filter(isActive);
    for (const pod of active) context.client.deleteIfPresent(refOf("pods", pod));
    if (active.length > 0) context.client.patchIfPresent(refOf("jobs", job), { status: { active: 0 } }, "status");
  }

  function time(): string {
    return new Date(context.clock.now()).toISOString().replace(/\.\d+/, "");
  }

  function completed() {
    const now = time();
    return { completionTime: now, conditions: [{ type: "Complete", status: "True", lastTransitionTime: now }] };
  }

  function expireLater(job: ApiObject): void {
    const seconds = lookup(job, "spec", "ttlSecondsAfterFinished");
    if (typeof seconds !== "number") return;
    const timer = context.clock.setTimer(seconds * 1000, () => {
      timers.delete(timer);
      const ref = refOf("jobs", job);
      if (context.client.get(ref)?.metadata.uid === job.metadata.uid) context.client.deleteIfPresent(ref);
    });
    timers.add(timer);
  }

  return () => {
    stop();
    for (const timer of timers) timer.cancel();
  };
}
