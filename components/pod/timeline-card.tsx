"use client";
import { useNow } from "#components/live/index.ts";
import { labelCode } from "#components/queue/event-code.model.ts";
import { LabButton } from "#components/queue/lab-button.tsx";
import {
  Card,
  Chip,
  Glyph,
  Provenance,
  formatClock,
  formatCount,
  formatDuration,
  formatPlural,
} from "#components/ui/index.ts";
import { placeName } from "#components/verdict/index.ts";
import type { PodDetail } from "#lib/protocol/index.ts";
import { attemptInLab } from "./lab.model.ts";
import { answerWords, Loupe } from "./loupe.tsx";
import { SpanChoice } from "./span-choice.tsx";
import styles from "./timeline-card.module.css";
import { percent, Row, Stays, Ticks } from "./timeline-rows.tsx";
import { axisOf, drawnPoints, spaced, spacedToNext, type Span } from "./timeline.model.ts";

export interface TimelineCardProps {
  readonly pod: PodDetail;
  readonly span: Span;
  readonly onSpan: (span: Span) => void;
  readonly onAttempt: (attempt: number) => void;
}

/** What happened to the pod: where it stood, when it was tried, which events counted, and what kube-scheduler said. */
export function TimelineCard({ pod, span, onSpan, onAttempt }: TimelineCardProps) {
  const { timeline, provenance } = pod;
  const now = useNow(1_000);
  // Another card magnifies it then.
  const isSplit = pod.split !== undefined && timeline.loupe?.attempt === pod.split.attempt?.attempt;
  const until = pod.endedAt ?? now;
  const axis = axisOf(timeline, Math.max(until, timeline.from), span);
  const inLab = pod.split === undefined ? attemptInLab(pod) : undefined;
  return (
    <Card
      title="What happened"
      context={`${formatClock(axis.from)} to ${pod.endedAt === undefined ? "now" : formatClock(pod.endedAt)}, ${formatPlural(timeline.queueTotal, "event")} said Queue, ${formatCount(timeline.skipTotal)} said Skip`}
      actions={<SpanChoice label="How far back" span={span} onSpan={onSpan} />}
    >
      <div className={styles.timeline}>
        <Ticks axis={axis} />
        <Row name="Queue">
          <Stays stays={timeline.stays} axis={axis} />
        </Row>
        <Row name="Attempts">
          {spacedToNext(drawnPoints(timeline.attempts, axis), 0.1).map(({ item, left, isLabelled }) => (
            <button
              key={item.at}
              type="button"
              className={styles.attempt}
              style={{ left: percent(left) }}
              aria-pressed={timeline.loupe?.popped === item.at}
              title={`Attempt ${item.attempt} at ${formatClock(item.at, { withMilliseconds: true })}`}
              aria-label={attemptName(item)}
              data-testid={`timeline-attempt-${item.attempt}`}
              onClick={() => onAttempt(item.attempt)}
            >
              <i aria-hidden="true">{item.attempt}</i>
              {isLabelled && item.ms !== undefined && (
                <Provenance of={item.outcome === "simulated" ? "simulated" : provenance}>
                  {formatDuration(item.ms)}
                </Provenance>
              )}
            </button>
          ))}
        </Row>
        <Row name="Events">
          <svg className={styles.skips} preserveAspectRatio="none" viewBox="0 0 1000 8" aria-hidden="true">
            <path
              d={drawnPoints(
                timeline.skippedAt.map((at) => ({ at })),
                axis,
              )
                .map(({ left }) => `M${(left * 1000).toFixed(1)} 0v7`)
                .join("")}
            />
          </svg>
          {spaced(drawnPoints(timeline.queued, axis), 0.05).map(({ item, left, isLabelled }) => (
            <span
              key={item.seq}
              className={isLabelled ? styles.queued : styles.queuedTick}
              style={{ left: percent(left) }}
              title={`${formatClock(item.at, { withMilliseconds: true })} ${item.label} ${item.object ?? ""}: ${item.plugin ?? ""} said Queue`}
            >
              {isLabelled && labelCode(item.label)}
            </span>
          ))}
        </Row>
        <Row name={pod.spec.scheduler === "default-scheduler" ? "kube-scheduler" : pod.spec.scheduler}>
          {spacedToNext(drawnPoints(timeline.records, axis), 0.16).map(({ item, left, isLabelled }) => (
            <span
              key={`${item.at} ${item.source}`}
              className={styles.record}
              style={{ left: percent(left) }}
              title={`${formatClock(item.at)} ${item.reason}: ${item.text}`}
            >
              <Glyph state="bound" size={13} />
              {isLabelled && left < 0.84 && item.reason}
            </span>
          ))}
        </Row>
      </div>
      {timeline.loupe !== undefined && !isSplit && (
        <Loupe
          loupe={timeline.loupe}
          actions={inLab !== undefined && <LabButton label="Replay in Lab" pod={() => inLab} />}
        />
      )}
    </Card>
  );
}

/** `attempt 6 at 14:30:16, in flight for 46 ms, went to unschedulable` */
function attemptName({ attempt, at, ms, wentTo, outcome }: PodDetail["timeline"]["attempts"][number]): string {
  const parts = [
    `attempt ${attempt} at ${formatClock(at)}`,
    ...(ms === undefined ? ["in flight now"] : [`in flight for ${formatDuration(ms)}`]),
    ...(wentTo === undefined ? [] : [`went to ${placeName(wentTo)}`]),
    ...(outcome === "simulated" ? ["by our model"] : []),
  ];
  return parts.join(", ");
}

/** Events since the last failure, and what the plugins that rejected the pod made of each. */
export function SinceFailure({ pod: { sinceFailure, attempts } }: { readonly pod: PodDetail }) {
  const { at, queue, skip, notRegistered, events } = sinceFailure;
  if (at === undefined || attempts === 0) return null;
  return (
    <Card
      title="Events since its last failure"
      context={`at ${formatClock(at)}`}
      actions={
        <span className={styles.sums}>
          {queue} Queue, {formatCount(skip)} Skip, {formatCount(notRegistered)} no hint
        </span>
      }
    >
      {events.length === 0 ? (
        <p className={styles.nothing}>Nothing came that a plugin which rejected it listens to.</p>
      ) : (
        <table className={styles.events}>
          <tbody>
            {events.slice(0, 12).map((event) => (
              <tr key={event.seq}>
                <td className={styles.time}>{formatClock(event.at, { withMilliseconds: true })}</td>
                <td>
                  <code className={styles.tile}>{labelCode(event.label)}</code>
                </td>
                <td>
                  <code>{event.label}</code>
                </td>
                <td>
                  <code>{event.object ?? ""}</code>
                </td>
                <td>
                  {event.answer === "Queue" ? (
                    <Chip tone="act" variant="solid" size="small">
                      Queue
                    </Chip>
                  ) : (
                    <Chip size="small">{answerWords[event.answer]}</Chip>
                  )}
                </td>
                <td className={styles.who}>
                  {event.answers
                    .filter(({ answer }) => answer === event.answer)
                    .map(({ plugin }) => plugin)
                    .join(", ")}
                  {event.isLostByHistorical && " (the event list of 1.28.0 would have lost it)"}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </Card>
  );
}
