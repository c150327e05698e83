"use client";
import { useShortcut } from "#components/ui/index.ts";
import type { PodRef } from "#lib/protocol/index.ts";
import { useCopying } from "./use-copying.ts";
import type { Peek } from "./use-peek.ts";

export interface PodKeysOptions {
  readonly cluster: string;
  /** The page, in the sheet. */
  readonly group: string;
  /** The pod that is chosen in the list, if there is one. */
  readonly pods: readonly PodRef[];
  /** Those that are taken along instead of it. */
  readonly marked?: readonly PodRef[];
  readonly peek: Peek;
}

/** What the keys do with a pod, the same wherever one is chosen. */
export function usePodKeys({ cluster, group, pods, marked = [], peek }: PodKeysOptions): void {
  const { copyReports, copyYaml } = useCopying(cluster);
  const [chosen] = pods;
  const taken = marked.length > 0 ? marked : pods;
  const isOn = taken.length > 0;
  useShortcut({ keys: "p", label: "Peek at the pod", group, isOn: chosen !== undefined }, () => {
    if (chosen !== undefined) peek.toggle(chosen);
  });
  useShortcut({ keys: "c", label: "Copy the report", group, isOn }, () => copyReports(taken));
  useShortcut({ keys: "y", label: "Copy the YAML", group, isOn }, () => copyYaml(taken));
}
