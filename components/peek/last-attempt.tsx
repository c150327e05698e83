"use client";
import { Elapsed } from "#components/live/index.ts";
import {
  Card,
  CopyBlock,
  formatClock,
  formatCount,
  formatDuration,
  formatExactCount,
  Provenance,
} from "#components/ui/index.ts";
import { PlaceLabel } from "#components/verdict/index.ts";
import type { PodDetail } from "#lib/protocol/index.ts";
import styles from "./last-attempt.module.css";

/** When it was tried last, who said no, where that put it, and what has come since. */
export function LastAttempt({ pod }: { readonly pod: PodDetail }) {
  const { timeline, rejectors, sinceFailure, comparison, provenance } = pod;
  const last = timeline.attempts.at(-1);
  return (
    <Card title="Last attempt" className={styles.card}>
      {last === undefined ? (
        <p className={styles.quiet}>It was not tried since we watch it.</p>
      ) : (
        <dl className={styles.facts}>
          <dt>Attempt</dt>
          <dd>
            <Provenance of={provenance}>
              {last.isAtLeast && "at least "}
              {formatExactCount(last.attempt)}
            </Provenance>
            , <Elapsed since={last.at} /> ago{" "}
            <small>
              at {formatClock(last.at)}
              {last.ms !== undefined && `, ${formatDuration(last.ms)}`}
            </small>
          </dd>
          {last.wentTo !== undefined && (
            <>
              <dt>Went to</dt>
              <dd>
                <Provenance of={provenance}>
                  <PlaceLabel place={last.wentTo} />
                </Provenance>
              </dd>
            </>
          )}
        </dl>
      )}
      <dl className={styles.facts}>
        {rejectors.length > 0 && (
          <>
            <dt>Rejected by</dt>
            <dd>
              {rejectors.map((plugin) => (
                <code key={plugin}>{plugin}</code>
              ))}
            </dd>
          </>
        )}
        {sinceFailure.at !== undefined && (
          <>
            <dt>Events since</dt>
            <dd>
              {formatCount(sinceFailure.queue)} Queue, {formatCount(sinceFailure.skip)} Skip,{" "}
              {formatCount(sinceFailure.notRegistered)} no hint
            </dd>
          </>
        )}
      </dl>
      {comparison.message !== undefined && (
        <div className={styles.message}>
          <CopyBlock text={comparison.message} label="Copy kube-scheduler's message" />
        </div>
      )}
    </Card>
  );
}
