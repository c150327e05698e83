"use client";
import { useScheduler, useSchedulerStep, useSchedulerUndo } from "#components/live/index.ts";
import { useAnnounce } from "#components/ui/index.ts";
import type { SchedulerStep } from "#lib/protocol/index.ts";
import type { FinishStep } from "./finishings.model.ts";
import { stepSentence } from "./sentences.model.ts";

export interface Stepping {
  readonly isSetting: boolean;
  readonly setPaused: (isPaused: boolean) => void;
  readonly setBindingMs: (bindingMs: number) => void;
  readonly pop: () => void;
  readonly inject: (event: string) => void;
  readonly finish: (step: FinishStep) => void;
  readonly hold: (uid: string, isHeld: boolean) => void;
  readonly isUndoing: boolean;
  readonly undo: () => void;
  readonly redo: () => void;
}

/** The commands to an embedded cluster's scheduling loop. What they change comes back with the picture. */
export function useStepping(cluster: string, onFailed: (message: string) => void): Stepping {
  const scheduler = useScheduler(cluster);
  const { mutate } = useSchedulerStep(cluster);
  const undoing = useSchedulerUndo(cluster);
  const announce = useAnnounce();
  const onError = (error: Error): void => onFailed(error.message);
  const take = (step: SchedulerStep): void => {
    mutate(step, { onError, onSuccess: (result) => announce(stepSentence(step, result)) });
  };
  const goBack = (way: "undo" | "redo"): void => {
    const words = { undo: "Taken back", redo: "Done again" }[way];
    undoing.mutate(way, { onError, onSuccess: ({ step }) => announce(`${words}: ${step}.`) });
  };
  return {
    isSetting: scheduler.isPending,
    setPaused: (isPaused) => scheduler.mutate({ isPaused }, { onError }),
    setBindingMs: (bindingMs) => scheduler.mutate({ bindingMs }, { onError }),
    pop: () => take({ step: "pop" }),
    inject: (event) => take({ step: "inject", event }),
    finish: take,
    hold: (uid, isHeld) => take({ step: isHeld ? "hold" : "release", uid }),
    isUndoing: undoing.isPending,
    undo: () => goBack("undo"),
    redo: () => goBack("redo"),
  };
}
