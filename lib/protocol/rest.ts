import { z } from "zod";
import { cluster, kubeContext, problem } from "./cluster.ts";
import { handlerKind, verified, type HandlerFilter } from "./informers.ts";
import { scenarioName } from "./scenarios.ts";
import { schedulerFault } from "./scheduler-faults.ts";

/** Every failed request. `code` is a stable word, `message` says what was expected and what to do. */
export const failure = z.object({ ok: z.literal(false), code: z.string(), message: z.string() });
export type Failure = z.infer<typeof failure>;

export const serverInfo = z.object({
  version: z.string(),
  isReadOnly: z.boolean(),
  /** The server's clock in ms, so that a page can show ages by it. */
  now: z.number(),
});
export type ServerInfo = z.infer<typeof serverInfo>;

/** GET /api/clusters */
export const clusterList = z.object({
  server: serverInfo,
  clusters: z.array(cluster),
  /** Contexts of the kubeconfig that the command line or the environment names. */
  contexts: z.array(kubeContext),
  /** Set when there is no usable kubeconfig: which paths were tried. */
  kubeconfigProblem: problem.optional(),
});
export type ClusterList = z.infer<typeof clusterList>;

/** POST /api/clusters */
export const attachRequest = z.union([
  z.strictObject({ context: z.string().min(1).max(256), approveExec: z.string().max(128).optional() }),
  /** The embedded cluster. One that runs already goes on with what it plays, unless another scenario is named. */
  z.strictObject({ demo: z.literal(true), scenario: scenarioName.optional() }),
]);
export type AttachRequest = z.infer<typeof attachRequest>;
export const attachResponse = z.object({ ok: z.literal(true), cluster });

/** GET /api/clusters/{id}/resources: what an informer can be started for. */
export const apiResource = z.object({
  /** `apps/v1/deployments` */
  key: z.string(),
  groupVersion: z.string(),
  resource: z.string(),
  kind: z.string(),
  isNamespaced: z.boolean(),
});
export type ApiResource = z.infer<typeof apiResource>;
export const resourceList = z.object({ resources: z.array(apiResource) });

const durationMs = z.number().int().min(0).max(86_400_000);

/** As text comes from a form: bounded, and empty text asks for nothing. */
const filterToAdd = z.strictObject({
  namespace: z.string().max(253).optional(),
  labelSelector: z.string().max(1024).optional(),
  fieldSelector: z.string().max(1024).optional(),
  cel: z.string().max(2048).optional(),
}) satisfies z.ZodType<HandlerFilter>;

/** Register one and the same handler value this many times. */
const times = z.number().int().min(1).max(20).default(1);

/** POST /api/clusters/{id}/informers/{key}/handlers: at most 200 at once per cluster, else 429 `too-many-handlers`. */
export const addHandlerRequest = z.strictObject({
  kind: handlerKind.exclude(["builtIn"]),
  owner: z.string().trim().min(1).max(64),
  filter: filterToAdd.default({}),
  /** Resync period, 0 or absent: none. */
  resyncMs: durationMs.optional(),
  /** How long a `slow` handler takes for each notification. */
  delayMs: durationMs.optional(),
  times,
});
export type AddHandlerRequest = z.input<typeof addHandlerRequest>;
export const addHandlerResponse = z.object({
  ok: z.literal(true),
  /** Key of the informer that they are registered on: one with `@namespace` where all may not be listed. */
  informer: z.string(),
  registrations: z.array(z.number()),
  /** Objects in the store now: each registration gets that many synthetic adds, less what its filter drops. */
  syntheticAdds: z.number(),
});
export type AddHandlerResponse = z.infer<typeof addHandlerResponse>;

/** POST /api/clusters/{id}/informers/{key}/handlers/preview: what adding it would do. Changes nothing. */
export const previewRequest = z.strictObject({
  filter: filterToAdd.default({}),
  resyncMs: durationMs.optional(),
  times,
});
export type PreviewRequest = z.input<typeof previewRequest>;

/** What is wrong with one field of the form. `line` and `column` count from 1, `length` in characters. */
export const previewProblem = z.object({
  field: z.enum(["resource", "namespace", "labelSelector", "fieldSelector", "cel", "times"]),
  code: z.string(),
  message: z.string(),
  line: z.number().optional(),
  column: z.number().optional(),
  length: z.number().optional(),
});
export type PreviewProblem = z.infer<typeof previewProblem>;

export const previewResponse = z.object({
  ok: z.literal(true),
  /** Key of the informer that it would be registered on. */
  informer: z.string(),
  /** Whether an informer runs that is shared, or one is started, which lists everything once. */
  effect: z.enum(["shares", "starts"]),
  /** Objects in the store; for an informer that is started, about how many the server has, if it said so. */
  objects: z.number().optional(),
  /** How many of them pass the filter. Only of a store: the objects of an informer that is started are not known. */
  matching: z.number().optional(),
  /** How many were looked at: fewer than `objects` when the time for it was up. */
  examined: z.number().optional(),
  /** What each registration gets first: `matching`, or without a filter `objects`. */
  syntheticAdds: z.number().optional(),
  /** As it would be effective: periods below the informer's check of 30 s are raised to it. */
  resyncMs: z.number().optional(),
  /** Handle of the first registration, if nobody else comes first. */
  nextHandle: z.number(),
  /** Of the CEL filter on the objects that were looked at; each counts as no match. Absent: none. */
  filterErrors: z.object({ count: z.number(), last: z.string() }).optional(),
  /** With any of these, adding is refused; `cel-slow`: it would be stopped as soon as it is told something. */
  problems: z.array(previewProblem),
});
export type PreviewResponse = z.infer<typeof previewResponse>;

