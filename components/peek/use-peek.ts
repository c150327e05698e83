"use client";
import { createParser, useQueryState } from "nuqs";

/** The pod that is looked at beside a list. */
export interface PeekedPod {
  readonly namespace: string;
  readonly name: string;
}

/** `namespace/name`, as pods are called in lists; neither has a slash of its own. */
const parser = createParser<PeekedPod>({
  parse: (text) => {
    const [namespace, name, ...others] = text.split("/");
    return namespace === undefined || name === undefined || name === "" || others.length > 0
      ? null
      : { namespace, name };
  },
  serialize: ({ namespace, name }) => `${namespace}/${name}`,
  eq: (a, b) => a.namespace === b.namespace && a.name === b.name,
});

export interface Peek {
  readonly pod: PeekedPod | undefined;
  /** Opens it, or closes it where it shows this pod already. Back undoes it. */
  readonly toggle: (pod: PeekedPod) => void;
  /** Shows another pod, if it is open: moving on in a list is no new page. */
  readonly follow: (pod: PeekedPod) => void;
  readonly close: () => void;
}

/** The peek stands in the address, so that a link opens it. */
export function usePeek(): Peek {
  const [pod, set] = useQueryState("peek", parser.withOptions({ history: "push", scroll: false }));
  const close = (): void => void set(null, { history: "replace" });
  return {
    pod: pod ?? undefined,
    toggle: (next) => {
      if (isPeeked(pod, next)) close();
      else void set({ namespace: next.namespace, name: next.name }, { history: pod === null ? "push" : "replace" });
    },
    follow: (next) => {
      if (pod !== null) void set({ namespace: next.namespace, name: next.name }, { history: "replace" });
    },
    close,
  };
}

export function isPeeked(pod: PeekedPod | null | undefined, { namespace, name }: PeekedPod): boolean {
  return pod?.namespace === namespace && pod.name === name;
}
