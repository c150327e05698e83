import { z } from "zod";
import { instant, problem } from "./cluster.ts";

/** What a reflector is doing. Each state has its own fields. */
export const reflectorState = z.discriminatedUnion("phase", [
  z.object({ phase: z.literal("idle") }),
  /**
   * `page` counts from 1, `received` objects so far. `pagesAbout`: how many pages it will be, from what the server says
   * remains. Absent while it says nothing.
   */
  z.object({
    phase: z.literal("listing"),
    page: z.number(),
    received: z.number(),
    pagesAbout: z.number().optional(),
  }),
  /** A streaming list (WatchList): initial events until the annotated bookmark. */
  z.object({ phase: z.literal("streaming"), received: z.number() }),
  /** The request for a watch is under way. */
  z.object({ phase: z.literal("connecting"), since: instant }),
  /** The age of the watch is counted from `openedAt`; the server ends it after `limitMs`. */
  z.object({ phase: z.literal("watching"), openedAt: instant, limitMs: z.number() }),
  z.object({ phase: z.literal("backingOff"), until: instant, reason: z.string() }),
  z.object({ phase: z.literal("stopped") }),
]);
export type ReflectorState = z.infer<typeof reflectorState>;

/** A watch that was lost. What is in the store stays, as of `asOf`. */
export const watchLoss = z.object({
  /** In two words: `410 Gone`, `Timed out`, `EOF`, `Connection refused`. */
  reason: z.string(),
  message: z.string(),
  at: instant,
  /** The last sign of life before it. */
  asOf: instant,
  /** When it is tried again; absent while it is being tried. */
  retryAt: instant.optional(),
});
export type WatchLoss = z.infer<typeof watchLoss>;

/** Which verbs are missing on what for whom, and what grants them. Asked again every 30 s. */
export const forbidden = z.object({
  verbs: z.array(z.string()),
  resource: z.string(),
  /** Empty for the core group. */
  group: z.string(),
  /** Absent: in all namespaces. */
  namespace: z.string().optional(),
  /** The identity as the server knows it; empty when it did not say. */
  user: z.string(),
  /** Two commands for somebody who may: `kubectl create clusterrole …`, `kubectl create clusterrolebinding …`. */
  commands: z.array(z.string()),
  /** When access was last asked for, and when it will be. */
  checkedAt: instant.optional(),
  recheckAt: instant.optional(),
});
export type Forbidden = z.infer<typeof forbidden>;

/** What the identity may do with the resource of an informer. Asked for as soon as one of them is forbidden. */
export const access = z.object({ get: z.boolean(), list: z.boolean(), watch: z.boolean(), checkedAt: instant });
export type Access = z.infer<typeof access>;

export const informerRow = z.object({
  /** `v1/pods`, `apps/v1/deployments`; `@namespace` where all may not be listed; a field selector follows after `?`. */
  key: z.string(),
  resource: z.string(),
  groupVersion: z.string(),
  /** Only where the list of all namespaces is forbidden. */
  namespace: z.string().optional(),
  fieldSelector: z.string().optional(),
  reflector: reflectorState,
  /** The first list was processed. Says nothing about freshness, see `freshAt`. */
  hasSynced: z.boolean(),
  /** The watch's last sign of life, an event or a bookmark, else when it was opened; to the second. */
  freshAt: instant.optional(),
  objects: z.number(),
  eventsPerSecond: z.number(),
  handlers: z.number(),
  /** Registrations whose owner was released and forgot them; absent: none. */
  leaked: z.number().optional(),
  /** Of the last failure, until the next success: forbidden, unreachable … */
  problem: problem.optional(),
  watchLost: watchLoss.optional(),
  forbidden: forbidden.optional(),
  access: access.optional(),
  /** Without a registration it stops then; a handler that comes before costs no list. */
  lingersUntil: instant.optional(),
});
export type InformerRow = z.infer<typeof informerRow>;

/** Who added registrations, on whatever informer. */
export const ownerRow = z.object({
  name: z.string(),
  registrations: z.number(),
  /** It said that it is done: what it still has is leaked. */
  isReleased: z.boolean(),
  /** It has only added for ten minutes or more. */
  isSuspect: z.boolean(),
  /** Since when it has only added. */
  growingSince: instant.optional(),
});
export type OwnerRow = z.infer<typeof ownerRow>;

export const informers = z.object({
  asOf: instant,
  informers: z.record(z.string(), informerRow),
  /** By number: an owner that was released and one that came later under its name are two. */
  owners: z.record(z.string(), ownerRow),
  /** Handlers that people added, and how many there may be at once. */
  added: z.object({ handlers: z.number(), limit: z.number() }),
});
export type Informers = z.infer<typeof informers>;

/** What a handler of this server does with its notifications. */
export const handlerKind = z.enum(["builtIn", "tail", "count", "diff", "slow", "chain"]);
export type HandlerKind = z.infer<typeof handlerKind>;

