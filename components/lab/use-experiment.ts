"use client";
import { useEffect, useState } from "react";
import { Experiment, experimentInSteps } from "#lib/lab/index.ts";
import { inSlices } from "./slices.ts";
import { scenarioOf, type Source } from "./source.model.ts";

/** What is experimented with, and what came of it. */
export interface Experimented {
  readonly source: Source;
  readonly experiment: Experiment;
}

/** Longer ones are played in slices, and the one before stays on the screen meanwhile. */
const atOnce = 100;

/** @param source undefined while it is being read */
export function useExperiment(source: Source | undefined): Experimented | undefined {
  const [done, setDone] = useState<Experimented>();
  const isDone = source === undefined || done?.source === source;
  const isShort = source !== undefined && scenarioOf(source).operations.length <= atOnce;
  useEffect(() => {
    if (isDone || isShort || source === undefined) return undefined;
    let isWanted = true;
    void inSlices(experimentInSteps(scenarioOf(source))).then((experiment) => {
      if (isWanted) setDone({ source, experiment });
    });
    return () => {
      isWanted = false;
    };
  }, [source, isDone, isShort]);
  if (isDone || !isShort) return done;
  const made = { source, experiment: new Experiment(scenarioOf(source)) };
  setDone(made);
  return made;
}
