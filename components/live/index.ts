export type { ConnectionState } from "./connection.model.ts";
export { Elapsed, useNowFor } from "./elapsed.tsx";
export { LiveProvider } from "./live-provider.tsx";
export {
  lineObjectOf,
  previewOf,
  reportOf,
  resourcesOf,
  useAddFault,
  useAddHandler,
  useAttach,
  useClearFaults,
  useClusterList,
  useDetach,
  useRelist,
  useRemoveFaults,
  useRemoveHandler,
  useReplay,
  useScheduler,
  useSchedulerStep,
  useSchedulerUndo,
  useVerify,
  yamlOf,
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