/** All of them have to match. They are the handler's own: the informer is shared. */
export const handlerFilter = z.object({
  namespace: z.string().optional(),
  labelSelector: z.string().optional(),
  /** `status.phase=Running,spec.nodeName!=n1`: paths of plain values; what is absent is empty text. */
  fieldSelector: z.string().optional(),
  /** A CEL expression over `object` and `oldObject`, which is null except for updates. */
  cel: z.string().optional(),
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
  /** Notifications that its filter turned into nothing. */
  filtered: z.number(),
  lastError: z.string().optional(),
  lastErrorAt: instant.optional(),
  /** Evaluations of its CEL filter that failed, which counts as no match; absent: none. */
  filterErrors: z.object({ count: z.number(), last: z.string() }).optional(),
  /** Notifications waiting in its own buffer. */
  pending: z.number(),
  /** Age of the oldest waiting notification, else how long the last one waited, in milliseconds. */
  lagMs: z.number(),
  /** Since when the call in progress has not returned. */
  busySince: instant.optional(),
  /** 99th percentile of the sampled handling time, in milliseconds. */
  handlingP99Ms: z.number().optional(),
  /** Sampled calls by how many milliseconds they took at most, `Infinity` for the rest; only what is not empty. */
  handlingTimes: z.record(z.string(), z.number()),
  longestMs: z.number().optional(),
  resyncMs: z.number().optional(),
  /** How long a `slow` handler takes for each notification. */
  delayMs: z.number().optional(),
  addedAt: instant,
  /** Set when it was stopped: its buffer overflowed, or its filter takes too long. It stays until it is removed. */
  stoppedReason: z.string().optional(),
  stoppedAt: instant.optional(),
  /** Its owner was released and forgot it. */
  isLeaked: z.boolean(),
  /** Its owner has only added registrations for ten minutes or more. */
  isSuspect: z.boolean(),
  isRemovable: z.boolean(),
  /** Of a `count` handler, all its registrations together: what it was told by namespace, the 20 busiest. */
  tally: z.record(z.string(), z.number()).optional(),
  /**
   * Of a `chain` handler, which fails when what it is told does not follow from what it was told before: how many objects
   * it was told of that are there, and their digest. That is, in hexadecimal, the exclusive or of the first 64 bits of
   * SHA-256 of `uid resourceVersion`, so that it can be compared with the digest of a list.
   */
  chain: z.object({ objects: z.number(), digest: z.string() }).optional(),
});
export type RegistrationRow = z.infer<typeof registrationRow>;

/** Why the whole collection was asked for. */
export const listCause = z.enum([
  "initial",
  /** Somebody pressed relist. */
  "asked",
  /** 410: the version is gone from the server's history. */
  "expired",
  /** The version lies in the server's future. */
  "tooLarge",
  "connection",
  /** The watch was closed at once. */
  "shortWatch",
  "forbidden",
  "throttled",
  "serverError",
  "other",
]);
export type ListCause = z.infer<typeof listCause>;

/** One time that the whole collection was asked for, be it by list or by streaming list. */
export const listRecord = z.object({
  at: instant,
  cause: listCause,
  /** The cause in the server's or the connection's own words. */
  reason: z.string(),
  outcome: z.enum(["running", "done", "failed", "interrupted"]),
  /** Set once it has ended. */
  tookMs: z.number().optional(),
  /** A streaming list that fell back to a list is a list. */
  isStreamed: z.boolean(),
  objects: z.number(),
  /** Requests for pages; 1 for a list that came in one body, 0 for a streaming list. */
  pages: z.number(),
  resourceVersion: z.string().optional(),
  /** Why it failed. */
  error: z.string().optional(),
});
export type ListRecord = z.infer<typeof listRecord>;

/** One object on which store and server do not agree. */
export const discrepancy = z.object({
  key: z.string(),
  storedUid: z.string().optional(),
  storedVersion: z.string().optional(),
  listedUid: z.string().optional(),
  listedVersion: z.string().optional(),
});

/** How many there are, and the first 50 of them. */
const discrepancies = z.object({ count: z.number(), first: z.array(discrepancy) });

/** The store compared with a list of the newest state, by uid and version. */
export const verified = z.object({
  at: instant,
  tookMs: z.number(),
  /** Of the list that the store was compared with. */
  resourceVersion: z.string(),
  compared: z.number(),
  /** On the server, not in the store. */
  missing: discrepancies,
  /** In the store, not on the server. */
  extra: discrepancies,
  /** In both, with another version or uid. */
  older: discrepancies,
  /** Changed in the store meanwhile, and not judged. */
  moved: z.number(),
});
export type Verified = z.infer<typeof verified>;

export const verification = z.discriminatedUnion("phase", [
  z.object({ phase: z.literal("running"), since: instant }),
  z.object({ phase: z.literal("done"), result: verified }),
  z.object({ phase: z.literal("failed"), at: instant, problem }),
]);

/** One informer in full: the pipeline and its registrations. */
export const informer = z.object({
  asOf: instant,
  row: informerRow,
  startedAt: instant,
  reflector: z.object({
    resourceVersion: z.string(),
    lastEventAt: instant.optional(),
    lastBookmarkAt: instant.optional(),
    /** The newest 20, oldest first; the first ever has the cause `initial`. */
    lists: z.array(listRecord),
    /** All but the first. */
    relistsTotal: z.number(),
  }),
  /** Everything received since the start; the rates are per second, over the last 5 s. */
  rates: z.object({ received: z.number(), stored: z.number(), delivered: z.number() }),
  /** First in, first out, nothing is merged. `oldestMs`: how long its head has waited. */
  queue: z.object({ depth: z.number(), oldestMs: z.number(), peak: z.number(), batches: z.number() }),
  store: z.object({
    objects: z.number(),
    resourceVersion: z.string(),
    /** Index name to number of index values. */
    indexes: z.record(z.string(), z.number()),
  }),
  processor: z.object({
    pending: z.number(),
    /** Buffers in which something waits. */
    buffers: z.number(),
    /** A registration for which more waits, besides one copy of the store, is stopped. */
    bufferLimit: z.number(),
    slowest: z.object({ id: z.number(), pending: z.number() }).optional(),
  }),
  /** The last one that was asked for, while its informer runs. */
  verification: verification.optional(),
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
  /** Lines ever written; the handler keeps the newest 2,000. */
  total: z.number(),
  perSecond: z.number(),
  lines: z.record(z.string(), tailLine),
});
export type Tail = z.infer<typeof tail>;
