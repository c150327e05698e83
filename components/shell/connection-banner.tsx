"use client";
import { Plug } from "lucide-react";
import { useClock, useConnection } from "#components/live/index.ts";
import { Banner, Button, formatAge, formatClock, useShortcut } from "#components/ui/index.ts";
import styles from "./connection-banner.module.css";

/** Shown while the server does not answer: since when, and when it is tried again. */
export function ConnectionBanner() {
  const { state, retryNow } = useConnection();
  const now = useClock();
  const canRetry = state.phase === "lost" && state.retryAt !== undefined;
  useShortcut({ keys: "r", label: "Retry the connection", group: "Page", isOn: canRetry }, retryNow);

  if (state.phase === "refused") {
    return (
      <Banner
        tone="back"
        icon={<Plug size={16} aria-hidden="true" />}
        title="The server does not take this page."
        actions={
          <Button size="small" onClick={() => location.reload()}>
            Reload
          </Button>
        }
      >
        {state.message}
      </Banner>
    );
  }
  if (state.phase !== "lost") return null;
  return (
    <Banner
      tone="back"
      icon={<Plug size={16} aria-hidden="true" />}
      title={`Connection lost ${formatAge(now - state.since)} ago.`}
      actions={
        <>
          <span className={styles.retry}>
            {state.retryAt === undefined
              ? `Trying now, attempt ${state.attempt}`
              : `Retrying in ${formatAge(state.retryAt - now)}, attempt ${state.attempt}`}
          </span>
          <Button size="small" shortcut="R" isPending={!canRetry} onClick={retryNow}>
            Retry now
          </Button>
        </>
      }
    >
      {`Everything below is from ${formatClock(state.since)}.`}
    </Banner>
  );
}
