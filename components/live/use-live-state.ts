"use client";
import { useEffect, useEffectEvent, useSyncExternalStore } from "react";
import type { ConnectionState } from "./connection.model.ts";
import { useLive } from "./live-context.ts";
import type { PauseState } from "./picture.ts";

export function useConnection(): { readonly state: ConnectionState; readonly retryNow: () => void } {
  const { connection } = useLive();
  const state = useSyncExternalStore(
    (listener) => connection.subscribe(listener),
    () => connection.state,
    () => connection.state,
  );
  return { state, retryNow: () => connection.retryNow() };
}

/** Hears of every change of the connection while the component is there. */
export function useOnConnectionChange(listener: (before: ConnectionState, after: ConnectionState) => void): void {
  const { connection } = useLive();
  const onChange = useEffectEvent(listener);
  useEffect(() => {
    let before = connection.state;
    return connection.subscribe(() => {
      const after = connection.state;
      onChange(before, after);
      before = after;
    });
  }, [connection]);
}

/** Why nothing can be asked of the server now; `undefined` while it can. For the tooltip of what is disabled by it. */
export function useOfflineReason(): string | undefined {
  const { phase } = useConnection().state;
  return phase === "lost" || phase === "refused" ? "There is no connection to the server." : undefined;
}

export function usePause(): { readonly state: PauseState; readonly toggle: () => void } {
  const { picture } = useLive();
  const state = useSyncExternalStore(
    (listener) => picture.subscribe(listener),
    () => picture.state,
    () => picture.state,
  );
  return { state, toggle: () => (state.isPaused ? picture.resume() : picture.pause()) };
}

/**
 * The server's clock, drawn anew every so many milliseconds: 1,000 for ages and clocks, 100 for countdowns below ten
 * seconds. 0 until the page runs in the browser.
 */
export function useClock(everyMs = 1_000): number {
  const { time } = useLive();
  return useSyncExternalStore(
    (listener) => time.subscribe(everyMs, listener),
    () => time.at(everyMs),
    () => 0,
  );
}

/** The instant by which ages are told. It stands still while the picture does: paused, or without a connection. */
export function useNow(everyMs = 1_000): number {
  const now = useClock(everyMs);
  const pause = usePause().state;
  const connection = useConnection().state;
  const stoppedAt = [
    ...(pause.isPaused ? [pause.since] : []),
    ...(connection.phase === "lost" ? [connection.since] : []),
  ];
  return Math.min(now, ...stoppedAt);
}
