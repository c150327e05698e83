"use client";
import { keepPreviousData, queryOptions, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import {
  acknowledged,
  addHandlerResponse,
  attachResponse,
  clusterList,
  diagnosisReport,
  faultResponse,
  lineObjectResponse,
  previewResponse,
  relistResponse,
  removeHandlerResponse,
  replayResponse,
  resourceList,
  schedulerStepResponse,
  undoResponse,
  yamlResponse,
  verifyResponse,
  type AddHandlerRequest,
  type AttachRequest,
  type FaultRequest,
  type PreviewRequest,
  type SchedulerRequest,
  type SchedulerStep,
} from "#lib/protocol/index.ts";
import { useLive } from "./live-context.ts";
import { RequestFailedError, apiPath, request } from "./rest.ts";

/** What can be asked for over REST. Live topics have their keys in `topic.ts`. */
const keys = {
  clusters: ["clusters"],
  resources: (cluster: string) => ["resources", cluster],
  preview: (cluster: string, informer: string, body: PreviewRequest) => ["preview", cluster, informer, body],
  line: (cluster: string, handle: number, seq: number) => ["line", cluster, handle, seq],
} as const;

/** Clusters attached and contexts that could be. Every answer also tells the server's time. */
export function useClusterList({ refetchMs }: { readonly refetchMs?: number } = {}) {
  const { time } = useLive();
  return useQuery({
    queryKey: keys.clusters,
    queryFn: async ({ signal }) => {
      const askedAt = Date.now();
      const list = await request(apiPath("clusters"), clusterList, { signal });
      time.learn(list.server.now, askedAt, Date.now());
      return list;
    },
    ...(refetchMs === undefined ? {} : { refetchInterval: refetchMs }),
  });
}

/** What an informer can be started for, by discovery. */
export function resourcesOf(cluster: string) {
  return queryOptions({
    queryKey: keys.resources(cluster),
    queryFn: ({ signal }) => request(apiPath("clusters", cluster, "resources"), resourceList, { signal }),
    staleTime: 60_000,
  });
}

/** How long a preview is taken for true: its counts move with the cluster. */
const previewMs = 5_000;

/** What adding a handler would do. The one before stays until the next is there, so that the dialog does not flicker. */
export function previewOf(cluster: string, informer: string, body: PreviewRequest) {
  return queryOptions({
    queryKey: keys.preview(cluster, informer, body),
    queryFn: ({ signal }) =>
      request(apiPath("clusters", cluster, "informers", informer, "handlers", "preview"), previewResponse, {
        method: "POST",
        body,
        signal,
      }),
    placeholderData: keepPreviousData,
    staleTime: previewMs,
    refetchInterval: previewMs,
    gcTime: 0,
  });
}

/** The object of one line of a tail, as it was then. */
export function lineObjectOf(cluster: string, handle: number, seq: number) {
  return queryOptions({
    queryKey: keys.line(cluster, handle, seq),
    queryFn: ({ signal }) =>
      request(apiPath("clusters", cluster, "handlers", handle, "lines", seq), lineObjectResponse, { signal }),
  });
}

/** The whole diagnosis of a pod, as a page of Markdown for a ticket. Made anew each time. */
export function reportOf(cluster: string, namespace: string, name: string) {
  return request(apiPath("clusters", cluster, "pods", namespace, name, "diagnosis"), diagnosisReport);
}

/** The object as the API server has it now, redacted. */
export function yamlOf(cluster: string, namespace: string, name: string) {
  return queryOptions({
    queryKey: ["yaml", cluster, namespace, name],
    queryFn: ({ signal }) =>
      request(apiPath("clusters", cluster, "pods", namespace, name, "yaml"), yamlResponse, { signal }),
    staleTime: 0,
    gcTime: 0,
  });
}

/** A command is pending until the server says so. What it changed arrives over the socket, so nothing is written here. */
export function useAttach() {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (body: AttachRequest) => request(apiPath("clusters"), attachResponse, { method: "POST", body }),
    onSettled: () => queryClient.invalidateQueries({ queryKey: keys.clusters }),
  });
}

