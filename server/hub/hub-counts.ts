/** What the hub has done since it started, and what it holds now. */
export interface HubCounts {
  readonly connections: number;
  readonly subscriptions: number;
  /** Rooms: views that are open in a cluster. */
  readonly views: number;
  readonly messages: Readonly<Record<MessageKind, number>>;
  /** Not sent, because their socket was behind and a snapshot will take their place. */
  readonly coalesced: number;
  /** Of sockets, refused for what or how many they were. */
  readonly dropped: number;
}

export type MessageKind = "snapshot" | "delta" | "closed";

/** Kept by the connections of one hub. */
export class HubTally {
  readonly messages: Record<MessageKind, number> = { snapshot: 0, delta: 0, closed: 0 };
  connections = 0;
  subscriptions = 0;
  coalesced = 0;
  dropped = 0;
}
