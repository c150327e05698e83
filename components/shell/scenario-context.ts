"use client";
import { createContext, useContext } from "react";
import type { ScenarioName } from "#lib/protocol/index.ts";

export interface ScenarioCommands {
  /** Opens the list of scenarios. */
  readonly open: () => void;
  /** Plays one on the embedded cluster, starting that if need be, and goes where one looks. */
  readonly play: (scenario: ScenarioName) => void;
}

export const ScenarioContext = createContext<ScenarioCommands>({ open: () => undefined, play: () => undefined });

export function useScenarios(): ScenarioCommands {
  return useContext(ScenarioContext);
}
