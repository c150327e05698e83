import { z } from "zod";
import { problem } from "./cluster.ts";
import type { JsonObject } from "./merge-patch.ts";
import { topics, type TopicName } from "./topics.ts";

/** Grows when a client of the other version could not understand us. Travels in the handshake's `auth.protocol`. */
export const protocolVersion = 1;

const subscriptionId = z
  .number()
  .int()
  .min(1)
  .max(2 ** 31);
const clusterId = z.string().min(1).max(128);

function subscribeTo<T extends TopicName>(topic: T) {
  return z.strictObject({
    /** Chosen by the client, unique among its open subscriptions. */
    id: subscriptionId,
    cluster: clusterId,
    topic: z.literal(topic),
    view: topics[topic].view,
  });
}

/** client → server, event `subscribe`. */
export const subscribe = z.discriminatedUnion("topic", [
  subscribeTo("overview"),
  subscribeTo("informers"),
  subscribeTo("informer"),
  subscribeTo("tail"),
  subscribeTo("lanes"),
  subscribeTo("events"),
  subscribeTo("scheduler"),
  subscribeTo("faults"),
  subscribeTo("history"),
  subscribeTo("transitions"),
  subscribeTo("attention"),
  subscribeTo("pods"),
  subscribeTo("pod"),
]);
export type Subscribe = z.infer<typeof subscribe>;

/** client → server, event `unsubscribe`. */
export const unsubscribe = z.strictObject({ id: subscriptionId });

/** client → server, event `ack`: everything up to `seq` was applied. */
export const ack = z.strictObject({ id: subscriptionId, seq: z.number().int().min(0) });

const jsonObject = z.custom<JsonObject>((value) => typeof value === "object" && value !== null);

/** server → client, event `snapshot`: the whole value. The answer to `subscribe`, and to any gap. */
export const snapshot = z.object({ id: subscriptionId, seq: z.number(), value: jsonObject });
export type Snapshot = z.infer<typeof snapshot>;

/** server → client, event `delta`: applies to the value of `seq - 1`. */
export const delta = z.object({ id: subscriptionId, seq: z.number(), patch: jsonObject });
export type Delta = z.infer<typeof delta>;

/** server → client, event `closed`: nothing more will come under this subscription. */
export const closed = z.object({ id: subscriptionId, problem });
export type Closed = z.infer<typeof closed>;
