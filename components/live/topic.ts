import type { Problem, TopicName, Value, View } from "#lib/protocol/index.ts";

/** What somebody looks at: a topic of a cluster through a view. */
export interface TopicRef<T extends TopicName = TopicName> {
  readonly cluster: string;
  readonly topic: T;
  readonly view: View<T>;
}

/** What the query cache holds of a topic; nothing at all until the first snapshot. */
export type TopicState<V = Value<TopicName>> =
  { readonly phase: "live"; readonly value: V } | { readonly phase: "closed"; readonly problem: Problem };

/** The one place where keys of the live part of the query cache are made. */
export function topicKey({ cluster, topic, view }: TopicRef): readonly unknown[] {
  return ["topic", cluster, topic, view];
}
