"use client";
import { TriangleAlert } from "lucide-react";
import { useNow } from "#components/live/index.ts";
import { formatAge, formatClock } from "#components/ui/index.ts";
import type { Informer } from "#lib/protocol/index.ts";
import styles from "./informer-problem.module.css";

/** What is wrong with an informer. Its data stay, as of an instant. */
export function InformerProblem({ informer: { row, asOf } }: { readonly informer: Informer }) {
  const now = useNow(100);
  const { problem, reflector, hasSynced } = row;
  // What is not served any more was not lost on the way: it is gone, and that is what has to be said.
  const isGone = problem?.code === "not-served";
  const watchLost = isGone ? undefined : row.watchLost;
  const retryAt = row.watchLost?.retryAt ?? (reflector.phase === "backingOff" ? reflector.until : undefined);
  const title = watchLost === undefined ? problem?.title : `Watch lost: ${watchLost.reason}`;
  const shownAsOf = watchLost?.asOf ?? row.freshAt ?? asOf;
  const text = [
    watchLost === undefined ? problem?.message : `${formatAge(now - watchLost.at)} ago.`,
    hasSynced && !isGone ? `What is shown is as of ${formatClock(shownAsOf)}.` : problem?.hint,
  ].join(" ");
  return (
    <p
      className={styles.problem}
      title={[watchLost?.message ?? problem?.message, problem?.hint].filter((part) => part !== undefined).join(" ")}
      data-testid="informer-problem"
    >
      <TriangleAlert size={14} aria-hidden="true" />
      <span className={styles.words}>
        <b>{title}</b>
        {watchLost === undefined ? ". " : ", "}
        {text}
      </span>
      <span className={styles.retry}>
        {retryAt === undefined || retryAt <= now ? "Trying now" : `Retry in ${formatAge(retryAt - now)}`}
      </span>
    </p>
  );
}
