import type { Events, InFlightPod, View } from "#lib/protocol/index.ts";

/** Plugins to suppose for the selected pod; empty: no plugin rejected it. Absent: those that did. */
export type WhatIf = readonly string[] | undefined;

/** The part of the event list's view that the choice stands for. */
export function viewOf(pod: string | undefined, plugins: WhatIf): View<"events"> {
  return pod === undefined || plugins === undefined ? {} : { whatIf: { pod, plugins: [...plugins] } };
}

/** One plugin taken away or added to those that the sentence rests on now. */
export function toggled(pod: InFlightPod, plugin: string): readonly string[] {
  const now = pod.rejectors.map((each) => each.plugin);
  return now.includes(plugin) ? now.filter((name) => name !== plugin) : [...now, plugin];
}

/** What can be added: plugins that hear of events and do not reject the pod yet. */
export function addable(pod: InFlightPod, { plugins }: Events): readonly string[] {
  return plugins.filter((plugin) => pod.rejectors.every((each) => each.plugin !== plugin));
}
