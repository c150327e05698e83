export {
  RefusedError,
  type ClusterHandle,
  type ClusterRegistry,
  type HandlerToAdd,
  type RefusalStatus,
  type ViewListener,
  type ViewMessage,
} from "./clusters.ts";
export { Hub, type HubOptions } from "./hub.ts";
export type { Rooms } from "./rooms.ts";