/** Nothing of the cluster is watched any more. One that is not there is let be. */
export function useDetach() {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (cluster: string) =>
      request(apiPath("clusters", cluster), acknowledged, { method: "DELETE" }).catch((error: unknown) => {
        if (!(error instanceof RequestFailedError && error.status === 404)) throw error;
      }),
    onSettled: () => queryClient.invalidateQueries({ queryKey: keys.clusters }),
  });
}

export function useAddHandler(cluster: string) {
  return useMutation({
    mutationFn: ({ informer, request: body }: { readonly informer: string; readonly request: AddHandlerRequest }) =>
      request(apiPath("clusters", cluster, "informers", informer, "handlers"), addHandlerResponse, {
        method: "POST",
        body,
      }),
  });
}

export function useRemoveHandler(cluster: string) {
  return useMutation({
    mutationFn: (handle: number) =>
      request(apiPath("clusters", cluster, "handlers", handle), removeHandlerResponse, { method: "DELETE" }),
  });
}

/** Asks the server for everything again. */
export function useRelist(cluster: string) {
  return useMutation({
    mutationFn: (informer: string) =>
      request(apiPath("clusters", cluster, "informers", informer, "relist"), relistResponse, { method: "POST" }),
  });
}

/** Delivers the cache again, to one registration or to all. The server is not asked. */
export function useReplay(cluster: string) {
  return useMutation({
    mutationFn: ({ informer, registration }: { readonly informer: string; readonly registration?: number }) =>
      request(apiPath("clusters", cluster, "informers", informer, "replay"), replayResponse, {
        method: "POST",
        body: registration === undefined ? {} : { registration },
      }),
  });
}

/** Compares the store with a list of the newest state. */
export function useVerify(cluster: string) {
  return useMutation({
    mutationFn: (informer: string) =>
      request(apiPath("clusters", cluster, "informers", informer, "verify"), verifyResponse, { method: "POST" }),
  });
}

/** Embedded clusters only. */
export function useScheduler(cluster: string) {
  return useMutation({
    mutationFn: (body: SchedulerRequest) =>
      request(apiPath("clusters", cluster, "scheduler"), acknowledged, { method: "PATCH", body }),
  });
}

/** Takes the last step back, or does it again. Embedded and paused clusters only. */
export function useSchedulerUndo(cluster: string) {
  return useMutation({
    mutationFn: (way: "undo" | "redo") =>
      request(apiPath("clusters", cluster, "scheduler", way), undoResponse, { method: "POST" }),
  });
}

/** Embedded clusters only. */
export function useSchedulerStep(cluster: string) {
  return useMutation({
    mutationFn: (body: SchedulerStep) =>
      request(apiPath("clusters", cluster, "scheduler", "steps"), schedulerStepResponse, { method: "POST", body }),
  });
}

/** Embedded clusters only, as the two that follow. What is on arrives over the socket. */
export function useAddFault(cluster: string) {
  return useMutation({
    mutationFn: (body: FaultRequest) =>
      request(apiPath("clusters", cluster, "faults"), faultResponse, { method: "POST", body }),
  });
}

/** One that has ended meanwhile is let be. */
export function useRemoveFaults(cluster: string) {
  return useMutation({
    mutationFn: (ids: readonly string[]) => Promise.all(ids.map((id) => removeFault(cluster, id))),
  });
}

export function useClearFaults(cluster: string) {
  return useMutation({
    mutationFn: () => request(apiPath("clusters", cluster, "faults"), acknowledged, { method: "DELETE" }),
  });
}

async function removeFault(cluster: string, id: string): Promise<void> {
  try {
    await request(apiPath("clusters", cluster, "faults", id), acknowledged, { method: "DELETE" });
  } catch (error) {
    if (!(error instanceof RequestFailedError && error.status === 404)) throw error;
  }
}
