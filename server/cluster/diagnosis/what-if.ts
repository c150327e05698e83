import { parseQuantity, type Container, type Pod, type Toleration } from "#lib/kube/index.ts";
import { Evaluation, explain, messageOf } from "#lib/scheduler/index.ts";
import type { PodDetail, WhatIf } from "#lib/protocol/index.ts";
import type { Shape } from "./shapes.ts";

const mostFitting = 20;

/** What the same plugins say of the same nodes about a pod that asks for something else. */
export function answerWhatIf(
  pod: Pod,
  { options }: Shape,
  whatIf: WhatIf,
  now: number,
): NonNullable<PodDetail["whatIf"]> {
  const problem = problemIn(whatIf);
  if (problem !== undefined) return { fits: 0, fitting: [], headline: [`Cannot tell: ${problem}.`], problem };
  const changed = withChange(pod, whatIf);
  const evaluation = new Evaluation(changed);
  for (const _ of evaluation.update(options, now));
  if (evaluation.fits > 0) {
    const fitting = [...evaluation.nodes()].flatMap(([node, { first }]) => (first === undefined ? [node.name] : []));
    const count = fitting.length === 1 ? "1 node takes" : `${fitting.length} nodes take`;
    return { fits: fitting.length, fitting: fitting.sort().slice(0, mostFitting), headline: [`${count} it then.`] };
  }
  const { cause } = explain(evaluation, options);
  return {
    fits: 0,
    fitting: [],
    message: messageOf(evaluation),
    headline: [...(cause?.headline ?? cause?.row ?? ["No node takes it then."])],
  };
}

function problemIn({ requests = {} }: WhatIf): string | undefined {
  for (const [resource, text] of Object.entries(requests)) {
    try {
      if (parseQuantity(text) < 0n) return `${resource}: less than nothing`;
    } catch {
      return `${resource}: "${text}" is not a quantity, expected 500m, 2 or 4Gi`;
    }
  }
  return undefined;
}

function withoutRequests({ resources: _resources, ...rest }: Container): Container {
  return rest;
}

/** Requests are those of the whole pod: one container asks for them. */
function withChange(pod: Pod, { requests, tolerations, nodeSelector }: WhatIf): Pod {
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
      ...(tolerations === undefined ? {} : { tolerations: tolerations as readonly Toleration[] }),
      ...(nodeSelector === undefined ? {} : { nodeSelector }),
    },
  };
}
