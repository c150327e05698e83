"use client";
import { QueryClient, QueryClientProvider, hashKey } from "@tanstack/react-query";
import { useEffect, useState, type ReactNode } from "react";
import { Connection } from "./connection.ts";
import { Feed } from "./feed.ts";
import { LiveContext, type Live } from "./live-context.ts";
import { Picture } from "./picture.ts";
import { RequestFailedError } from "./rest.ts";
import { ServerTime } from "./server-time.ts";
import { topicKey, type TopicState } from "./topic.ts";

/** A tab in the background has no frames: there the picture is brought up to date once a second. */
const hiddenFrameMs = 1_000;

function nextFrame(callback: () => void): void {
  const calledOff = { frame: 0, timer: 0 };
  const run = (): void => {
    cancelAnimationFrame(calledOff.frame);
    clearTimeout(calledOff.timer);
    callback();
  };
  calledOff.frame = requestAnimationFrame(run);
  calledOff.timer = window.setTimeout(run, hiddenFrameMs);
}

function later(callback: () => void, ms: number): () => void {
  const timer = setTimeout(callback, ms);
  return () => clearTimeout(timer);
}

function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: Number.POSITIVE_INFINITY,
        gcTime: 60_000,
        refetchOnWindowFocus: false,
        retry: (failures, error) => failures < 3 && error instanceof RequestFailedError && error.code === "unreachable",
      },
    },
  });
}

function createLive(queryClient: QueryClient): Live {
  const time = new ServerTime({
    now: () => Date.now(),
    setTimeout: (callback, ms) => window.setTimeout(callback, ms),
    clearTimeout: (timer) => window.clearTimeout(timer as number | undefined),
  });
  const keys = new Map<string, readonly unknown[]>();
  const picture = new Picture<TopicState>({
    now: () => time.now(),
    show: (hash, state) => {
      const key = keys.get(hash);
      if (key !== undefined) queryClient.setQueryData(key, state);
    },
  });
  const feed = new Feed({
    nextFrame,
    later,
    onState: (ref, state, updates) => {
      const key = topicKey(ref);
      const hash = hashKey(key);
      keys.set(hash, key);
      picture.put(hash, state, updates);
    },
    onDropped: (ref) => {
      const hash = hashKey(topicKey(ref));
      keys.delete(hash);
      picture.drop(hash);
    },
  });
  return { time, picture, feed, connection: new Connection({ feed, now: () => time.now() }) };
}

/** The one place that knows the socket. Views below read topics from the query cache. */
export function LiveProvider({ children }: { readonly children: ReactNode }) {
  const [queryClient] = useState(createQueryClient);
  const [live] = useState(() => createLive(queryClient));
  useEffect(() => live.connection.open(), [live]);
  return (
    <QueryClientProvider client={queryClient}>
      <LiveContext value={live}>{children}</LiveContext>
    </QueryClientProvider>
  );
}
