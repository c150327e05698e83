import { z } from "zod";
import { instant } from "./cluster.ts";

/** What an embedded cluster can be made to do to those who list and watch it. */
export const faultKind = z.enum([
  /** Connections break: open watches at once, and every request without an answer. */
  "drop",
  /** Nobody listens: every connection breaks, and no new one is taken. */
  "refuse",
  /** 410: what a client knows is too old, in watches every five seconds, and in every request that names a version. */
  "gone",
  /** 429 with Retry-After; open watches end. */
  "throttle",
  /** Answers, and the events of open watches, come late. */
  "slow",
  /** History is forgotten and watches break, every five seconds: whoever comes back is too late. */
  "compact",
  /** A line, or a body, that is no JSON. */
  "garbage",
  /** A stream that ends in the middle of a line, a body that breaks off in its middle. */
  "half",
  /** 500; open watches end with it. */
  "error",
  /** 401, as for a token that has expired; open watches end. */
  "unauthorized",
]);
export type FaultKind = z.infer<typeof faultKind>;

export const faultVerb = z.enum(["list", "watch"]);
export type FaultVerb = z.infer<typeof faultVerb>;

/**
 * POST /api/clusters/{id}/faults, embedded only, and the same at the embedded cluster itself, with its token. Without a
 * limit it is on until it is switched off. `refuse` and `compact` are about connections and history: they know no verbs,
 * and `refuse` no resource.
 */
export const faultRequest = z.strictObject({
  kind: faultKind,
  /** `v1/pods`, `apps/v1/deployments`; absent: all. */
  resource: z.string().min(1).max(512).optional(),
  /** Absent: both. */
  verbs: z.array(faultVerb).min(1).max(2).optional(),
  /** It ends after this time, */
  durationMs: z.number().int().min(1).max(3_600_000).optional(),
  /** or once it has struck so often. */
  count: z.number().int().min(1).max(100_000).optional(),
  /** Of `throttle`; default 1. */
  retryAfterSeconds: z.number().int().min(0).max(3600).optional(),
  /** Of `slow`; default 2,000. */
  delayMs: z.number().int().min(1).max(60_000).optional(),
});
export type FaultRequest = z.infer<typeof faultRequest>;

export const fault = z.object({
  id: z.string(),
  kind: faultKind,
  resource: z.string().optional(),
  verbs: z.array(faultVerb),
  since: instant,
  /** When it ends by itself. */
  until: instant.optional(),
  /** How often it still strikes before it ends. */
  left: z.number().optional(),
  retryAfterSeconds: z.number().optional(),
  delayMs: z.number().optional(),
  /** Requests for lists, and watches: requests for them, or open ones. Of `refuse`: the connections that it broke. */
  hits: z.object({ lists: z.number(), watches: z.number() }),
  lastHitAt: instant.optional(),
  /** It was switched off, or has ended. */
  endedAt: instant.optional(),
});
export type Fault = z.infer<typeof fault>;

/** By id. `ended`: the newest twenty. */
export const faults = z.object({ asOf: instant, on: z.record(z.string(), fault), ended: z.record(z.string(), fault) });
export type Faults = z.infer<typeof faults>;

export const faultResponse = z.object({ ok: z.literal(true), fault });
export type FaultResponse = z.infer<typeof faultResponse>;
