import type { Situation } from "./situation.ts";

/** Somebody we do not know has a say in whether the pod fits: that it fits by all others is not enough then. */
export function strangerIn({ scheduler, unknownReason }: Situation): string | undefined {
  const { unknownPlugins = [], name } = scheduler;
  if (unknownReason !== undefined) return `kube-scheduler says "${unknownReason}", which no plugin known here says`;
  if (unknownPlugins.length === 0) return undefined;
  const [plugins, are] = unknownPlugins.length === 1 ? ["plugin", "is"] : ["plugins", "are"];
  return `${plugins} ${unknownPlugins.join(", ")} of ${name} ${are} not known here, and may reject it`;
}
