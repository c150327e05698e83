"use client";
import { useClock, useConnection, usePause } from "#components/live/index.ts";
import {
  Kbd,
  classNames,
  formatAge,
  formatClock,
  formatCount,
  formatExactCount,
  useShortcut,
} from "#components/ui/index.ts";
import { useCluster } from "./cluster-context.ts";
import styles from "./live-button.module.css";
import { useStaleness } from "./use-staleness.ts";

/** @param keys `space`, or `shift+space` where `space` steers the scheduler. */
export function LiveButton({ keys }: { readonly keys: "space" | "shift+space" }) {
  const { state, toggle } = usePause();
  const connection = useConnection().state;
  const now = useClock();
  useShortcut({ keys, label: "Pause or resume the live view", group: "Page" }, toggle);
  const isLost = connection.phase === "lost" || connection.phase === "refused";
  const { staleness, asOf } = useStaleness(useCluster().id);
  const isAged = staleness !== "fresh";
  const behind = state.isPaused ? state.behind : 0;
  return (
    <button
      type="button"
      className={classNames(styles.live, state.isPaused && styles.paused, (isLost || isAged) && styles.lost)}
      aria-pressed={state.isPaused}
      aria-keyshortcuts={keys === "space" ? "Space" : "Shift+Space"}
      title={
        state.isPaused
          ? `${formatExactCount(behind)} updates arrived since. Resume: jumps to now`
          : "Pause: the view stands still, nothing is lost"
      }
      onClick={toggle}
      data-testid="live-button"
    >
      <i className={styles.dot} />
      <span className={styles.word}>
        {state.isPaused && (behind === 0 ? "Paused" : `Paused, ${formatCount(behind)} behind`)}
        {!state.isPaused && connection.phase === "lost" && `Stale, ${formatAge(now - connection.since)}`}
        {!state.isPaused && connection.phase === "refused" && "Stale"}
        {!state.isPaused && connection.phase === "connecting" && "Connecting"}
        {!state.isPaused && connection.phase === "connected" && (isAged ? `As of ${formatClock(asOf)}` : "Live")}
      </span>
      <Kbd>{keys === "space" ? "space" : "⇧space"}</Kbd>
    </button>
  );
}
