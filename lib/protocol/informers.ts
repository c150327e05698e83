import { z } from "zod";
import { instant, problem } from "./cluster.ts";

/** What a reflector is doing. Each state has its own fields. */
export const reflectorState = z.discriminatedUnion("phase", [
  z.object({ phase: z.literal("idle") }),
  /** `page` counts from 1; `received` objects so far. */
  z.object({ phase: z.literal("listing"), page: z.number(), received: z.number() }),
  /** A streaming list (WatchList): initial events until the annotated bookmark. */
  z.object({ phase: z.literal("streaming"), received: z.number() }),
  z.object({ phase: z.literal("watching"), openedAt: instant }),
  z.object({ phase: z.literal("backingOff"), until: instant, reason: z.string() }),
  z.object({ phase: z.literal("stopped") }),
]);
export type ReflectorState = z.infer<typeof reflectorState>;

export const informerRow = z.object({
  /** `v1/pods`, `apps/v1/deployments`; a field selector follows after `?`. */
  key: z.string(),
  resource: z.string(),
  groupVersion: z.string(),
  fieldSelector: z.string().optional(),
  reflector: reflectorState,
  hasSynced: z.boolean(),
  objects: z.number(),
  eventsPerSecond: z.number(),
  handlers: z.number(),
  /** Of the last failure, until the next success: forbidden, unreachable … */
  problem: problem.optional(),
});
export type InformerRow = z.infer<typeof informerRow>;

export const informers = z.object({
  asOf: instant,
  informers: z.record(z.string(), informerRow),
});
export type Informers = z.infer<typeof informers>;

/** What a handler of this server does with its notifications. */
export const handlerKind = z.enum(["builtIn", "tail", "count", "diff", "slow", "chain"]);
export type HandlerKind = z.infer<typeof handlerKind>;

export const handlerFilter = z.object({
  namespace: z.string().optional(),
  labelSelector: z.string().optional(),
});
export type HandlerFilter = z.infer<typeof handlerFilter>;

export const registrationRow = z.object({
  /** The handle: unique in its cluster, never reused. */
  id: z.number(),
  owner: z.string(),
  kind: handlerKind,
  /** Name of the handler value. */
  handler: z.string(),
  /** Identity of the handler value: registrations that share it registered one value several times. */
  handlerValue: z.number(),
  filter: handlerFilter,
  hasSynced: z.boolean(),
  /** While a late handler gets its synthetic adds. */
  initialAdds: z.object({ delivered: z.number(), total: z.number() }).optional(),
  delivered: z.number(),
  failed: z.number(),
  lastError: z.string().optional(),
  /** Notifications waiting in its own buffer. */
  pending: z.number(),
  /** Age of the oldest waiting notification, else how long the last one waited, in milliseconds. */
  lagMs: z.number(),
  /** 99th percentile of the sampled handling time, in milliseconds. */
  handlingP99Ms: z.number().optional(),
  resyncMs: z.number().optional(),
  addedAt: instant,
  /** Set when the registration was stopped because its buffer overflowed. */
  stoppedReason: z.string().optional(),
  isLeaked: z.boolean(),
  isRemovable: z.boolean(),
  /**
   * Of a `chain` handler, which fails when what it is told does not follow from what it was told before: how many objects
   * it was told of that are there, and their digest. That is, in hexadecimal, the exclusive or of the first 64 bits of
   * SHA-256 of `uid resourceVersion`, so that it can be compared with the digest of a list.
   */
  chain: z.object({ objects: z.number(), digest: z.string() }).optional(),
});
export type RegistrationRow = z.infer<typeof registrationRow>;

export const relistRecord = z.object({ at: instant, reason: z.string() });

/** One informer in full: the pipeline and its registrations. */
export const informer = z.object({
  asOf: instant,
  row: informerRow,
  startedAt: instant,
  reflector: z.object({
    resourceVersion: z.string(),
    lastEventAt: instant.optional(),
    lastBookmarkAt: instant.optional(),
    relists: z.array(relistRecord),
    relistsTotal: z.number(),
  }),
  /** Everything received since the start; the rates are per second, over the last 5 s. */
  rates: z.object({ received: z.number(), stored: z.number(), delivered: z.number() }),
  queue: z.object({ depth: z.number(), peak: z.number(), batches: z.number() }),
  store: z.object({
    objects: z.number(),
    resourceVersion: z.string(),
    /** Index name to number of index values. */
    indexes: z.record(z.string(), z.number()),
  }),
  processor: z.object({
    pending: z.number(),
    slowest: z.object({ id: z.number(), pending: z.number() }).optional(),
  }),
  /** One value per second, oldest first, at most 60: received and delivered per second. */
  history: z.object({ received: z.array(z.number()), delivered: z.array(z.number()) }),
  registrations: z.record(z.string(), registrationRow),
});
export type Informer = z.infer<typeof informer>;

/** A stretch of text that may be marked as changed. */
export const tailLine = z.object({
  seq: z.number(),
  at: instant,
  type: z.enum(["added", "modified", "deleted", "sync"]),
  namespace: z.string(),
  name: z.string(),
  uid: z.string(),
  resourceVersion: z.string(),
  /** What changed, in one line: `status.phase: Pending → Running`. */
  summary: z.string(),
  changes: z
    .array(z.object({ path: z.string(), before: z.string().optional(), after: z.string().optional() }))
    .optional(),
});
export type TailLine = z.infer<typeof tailLine>;

/** The newest lines of one tail or diff handler, keyed by `seq`. */
export const tail = z.object({
  asOf: instant,
  registration: z.number(),
  total: z.number(),
  perSecond: z.number(),
  lines: z.record(z.string(), tailLine),
});
export type Tail = z.infer<typeof tail>;
