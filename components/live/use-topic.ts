"use client";
import { keepPreviousData, skipToken, useQuery } from "@tanstack/react-query";
import { useCallback, useEffect, useMemo } from "react";
import type { Problem, TopicName, Value, View } from "#lib/protocol/index.ts";
import { useLive } from "./live-context.ts";
import { topicKey, type TopicRef, type TopicState } from "./topic.ts";

/** What a view gets to see of a topic. */
export type Watched<S> =
  | { readonly phase: "loading" }
  | {
      readonly phase: "live";
      readonly value: S;
      /** It is the answer to the question before: that to this one is under way. */
      readonly isPrevious?: boolean;
    }
  | { readonly phase: "closed"; readonly problem: Problem };

const loading = { phase: "loading" } as const;
const nothing: TopicRef = { cluster: "", topic: "overview", view: {} };

/** Another window or another question about the same thing: what was seen last is better than nothing until it is there. */
const keepsPrevious: ReadonlySet<TopicName> = new Set(["lanes", "events", "pods", "pod"]);

export function useTopic<T extends TopicName>(
  cluster: string | undefined,
  topic: T,
  view: View<T> | undefined,
): Watched<Value<T>>;
export function useTopic<T extends TopicName, S>(
  cluster: string | undefined,
  topic: T,
  view: View<T> | undefined,
  select: (value: Value<T>) => S,
): Watched<S>;
/**
 * Looks at a topic while the component is there; nothing is asked for without a cluster or a view. The component is
 * drawn again when what `select` returns is another value: what a patch does not touch keeps its identity, so select a
 * part and build nothing new.
 */
export function useTopic<T extends TopicName, S = Value<T>>(
  cluster: string | undefined,
  topic: T,
  view: View<T> | undefined,
  select?: (value: Value<T>) => S,
): Watched<S | Value<T>> {
  const { feed } = useLive();
  const ref: TopicRef | undefined = cluster === undefined || view === undefined ? undefined : { cluster, topic, view };
  const key = topicKey(ref ?? nothing);

  // As text, so that a view that is made anew at each drawing subscribes once.
  const wanted = ref === undefined ? undefined : JSON.stringify(ref);
  useEffect(() => (wanted === undefined ? undefined : feed.watch(JSON.parse(wanted) as TopicRef)), [feed, wanted]);

  // The key says which topic the state is of; the cache itself does not know.
  const selectState = useCallback(
    (state: TopicState): TopicState<S | Value<T>> =>
      state.phase === "live" && select !== undefined
        ? { phase: "live", value: select(state.value as Value<T>) }
        : (state as TopicState<Value<T>>),
    [select],
  );
  const { data, isPlaceholderData } = useQuery({
    queryKey: key,
    queryFn: skipToken,
    structuralSharing: sameSelection,
    select: selectState,
    ...(keepsPrevious.has(topic) ? { placeholderData: keepPreviousData } : {}),
  });
  return useMemo(() => {
    if (wanted === undefined || data === undefined) return loading;
    return isPlaceholderData && data.phase === "live" ? { ...data, isPrevious: true } : data;
  }, [wanted, data, isPlaceholderData]);
}

/** A state whose value is the one before is the state before: nothing is compared in depth, nothing is copied. */
function sameSelection(before: unknown, after: unknown): unknown {
  const isSame = isLive(before) && isLive(after) && before.value === after.value;
  return isSame ? before : after;
}

function isLive(state: unknown): state is { readonly phase: "live"; readonly value: unknown } {
  return typeof state === "object" && state !== null && "phase" in state && state.phase === "live" && "value" in state;
}
