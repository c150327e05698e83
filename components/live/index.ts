export type { ConnectionState } from "./connection.model.ts";
export { LiveProvider } from "./live-provider.tsx";
export {
  resourcesOf,
  useAddHandler,
  useAttach,
  useClusterList,
  useInformerAction,
  useRemoveHandler,
  useScheduler,
  useSchedulerStep,
} from "./queries.ts";
export { RequestFailedError } from "./rest.ts";
export {
  useClock,
  useConnection,
  useNow,
  useOfflineReason,
  useOnConnectionChange,
  usePause,
} from "./use-live-state.ts";
export { useTopic, type Watched } from "./use-topic.ts";
