import { createRoute, z } from "@hono/zod-openapi";
import {
  acknowledged,
  addHandlerRequest,
  addHandlerResponse,
  attachRequest,
  attachResponse,
  clusterList,
  diagnosisReport,
  failure,
  faultRequest,
  faultResponse,
  lineObjectResponse,
  maxQueryLength,
  previewRequest,
  previewResponse,
  relistResponse,
  releaseResponse,
  removeHandlerResponse,
  replayRequest,
  replayResponse,
  resourceList,
  scenarioRequest,
  schedulerRequest,
  schedulerStep,
  schedulerStepResponse,
  topics,
  yamlResponse,
  undoResponse,
  verifyResponse,
} from "#lib/protocol/index.ts";

const clusterId = z.string().min(1).max(128).describe("Slug of the context, from the list of clusters");
const informerKey = z.string().min(1).max(512).describe("`v1/pods`, with the slash encoded as %2F");
const inCluster = z.object({ id: clusterId });
const ofInformer = z.object({ id: clusterId, key: informerKey });
const ofHandle = z.object({ id: clusterId, handle: z.coerce.number().int().positive() });
const ofLine = ofHandle.extend({ seq: z.coerce.number().int().positive() });
const ofFault = z.object({ id: clusterId, fault: z.string().min(1).max(64) });
const ofOwner = z.object({ id: clusterId, owner: z.string().min(1).max(64) });

const laneWindow = z.object({
  offset: z.coerce.number().int().min(0).max(10_000_000).default(0).describe("First row of each lane"),
  limit: z.coerce.number().int().min(1).max(200).default(50).describe("Rows of each lane"),
});

const objectName = z.string().min(1).max(253);
const ofPod = z.object({ id: clusterId, namespace: objectName, name: objectName });

const list = z
  .string()
  .max(2048)
  .optional()
  .transform((text) => text?.split(",").filter((value) => value !== ""));

const queryText = z.string().max(maxQueryLength).optional().describe("`verdict:no-fit ns:team-* age>5m indexer`");

const podsQuery = z.object({
  q: queryText,
  verdict: list.describe("Codes, separated by commas"),
  queue: list,
  plugin: list,
  ns: list,
  pc: list.describe("Priority classes"),
  node: list,
  sort: z.enum(["severity", "age", "name", "priority", "attempts", "queue"]).optional(),
  fold: z.stringbool().optional().describe("One row for the pods of a workload and verdict"),
  offset: z.coerce.number().int().min(0).max(10_000_000).default(0),
  limit: z.coerce.number().int().min(1).max(200).default(100),
});

const transitionsQuery = z.object({
  uid: z.string().min(1).max(64).optional().describe("Of this pod only"),
  before: z.coerce.number().int().positive().optional().describe("Older than the transition with this `seq`"),
  limit: z.coerce.number().int().min(1).max(200).default(100).describe("How many of the newest"),
});

/** Both halves of the Queue page: the lanes, and the list of concurrent events. */
const queueAnswer = z.object({ lanes: topics.lanes.value, events: topics.events.value });

function json<S extends z.ZodType>(schema: S) {
  return { content: { "application/json": { schema } } };
}

function answers<S extends z.ZodType>(schema: S, description: string) {
  return { 200: { description, ...json(schema) }, default: { description: "It failed", ...json(failure) } } as const;
}

function body<S extends z.ZodType>(schema: S) {
  return { ...json(schema), required: true } as const;
}

