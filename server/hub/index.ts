// A worker takes what it needs from ./clusters.ts: through this door it would load all of socket.io.
export { RefusedError, type ClusterHandle, type ClusterRegistry } from "./clusters.ts";
export type { HubCounts } from "./hub-counts.ts";
export { Hub } from "./hub.ts";
export type { Rooms } from "./rooms.ts";
