"use client";
import { useNow } from "#components/live/index.ts";
import { labelCode } from "#components/queue/event-code.model.ts";
import { LabButton } from "#components/queue/lab-button.tsx";
import { Card, Glyph, Provenance, formatClock, formatDuration } from "#components/ui/index.ts";
import { PlaceLabel } from "#components/verdict/index.ts";
import type { PodDetail, Split } from "#lib/protocol/index.ts";
import { attemptInLab } from "./lab.model.ts";
import { Loupe } from "./loupe.tsx";
import { SpanChoice } from "./span-choice.tsx";
import styles from "./split-card.module.css";
import { expectedAfter, namesOf, parkedSince } from "./split.model.ts";
import { percent, Row, Stays, Ticks } from "./timeline-rows.tsx";
import { axisOf, drawnStays, type Axis, type Span } from "./timeline.model.ts";

interface SplitCardProps {
  readonly pod: PodDetail;
  readonly split: Split;
  readonly span: Span;
  readonly onSpan: (span: Span) => void;
}

/** Two queues that were told the same: where the pod should be since the event, and where it is. */
export function SplitCard({ pod, split, span, onSpan }: SplitCardProps) {
  const { event, expected, happened, attempt } = split;
  const now = useNow(1_000);
  const axis = axisOf({ from: Math.max(pod.timeline.from, event.at - 60_000) }, Math.max(now, event.at), span);
  const names = namesOf(pod.spec.scheduler, split);
  const { loupe } = pod.timeline;
  const shouldBe = expectedAfter(split);
  const played = attemptInLab(pod);
  const inLab = played !== undefined && <LabButton label="Replay in Lab" pod={() => played} />;
  return (
    <Card
      title="Where the two queues split"
      context={names.context}
      actions={<SpanChoice label="How far back the two queues are shown" span={span} onSpan={onSpan} />}
    >
      <div className={styles.split} data-testid="pod-split">
        <Ticks axis={axis} />
        <Row name="Event" note={event.object ?? ""}>
          {event.at >= axis.from && (
            <span className={styles.event} style={{ left: percent(axis.shareOf(event.at)) }}>
              <b>Queue</b> {labelCode(event.label)}
            </span>
          )}
        </Row>
        <Row name={names.expected} note="what should happen">
          <Stays stays={expected.stays} axis={axis} />
        </Row>
        <Row name={names.happened} note={happened.provenance === "observed" ? "what we observed" : "what happened"}>
          <Stays stays={happened.stays} axis={axis} />
          <Missed split={split} axis={axis} />
        </Row>
      </div>
      {loupe !== undefined && attempt !== undefined && loupe.attempt === attempt.attempt ? (
        <Loupe loupe={loupe} expected={shouldBe} actions={inLab} />
      ) : (
        <div className={styles.sentence}>
          <p>
            {event.label} {event.object} came at {formatClock(event.at, { withMilliseconds: true })}
            {event.plugin !== undefined && `, and ${event.plugin} says Queue`}.{" "}
            {shouldBe !== undefined && (
              <>
                It should be in{" "}
                <Provenance of={expected.provenance}>
                  <PlaceLabel place={shouldBe} />
                </Provenance>
                .
              </>
            )}
          </p>
          {inLab}
        </div>
      )}
    </Card>
  );
}

/** Since when the pod stands where it should not. */
function Missed({ split, axis }: { readonly split: Split; readonly axis: Axis }) {
  const since = parkedSince(split);
  const [drawn] = drawnStays([{ from: since }], axis);
  if (drawn === undefined) return null;
  return (
    <span
      className={styles.missed}
      style={{ left: percent(drawn.left), width: percent(drawn.width) }}
      data-testid="pod-split-missed"
    >
      <Glyph state="missed" /> still unschedulable, no attempt for {formatDuration(axis.to - since)}
    </span>
  );
}
