import type { Affinity, Container, NodeSelector, Pod } from "#lib/kube/index.ts";
import { Evaluation, explain, messageOf } from "#lib/scheduler/index.ts";
import type { PodDetail, WhatIf } from "#lib/protocol/index.ts";
import type { Shape } from "./shapes.ts";
import { readWhatIf, type ReadWhatIf } from "./what-if-text.ts";

const mostFitting = 20;

/** What the same plugins say of the same nodes about a pod that asks for something else. */
export function answerWhatIf(
  pod: Pod,
  { options }: Shape,
  whatIf: WhatIf,
  now: number,
): NonNullable<PodDetail["whatIf"]> {
  const read = readWhatIf(whatIf);
  if ("problems" in read) {
    return {
      fits: 0,
      fitting: [],
      headline: ["Not tried: not everything can be read."],
      problems: { ...read.problems },
    };
  }
  const changed = withChange(pod, read);
  const evaluation = new Evaluation(changed);
  for (const _ of evaluation.update(options, now));
  if (evaluation.fits > 0) {
    const fitting = [...evaluation.nodes()].flatMap(([node, { first }]) => (first === undefined ? [node.name] : []));
    const count = fitting.length === 1 ? "1 node takes" : `${fitting.length} nodes take`;
    return {
      fits: fitting.length,
      fitting: fitting.sort().slice(0, mostFitting),
      headline: [`${count} it then.`],
      problems: {},
    };
  }
  const { cause } = explain(evaluation, options);
  return {
    fits: 0,
    fitting: [],
    message: messageOf(evaluation),
    headline: [...(cause?.headline ?? cause?.row ?? ["No node takes it then."])],
    problems: {},
  };
}

function withoutRequests({ resources: _resources, ...rest }: Container): Container {
  return rest;
}

/** Requests are those of the whole pod: one container asks for them. */
function withChange(pod: Pod, change: Exclude<ReadWhatIf, { readonly problems: unknown }>): Pod {
  const { requests, tolerations, nodeSelector, nodeAffinity } = change;
  const [first, ...others] = pod.spec?.containers ?? [];
  const containers =
    requests === undefined
      ? pod.spec?.containers
      : [{ ...first, name: first?.name ?? "main", resources: { requests } }, ...others.map(withoutRequests)];
  const { overhead: _overhead, resources: _resources, initContainers, ...spec } = pod.spec ?? {};
  return {
    ...pod,
    spec: {
      ...(requests === undefined ? pod.spec : { ...spec, initContainers: (initContainers ?? []).map(withoutRequests) }),
      ...(containers === undefined ? {} : { containers }),
      ...(tolerations === undefined ? {} : { tolerations }),
      ...(nodeSelector === undefined ? {} : { nodeSelector }),
      ...(nodeAffinity === undefined ? {} : { affinity: withNodeAffinity(pod, nodeAffinity) }),
    },
  };
}

/** None is required where no term is left. */
function withNodeAffinity({ spec }: Pod, required: NodeSelector): Affinity {
  const { nodeAffinity: _replaced, ...others } = spec?.affinity ?? {};
  if ((required.nodeSelectorTerms ?? []).length === 0) return others;
  return { ...others, nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: required } };
}
