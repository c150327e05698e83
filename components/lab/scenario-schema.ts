import { z } from "zod";

/** What recordings and links are made of. Everything the replay would otherwise stumble over is refused here. */

const text = z.string().max(500);
const labels = z.record(text, text);
const texts = z.array(text).max(1_000);

const event = z.object({
  resource: text,
  mask: z.int().min(1).max(8_191),
  label: text,
  customLabel: text.exactOptional(),
});

const hint = z.object({
  kind: z.enum([
    "queue",
    "skip",
    "error",
    "new-label",
    "old-label",
    "label-gained",
    "pod-label",
    "match-label",
    "same-uid",
    "other-uid",
    "error-if-new-label",
  ]),
  key: text.exactOptional(),
  value: text.exactOptional(),
});

const preEnqueue = z.object({
  kind: z.enum(["allow", "gated-by-label", "gated-unless-label", "gated-by-scheduling-gates", "gated-by-switch"]),
  key: text.exactOptional(),
  value: text.exactOptional(),
  code: z.enum(["unschedulable", "unresolvable", "pending", "error"]).exactOptional(),
});

export const plugins = z
  .array(
    z.object({
      name: text,
      profiles: texts.exactOptional(),
      preEnqueue: preEnqueue.nullable(),
      events: z.array(z.object({ event, hint })).max(200).nullable(),
    }),
  )
  .max(100);

const seconds = z.number().min(0).max(1e7);

export const config = z.object({
  podInitialBackoffSeconds: seconds,
  podMaxBackoffSeconds: seconds,
  podMaxInUnschedulablePodsDurationSeconds: seconds,
  featureGates: z.object({
    GenericWorkload: z.boolean(),
    OpportunisticBatching: z.boolean(),
    SchedulerAsyncAPICalls: z.boolean(),
    SchedulerPopFromBackoffQ: z.boolean(),
    SchedulerQueueingHints: z.boolean(),
  }),
  startOffsetMs: z.number().min(0),
  profiles: texts,
  sort: z.enum(["priority", "reverse-priority", "fifo"]),
  plugins,
  namespaces: z
    .array(z.object({ name: text, labels: labels.exactOptional() }))
    .max(1_000)
    .exactOptional(),
  signers: z
    .record(text, z.object({ kind: z.enum(["none", "label", "label-and-rv"]), key: text.exactOptional() }))
    .exactOptional(),
  dispatcher: z.enum(["ok", "skipped", "overwritten", "error"]).exactOptional(),
});

const affinityTerm = z.object({
  labels: labels.nullable().exactOptional(),
  namespaces: texts.exactOptional(),
  nsLabels: labels.exactOptional(),
  anyNs: z.boolean().exactOptional(),
});

export const object = z.object({
  kind: text,
  name: text,
  ns: text.exactOptional(),
  uid: text.exactOptional(),
  rv: text.exactOptional(),
  labels: labels.exactOptional(),
  annotations: labels.exactOptional(),
  finalizers: texts.exactOptional(),
  generation: z.number().exactOptional(),
  priority: z.number().exactOptional(),
  scheduler: text.exactOptional(),
  node: text.exactOptional(),
  nominated: text.exactOptional(),
  gates: texts.exactOptional(),
  tolerations: texts.exactOptional(),
  cpu: z.number().exactOptional(),
  group: text.exactOptional(),
  affinity: z.array(affinityTerm).max(100).exactOptional(),
  claims: texts.exactOptional(),
  conditions: texts.exactOptional(),
});

export const pod = object.refine(({ kind, uid, ns }) => kind === "Pod" && uid !== undefined && ns !== undefined, {
  message: "expected a pod with ns and uid",
});

const preCheck = z.object({
  kind: z.enum(["priority-le", "priority-ge", "label", "never"]),
  key: text.exactOptional(),
  value: text.exactOptional(),
  num: z.number().exactOptional(),
});

const nominating = { mode: z.enum(["", "nil", "noop", "override"]).exactOptional(), node: text.exactOptional() };
const noted = { note: text.exactOptional(), noLister: z.boolean().exactOptional() };

/** Operations with what each cannot do without, and the time that links (`afterMs`) or recordings (`t`) give. */
export function operations<T extends z.core.$ZodLooseShape>(time: T) {
  const of = <N extends string, S extends z.core.$ZodLooseShape>(names: readonly N[], shape: S) =>
    z.object({ op: z.enum(names), ...shape, ...noted, ...time });
  return z.discriminatedUnion("op", [
    of(["add", "delete", "popSpecific", "assignedAdd", "unnominate", "listerSet", "listerDelete"], { pod }),
    of(["update", "updateNominated"], { old: pod, new: pod }),
    of(["pop", "advance", "flushBackoff", "flushUnschedulable", "pendingPods", "inFlightPods", "close"], {}),
    of(["done"], { uid: text }),
    of(["fail"], {
      uid: text.exactOptional(),
      plugins: texts.exactOptional(),
      pending: texts.exactOptional(),
      cycle: z.number().exactOptional(),
      pod: pod.exactOptional(),
      fresh: z.boolean().exactOptional(),
      raw: z.boolean().exactOptional(),
    }),
    of(["moveAll"], {
      event,
      old: object.exactOptional(),
      new: object.exactOptional(),
      preCheck: preCheck.exactOptional(),
    }),
    of(["assignedUpdate"], { event, old: pod, new: pod }),
    of(["activate"], { pods: z.array(pod).max(1_000) }),
    of(["setSwitch"], { name: text, on: z.boolean() }),
    of(["nominate"], { pod, ...nominating }),
    of(["patchStatus"], { pod, condition: text.exactOptional(), ...nominating }),
    of(["nominatedPods"], { node: text.exactOptional() }),
    of(["getPod"], { name: text, ns: text }),
  ]);
}

/** Steps that one experiment may have. */
export const maxOperations = 5_000;
