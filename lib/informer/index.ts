export {
  ApiStatusError,
  apiStatusError,
  ConnectionError,
  DecodeError,
  type ApiStatus,
  type ConnectionErrorKind,
  type StatusCause,
} from "./api-errors.ts";
export {
  listQuery,
  watchQuery,
  type ListerWatcher,
  type ListMeta,
  type ListOptions,
  type ListPart,
  type WatchOptions,
} from "./lister-watcher.ts";
export { decodeWatchEvent, type ObjectEvent, type WatchEvent } from "./watch-event.ts";
