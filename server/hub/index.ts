export {
  RefusedError,
  type ClusterHandle,
  type ClusterRegistry,
  type HandlerToAdd,
  type RefusalStatus,
  type ViewListener,
  type ViewMessage,
} from "./clusters.ts";