/** DELETE /api/clusters/{id}/handlers/{handle}: 404 `no-such-handle` for one that is unknown or already removed. */
export const removeHandlerResponse = z.object({
  ok: z.literal(true),
  /** What adding it again takes: the undo. */
  undo: z.object({ informer: z.string(), request: addHandlerRequest }),
});
export type RemoveHandlerResponse = z.infer<typeof removeHandlerResponse>;

/** POST /api/clusters/{id}/informers/{key}/relist */
export const relistResponse = z.object({
  ok: z.literal(true),
  /** False: the server is being asked already. */
  isAsked: z.boolean(),
});
export type RelistResponse = z.infer<typeof relistResponse>;

/** POST /api/clusters/{id}/informers/{key}/replay: the cache again, to one registration or to all. */
export const replayRequest = z.strictObject({ registration: z.number().int().positive().optional() });
export const replayResponse = z.object({ ok: z.literal(true), registrations: z.number(), objects: z.number() });
export type ReplayResponse = z.infer<typeof replayResponse>;

/** POST /api/clusters/{id}/informers/{key}/verify: answers when it is done, after some seconds. 409 while one runs. */
export const verifyResponse = z.object({ ok: z.literal(true), result: verified });
export type VerifyResponse = z.infer<typeof verifyResponse>;

/** POST /api/clusters/{id}/owners/{owner}/release: it is done. What it still has is leaked, and stays. */
export const releaseResponse = z.object({ ok: z.literal(true), leaked: z.number() });
export type ReleaseResponse = z.infer<typeof releaseResponse>;

/** GET /api/clusters/{id}/handlers/{handle}/lines/{seq}: the object of a tail's line, for its newest 200. */
export const lineObjectResponse = z.object({ ok: z.literal(true), object: z.record(z.string(), z.unknown()) });
export type LineObjectResponse = z.infer<typeof lineObjectResponse>;

export const acknowledged = z.object({ ok: z.literal(true) });

/** PATCH /api/clusters/{id}/scheduler, embedded only. */
export const schedulerRequest = z.strictObject({
  isPaused: z.boolean().optional(),
  bindingMs: durationMs.optional(),
  parkedMs: durationMs.optional(),
  /** All that are to be on from now on. */
  faults: z.array(schedulerFault).max(16).optional(),
});
export type SchedulerRequest = z.infer<typeof schedulerRequest>;

/**
 * POST /api/clusters/{id}/scheduler/undo and …/redo, embedded and paused only: the cluster and its queue are as they
 * were before the step, at a new resourceVersion, and every watch has ended with 410. 409 `not-paused`,
 * `nothing-to-undo`, `nothing-to-redo`.
 */
export const undoResponse = z.object({
  ok: z.literal(true),
  /** What was taken back or done again. */
  step: z.string(),
  resourceVersion: z.string(),
});
export type UndoResponse = z.infer<typeof undoResponse>;

const podUid = z.string().min(1).max(64);
const finish = z.literal("finish");

/** POST /api/clusters/{id}/scheduler/steps, embedded only. */
export const schedulerStep = z.discriminatedUnion("step", [
  z.strictObject({ step: z.literal("pop") }),
  /** Keeps a pod in flight where it is, or lets it go on. */
  z.strictObject({ step: z.literal("hold"), uid: podUid }),
  z.strictObject({ step: z.literal("release"), uid: podUid }),
  z.discriminatedUnion("as", [
    z.strictObject({ step: finish, uid: podUid, as: z.literal("schedulable") }),
    z.strictObject({
      step: finish,
      uid: podUid,
      as: z.literal("unschedulable"),
      plugins: z.array(z.string().max(64)).min(1).max(32),
    }),
    z.strictObject({ step: finish, uid: podUid, as: z.literal("error"), message: z.string().max(512) }),
  ]),
  z.strictObject({
    step: z.literal("inject"),
    /** Label of the event: `NodeAdd`, `AssignedPodDelete`. */
    event: z.string().min(1).max(128),
    /** `namespace/name` or `name` of an existing object of that resource. */
    object: z.string().max(512).optional(),
  }),
]);
export type SchedulerStep = z.infer<typeof schedulerStep>;
export const schedulerStepResponse = z.object({
  ok: z.literal(true),
  /** The pod that was popped or finished. */
  pod: z.object({ uid: z.string(), namespace: z.string(), name: z.string() }).optional(),
  /** Where it went. */
  queue: z.string().optional(),
});
export type SchedulerStepResponse = z.infer<typeof schedulerStepResponse>;
