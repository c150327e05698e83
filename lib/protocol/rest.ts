import { z } from "zod";
import { cluster, kubeContext, problem } from "./cluster.ts";
import { handlerFilter, handlerKind } from "./informers.ts";

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
  z.strictObject({ demo: z.literal(true) }),
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

/** POST /api/clusters/{id}/informers/{key}/handlers */
export const addHandlerRequest = z.strictObject({
  kind: handlerKind.exclude(["builtIn"]),
  owner: z.string().trim().min(1).max(64),
  filter: handlerFilter.strict().default({}),
  /** Resync period, 0 or absent: none. */
  resyncMs: durationMs.optional(),
  /** How long a `slow` handler takes for each notification. */
  delayMs: durationMs.optional(),
  /** Register one and the same handler value this many times. */
  times: z.number().int().min(1).max(20).default(1),
});
export type AddHandlerRequest = z.input<typeof addHandlerRequest>;
export const addHandlerResponse = z.object({
  ok: z.literal(true),
  informer: z.string(),
  registrations: z.array(z.number()),
  /** Objects in the store now: each registration gets that many synthetic adds, less what its filter drops. */
  syntheticAdds: z.number(),
});
export type AddHandlerResponse = z.infer<typeof addHandlerResponse>;

/** DELETE /api/clusters/{id}/handlers/{handle}: idempotent, `removed` says whether it was still there. */
export const removeHandlerResponse = z.object({
  ok: z.literal(true),
  removed: z.boolean(),
  /** What adding it again takes: the undo. */
  undo: z.object({ informer: z.string(), request: addHandlerRequest }).optional(),
});
export type RemoveHandlerResponse = z.infer<typeof removeHandlerResponse>;

/** POST /api/clusters/{id}/informers/{key}/{relist,replay} */
export const acknowledged = z.object({ ok: z.literal(true) });

/** PATCH /api/clusters/{id}/scheduler, embedded only. */
export const schedulerRequest = z.strictObject({
  isPaused: z.boolean().optional(),
  bindingMs: durationMs.optional(),
});
export type SchedulerRequest = z.infer<typeof schedulerRequest>;

const podUid = z.string().min(1).max(64);
const finish = z.literal("finish");

/** POST /api/clusters/{id}/scheduler/steps, embedded only. */
export const schedulerStep = z.discriminatedUnion("step", [
  z.strictObject({ step: z.literal("pop") }),
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
