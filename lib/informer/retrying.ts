import { sleep, type Clock, type Signal } from "#lib/clock/index.ts";
import { ApiStatusError, ConnectionError, type ConnectionErrorKind } from "./api-errors.ts";
import type { ListerWatcher } from "./lister-watcher.ts";

const mostRetries = 10;
const connectionRetryMs = 1_000;

const retriedByList: ReadonlySet<ConnectionErrorKind> = new Set(["reset", "eof", "closed", "goAway", "lost"]);
const retriedByWatch: ReadonlySet<ConnectionErrorKind> = new Set(["reset", "eof", "closed", "goAway", "timeout"]);

/**
 * The layer between reflector and transport that obeys `Retry-After` and tries broken connections again, up to ten
 * times per request. Only the head of an answer is retried: a body that breaks off is the reflector's business.
 * Upstream: `rest` `withRetry`, `Request.Watch`.
 */
export function retrying<T>(source: ListerWatcher<T>, clock: Clock): ListerWatcher<T> {
  const onRetry = (error: unknown): void => retried.onRetry?.(error);
  const retried: ListerWatcher<T> = {
    ...(source.isWatchListUnsupported === undefined ? {} : { isWatchListUnsupported: source.isWatchListUnsupported }),
    list: (options, signal) =>
      attempts(() => source.list(options, signal), { clock, signal, onRetry, retriedKinds: retriedByList }),
    watch: async (options, signal) => {
      try {
        return await attempts(() => source.watch(options, signal), {
          clock,
          signal,
          onRetry,
          retriedKinds: retriedByWatch,
        });
      } catch (error) {
        // A watch that cannot be opened for a broken connection counts as one that has ended: it is opened again.
        if (error instanceof ConnectionError && retriedByWatch.has(error.kind)) return emptyWatch();
        throw error;
      }
    },
  };
  return retried;
}

interface Attempts {
  readonly clock: Clock;
  readonly signal: Signal;
  readonly onRetry: (error: unknown) => void;
  readonly retriedKinds: ReadonlySet<ConnectionErrorKind>;
}

async function attempts<R>(request: () => Promise<R>, { clock, signal, onRetry, retriedKinds }: Attempts): Promise<R> {
  for (let retries = 0; ; retries++) {
    try {
      return await request();
    } catch (error) {
      const waitMs = waitBeforeRetry(error, retriedKinds);
      if (waitMs === undefined || retries === mostRetries || signal.aborted) throw error;
      onRetry(error);
      await sleep(clock, waitMs, signal);
      if (signal.aborted) throw error;
    }
  }
}

function waitBeforeRetry(error: unknown, retriedKinds: ReadonlySet<ConnectionErrorKind>): number | undefined {
  if (error instanceof ConnectionError) return retriedKinds.has(error.kind) ? connectionRetryMs : undefined;
  if (!(error instanceof ApiStatusError) || error.retryAfterSeconds === undefined) return undefined;
  return error.code === 429 || error.code >= 500 ? error.retryAfterSeconds * 1_000 : undefined;
}

// oxlint-disable-next-line require-yield -- a stream that has ended already
async function* emptyWatch(): AsyncGenerator<never> {}