/** Everything under `/api/clusters`, as it stands in the OpenAPI document. */
export const routes = {
  listClusters: createRoute({
    method: "get",
    path: "/clusters",
    summary: "Clusters that are attached, and contexts that could be",
    responses: answers(clusterList, "What there is"),
  }),
  attach: createRoute({
    method: "post",
    path: "/clusters",
    summary: "Attach a context of the kubeconfig, or the demo",
    request: { body: body(attachRequest) },
    responses: answers(attachResponse, "It is being attached, or was already"),
  }),
  play: createRoute({
    method: "post",
    path: "/clusters/{id}/scenario",
    summary: "Play another scenario on the embedded cluster: what stands is cleared away, and the other begins",
    request: { params: inCluster, body: body(scenarioRequest) },
    responses: answers(attachResponse, "Its stage stands"),
  }),
  detach: createRoute({
    method: "delete",
    path: "/clusters/{id}",
    summary: "Detach a cluster and free all that it took",
    request: { params: inCluster },
    responses: answers(acknowledged, "It is detached"),
  }),
  listResources: createRoute({
    method: "get",
    path: "/clusters/{id}/resources",
    summary: "What an informer can be started for",
    request: { params: inCluster },
    responses: answers(resourceList, "By discovery"),
  }),
  listInformers: createRoute({
    method: "get",
    path: "/clusters/{id}/informers",
    summary: "The informers of this server on that cluster",
    request: { params: inCluster },
    responses: answers(topics.informers.value, "As of now"),
  }),
  getInformer: createRoute({
    method: "get",
    path: "/clusters/{id}/informers/{key}",
    summary: "One informer: its pipeline and its registrations",
    request: { params: ofInformer },
    responses: answers(topics.informer.value, "As of now"),
  }),
  addHandler: createRoute({
    method: "post",
    path: "/clusters/{id}/informers/{key}/handlers",
    summary: "Register a handler, starting the informer if it is the first",
    request: { params: ofInformer, body: body(addHandlerRequest) },
    responses: answers(addHandlerResponse, "Registered: one handle for each registration"),
  }),
  previewHandler: createRoute({
    method: "post",
    path: "/clusters/{id}/informers/{key}/handlers/preview",
    summary: "What adding a handler would do; changes nothing",
    request: { params: ofInformer, body: body(previewRequest) },
    responses: answers(previewResponse, "What would happen, and what is wrong with the form"),
  }),
  lineObject: createRoute({
    method: "get",
    path: "/clusters/{id}/handlers/{handle}/lines/{seq}",
    summary: "The object of a line of a tail, as it was kept then",
    request: { params: ofLine },
    responses: answers(lineObjectResponse, "The object"),
  }),
  releaseOwner: createRoute({
    method: "post",
    path: "/clusters/{id}/owners/{owner}/release",
    summary: "An owner says that it is done: what it still has is leaked, and stays",
    request: { params: ofOwner },
    responses: answers(releaseResponse, "How many it leaves"),
  }),
  removeHandler: createRoute({
    method: "delete",
    path: "/clusters/{id}/handlers/{handle}",
    summary: "Remove exactly this registration",
    request: { params: ofHandle },
    responses: answers(removeHandlerResponse, "It is gone, and how to add it again"),
  }),
  relist: createRoute({
    method: "post",
    path: "/clusters/{id}/informers/{key}/relist",
    summary: "Ask the API server for the whole list again",
    request: { params: ofInformer },
    responses: answers(relistResponse, "It was asked for, or is being listed already"),
  }),
  replay: createRoute({
    method: "post",
    path: "/clusters/{id}/informers/{key}/replay",
    summary: "Deliver what the cache holds again, to one handler or to all",
    request: { params: ofInformer, body: json(replayRequest) },
    responses: answers(replayResponse, "How much is delivered to how many"),
  }),
  verify: createRoute({
    method: "post",
    path: "/clusters/{id}/informers/{key}/verify",
    summary: "Compare the cache with a list of the newest state",
    request: { params: ofInformer },
    responses: answers(verifyResponse, "What is missing, what should not be there, what is older"),
  }),
  getQueue: createRoute({
    method: "get",
    path: "/clusters/{id}/queue",
    summary: "The scheduling queue: lanes, pods in flight and concurrent events",
    request: { params: inCluster, query: laneWindow.extend({ q: queryText }) },
    responses: answers(queueAnswer, "As of now"),
  }),
  getScheduler: createRoute({
    method: "get",
    path: "/clusters/{id}/scheduler",
    summary: "Who schedules the cluster: version, configuration, and its metrics beside our queue",
    request: { params: inCluster },
    responses: answers(topics.scheduler.value, "As of now"),
  }),
  getHistory: createRoute({
    method: "get",
    path: "/clusters/{id}/queue/history",
    summary: "The queue's counters over time",
    request: { params: inCluster, query: topics.history.view },
    responses: answers(topics.history.value, "As of now"),
  }),
  getTransitions: createRoute({
    method: "get",
    path: "/clusters/{id}/queue/transitions",
    summary: "What pods did in the queue, one of them or all, each time with its cause",
    request: { params: inCluster, query: transitionsQuery },
    responses: answers(topics.transitions.value, "As of now"),
  }),
  listPods: createRoute({
    method: "get",
    path: "/clusters/{id}/pods",
    summary: "Pods that wait, each with its verdict, filtered, sorted, folded and counted",
    request: { params: inCluster, query: podsQuery },
    responses: answers(topics.pods.value, "As of now"),
  }),
  getAttention: createRoute({
    method: "get",
    path: "/clusters/{id}/attention",
    summary: "What is stuck and why, by verdict and workload",
    request: { params: inCluster },
    responses: answers(topics.attention.value, "As of now"),
  }),
  getDiagnosis: createRoute({
    method: "get",
    path: "/clusters/{id}/pods/{namespace}/{name}/diagnosis",
    summary: "Why one pod waits: verdict, evidence, nodes, near misses and a report, redacted",
    request: { params: ofPod, query: z.object({ uid: z.string().min(1).max(64).optional() }) },
    responses: answers(diagnosisReport, "As of now"),
  }),
  getPodYaml: createRoute({
    method: "get",
    path: "/clusters/{id}/pods/{namespace}/{name}/yaml",
    summary: "The pod as the API server has it, redacted",
    request: { params: ofPod },
    responses: answers(yamlResponse, "As of now"),
  }),
  setScheduler: createRoute({
    method: "patch",
    path: "/clusters/{id}/scheduler",
    summary: "Pause the loop of an embedded cluster, or set its binding time",
    request: { params: inCluster, body: body(schedulerRequest) },
    responses: answers(acknowledged, "It is set"),
  }),
  step: createRoute({
    method: "post",
    path: "/clusters/{id}/scheduler/steps",
    summary: "One step of a paused embedded cluster: pop, finish an attempt, inject an event",
    request: { params: inCluster, body: body(schedulerStep) },
    responses: answers(schedulerStepResponse, "It was done"),
  }),
  listFaults: createRoute({
    method: "get",
    path: "/clusters/{id}/faults",
    summary: "What goes wrong on purpose in an embedded cluster, and what it has hit",
    request: { params: inCluster },
    responses: answers(topics.faults.value, "As of now"),
  }),
  addFault: createRoute({
    method: "post",
    path: "/clusters/{id}/faults",
    summary: "Make an embedded cluster fail: break, refuse, delay or spoil lists and watches",
    request: { params: inCluster, body: body(faultRequest) },
    responses: answers(faultResponse, "It is on"),
  }),
  removeFault: createRoute({
    method: "delete",
    path: "/clusters/{id}/faults/{fault}",
    summary: "Switch one fault off",
    request: { params: ofFault },
    responses: answers(acknowledged, "It is off"),
  }),
  clearFaults: createRoute({
    method: "delete",
    path: "/clusters/{id}/faults",
    summary: "Switch every fault off",
    request: { params: inCluster },
    responses: answers(acknowledged, "All are off"),
  }),
  undo: createRoute({
    method: "post",
    path: "/clusters/{id}/scheduler/undo",
    summary: "Take the last step back: cluster and queue as before it, at a new resourceVersion",
    request: { params: inCluster },
    responses: answers(undoResponse, "It was taken back, and every watch ended with 410"),
  }),
  redo: createRoute({
    method: "post",
    path: "/clusters/{id}/scheduler/redo",
    summary: "Do again what was taken back last: cluster and queue as they were then",
    request: { params: inCluster },
    responses: answers(undoResponse, "It was done again, and every watch ended with 410"),
  }),
} as const;
