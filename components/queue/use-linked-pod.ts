"use client";
import { parseAsString, useQueryStates } from "nuqs";
import { useEffect, useEffectEvent, useState } from "react";
import type { FoundPod } from "#lib/protocol/index.ts";
import type { Selection } from "./use-selection.ts";
import type { LinkedPod } from "./use-lanes.ts";

/** The pod that the address named when the page opened: `pod=uid`, or `ns` and `name`. */
export function useLinkedPod({ pod }: Selection): LinkedPod | undefined {
  const [{ ns, name }] = useQueryStates({ ns: parseAsString, name: parseAsString });
  const [linked] = useState(() => {
    if (pod !== undefined) return { uid: pod };
    return ns !== null && name !== null ? { namespace: ns, name } : undefined;
  });
  return linked;
}

/** A name becomes the uid that it stands for: from then on it is that pod, also when another takes its name. */
export function useNameResolved(found: FoundPod | undefined): void {
  const [{ ns, name }, set] = useQueryStates(
    { ns: parseAsString, name: parseAsString, pod: parseAsString },
    { history: "replace", scroll: false },
  );
  const isByName = ns !== null && name !== null;
  const uid = found?.uid;
  const resolve = useEffectEvent((pod: string) => void set({ ns: null, name: null, pod }));
  useEffect(() => {
    if (isByName && uid !== undefined) resolve(uid);
  }, [isByName, uid]);
}
