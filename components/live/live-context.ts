"use client";
import { createContext, useContext } from "react";
import type { Connection } from "./connection.ts";
import type { Feed } from "./feed.ts";
import type { Picture } from "./picture.ts";
import type { ServerTime } from "./server-time.ts";
import type { TopicState } from "./topic.ts";

/** The parts of the live side. No payload passes through the context: that is in the query cache. */
export interface Live {
  readonly connection: Connection;
  readonly feed: Feed;
  readonly picture: Picture<TopicState>;
  readonly time: ServerTime;
}

export const LiveContext = createContext<Live | undefined>(undefined);

export function useLive(): Live {
  const live = useContext(LiveContext);
  if (live === undefined) throw new Error("no LiveProvider above: the root layout has one");
  return live;
}
