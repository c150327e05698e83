import type { ServerResponse } from "node:http";
import type { Encoder } from "../api/encoding.ts";
import type { ListOptions } from "../api/list-options.ts";
import type { Selection } from "../api/selection.ts";
import { expired, tooLargeResourceVersion } from "../api/status.ts";
import { WatchCursor } from "../api/watch-cursor.ts";
import type { ResourceTable } from "../storage/resource-table.ts";
import type { ResourceContext } from "./context.ts";
import { refuseWatch } from "./refuse-watch.ts";
import { WatchResponse } from "./watch-response.ts";

interface Watch {
  /** `v1/pods` */
  readonly resource: string;
  readonly options: ListOptions;
  readonly selection: Selection;
  readonly encoder: Encoder;
  readonly table: ResourceTable;
  readonly context: ResourceContext;
}

/** What a server draws at random for a client that names no timeout: 30 to 60 minutes. */
const minTimeoutSeconds = 1800;

export function startWatch(response: ServerResponse, watched: Watch): void {
  const { resource, options, selection, encoder, table, context } = watched;
  const { storage } = context.registry;
  const { resourceVersion = 0, sendInitialEvents } = options;
  if (sendInitialEvents === true && resourceVersion > storage.resourceVersion) {
    throw tooLargeResourceVersion(resourceVersion, storage.resourceVersion);
  }
  const hasInitial = sendInitialEvents ?? resourceVersion === 0;
  const after = hasInitial || resourceVersion === 0 ? storage.resourceVersion : resourceVersion;
  const { compactedVersion } = table.history;
  if (after < compactedVersion) {
    refuseWatch(response, expired(`too old resource version: ${after} (${compactedVersion})`));
    return;
  }
  const seconds = options.timeoutSeconds ?? minTimeoutSeconds * (1 + context.random());
  const watch = new WatchResponse({
    resource,
    response,
    storage,
    table,
    cursor: new WatchCursor({ table, selection, initial: hasInitial ? table.list() : undefined, after }),
    encoder,
    clock: context.clock,
    timeoutMs: seconds * 1000,
    bookmarkIntervalMs: options.allowWatchBookmarks ? context.bookmarkIntervalMs : undefined,
    marksInitialEventsEnd: sendInitialEvents === true && options.allowWatchBookmarks,
    onOver: (over) => context.watches.delete(over),
    delayMs: () => context.faults.onEvents(resource),
  });
  context.watches.add(watch);
  watch.start();
}
