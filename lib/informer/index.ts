export {
  ApiStatusError,
  apiStatusError,
  ConnectionError,
  DecodeError,
  describeError,
  type ApiStatus,
  type ConnectionErrorKind,
  type StatusCause,
} from "./api-errors.ts";
export type { ExpectedType } from "./consume-watch.ts";
export type { ChangeFilter, ObjectFilter } from "./deliver.ts";
export type { HandlingTimeBucket, HandlingTimes } from "./handling-times.ts";
export { Identities } from "./identities.ts";
export { IndexerConflictError, UnknownIndexError, type Indexers, type IndexFunction, type Store } from "./indexer.ts";
export { InterruptedError } from "./interruption.ts";
export type { ListCause, ListCauseKind, ListRecord } from "./list-cause.ts";
export { SyncFailedError, type Transform } from "./list-objects.ts";
export {
  listQuery,
  watchQuery,
  type ListerWatcher,
  type ListMeta,
  type ListOptions,
  type ListPart,
  type WatchOptions,
} from "./lister-watcher.ts";
export {
  isDeletedFinalStateUnknown,
  lastState,
  type Deleted,
  type DeletedFinalStateUnknown,
  type EventHandler,
} from "./notification.ts";
export { Owner } from "./owner.ts";
export { Pacer } from "./pacer.ts";
export type { Problem, QueueDepth, Received, ReflectorState, WatchLoss } from "./reflector-state.ts";
export type { LastError, Registration, RegistrationState } from "./registration.ts";
export type { InformerReport, Report } from "./report.ts";
export { retrying } from "./retrying.ts";
export {
  defaultBufferLimit,
  InformerStartedError,
  InformerStoppedError,
  SharedIndexInformer,
  type HandlerOptions,
  type SharedIndexInformerOptions,
} from "./shared-index-informer.ts";
export {
  keyOfTarget,
  SharedInformerFactory,
  type InformerSetup,
  type InformerTarget,
  type SharedInformerFactoryOptions,
} from "./shared-informer-factory.ts";
export { NotARegistrationError } from "./shared-processor.ts";
export type { Discrepancy, Verification } from "./verify-store.ts";
export { decodeWatchEvent, type ObjectEvent, type WatchEvent } from "./watch-event.ts";
