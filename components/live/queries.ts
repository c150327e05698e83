"use client";
import { queryOptions, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import {
  acknowledged,
  addHandlerResponse,
  attachResponse,
  clusterList,
  removeHandlerResponse,
  resourceList,
  schedulerStepResponse,
  type AddHandlerRequest,
  type AttachRequest,
  type SchedulerRequest,
  type SchedulerStep,
} from "#lib/protocol/index.ts";
import { useLive } from "./live-context.ts";
import { apiPath, request } from "./rest.ts";

/** What can be asked for over REST. Live topics have their keys in `topic.ts`. */
const keys = {
  clusters: ["clusters"],
  resources: (cluster: string) => ["resources", cluster],
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

/** A command is pending until the server says so. What it changed arrives over the socket, so nothing is written here. */
export function useAttach() {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (body: AttachRequest) => request(apiPath("clusters"), attachResponse, { method: "POST", body }),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: keys.clusters }),
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

/** `relist` asks the server for everything again, `replay` delivers the cache again. */
export function useInformerAction(cluster: string, action: "relist" | "replay") {
  return useMutation({
    mutationFn: (informer: string) =>
      request(apiPath("clusters", cluster, "informers", informer, action), acknowledged, { method: "POST" }),
  });
}

/** Embedded clusters only. */
export function useScheduler(cluster: string) {
  return useMutation({
    mutationFn: (body: SchedulerRequest) =>
      request(apiPath("clusters", cluster, "scheduler"), acknowledged, { method: "PATCH", body }),
  });
}

/** Embedded clusters only. */
export function useSchedulerStep(cluster: string) {
  return useMutation({
    mutationFn: (body: SchedulerStep) =>
      request(apiPath("clusters", cluster, "scheduler", "steps"), schedulerStepResponse, { method: "POST", body }),
  });
}
