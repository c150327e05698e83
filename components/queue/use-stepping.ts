"use client";
import { useScheduler, useSchedulerStep } from "#components/live/index.ts";
import type { FinishStep } from "./finishings.model.ts";

export interface Stepping {
  readonly isSetting: boolean;
  readonly setPaused: (isPaused: boolean) => void;
  readonly setBindingMs: (bindingMs: number) => void;
  readonly pop: () => void;
  readonly inject: (event: string) => void;
  readonly finish: (step: FinishStep) => void;
}

/** The commands to an embedded cluster's scheduling loop. What they change comes back with the picture. */
export function useStepping(cluster: string, onFailed: (message: string) => void): Stepping {
  const scheduler = useScheduler(cluster);
  const step = useSchedulerStep(cluster);
  const failed = { onError: (error: Error) => onFailed(error.message) };
  return {
    isSetting: scheduler.isPending,
    setPaused: (isPaused) => scheduler.mutate({ isPaused }, failed),
    setBindingMs: (bindingMs) => scheduler.mutate({ bindingMs }, failed),
    pop: () => step.mutate({ step: "pop" }, failed),
    inject: (event) => step.mutate({ step: "inject", event }, failed),
    finish: (body) => step.mutate(body, failed),
  };
}
