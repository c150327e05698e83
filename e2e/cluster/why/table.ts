import { companySituations } from "./company.ts";
import { deviceSituations } from "./devices.ts";
import { otherSituations } from "./others.ts";
import { placeSituations } from "./place.ts";
import { roomSituations } from "./room.ts";
import { schedulerSituations } from "./scheduler.ts";
import type { Situation } from "./situation.ts";
import { volumeSituations } from "./volumes.ts";
import { workloadSituations } from "./workloads.ts";

/** Every situation stands beside all others in one cluster, with nodes and a namespace of its own. */
export const table: readonly Situation[] = [
  ...roomSituations,
  ...placeSituations,
  ...companySituations,
  ...volumeSituations,
  ...deviceSituations,
  ...schedulerSituations,
  ...workloadSituations,
  ...otherSituations,
];

/** Before anybody furnishes the cluster. */
export const noNodes: Situation = {
  name: "no-nodes",
  code: "no-nodes",
  says: "There are no nodes.",
  nodes: [],
  cure: "none",
};
