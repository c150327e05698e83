import { labelCode } from "#components/queue/event-code.model.ts";
import { Glyph, formatClock, formatDuration, formatPlural } from "#components/ui/index.ts";
import { PlaceLabel, placeName } from "#components/verdict/index.ts";
import type { Place, Timeline } from "#lib/protocol/index.ts";
import styles from "./timeline-card.module.css";

type LoupeOf = NonNullable<Timeline["loupe"]>;

export const answerWords = { Queue: "Queue", Skip: "Skip", NotRegistered: "no hint" } as const;
const mostInLoupe = 12;

export interface LoupeProps {
  readonly loupe: LoupeOf;
  /** Where a correct queue had put it. */
  readonly expected?: Place | undefined;
  /** What can be done with the attempt. */
  readonly actions?: React.ReactNode;
}

/** One attempt, magnified: what came while it went on, and what it made of that. */
export function Loupe({ loupe, expected, actions }: LoupeProps) {
  const { attempt, popped, ended, wentTo, events } = loupe;
  const queue = events.filter(({ answer }) => answer === "Queue").length;
  const shown = events.slice(0, mostInLoupe);
  const went =
    wentTo === undefined ? "" : `${expected === undefined ? "So" : "Still"} it went to ${placeName(wentTo)}.`;
  return (
    <div className={styles.loupe} data-testid="pod-loupe">
      <div className={styles.story}>
        <b>
          Attempt {attempt}
          {ended === undefined ? ", in flight now" : `, in flight for ${formatDuration(ended - popped)}`}
        </b>
        {events.length === 0 ? (
          <p>Nothing arrived after its marker. {went}</p>
        ) : (
          <>
            <p>{formatPlural(events.length, "event")} arrived after its marker.</p>
            <p>
              {queue > 0 ? `${formatPlural(queue, "event")} said Queue.` : "None said Queue."} {went}
            </p>
          </>
        )}
        {actions}
      </div>
      <div className={styles.window}>
        <small>popped {formatClock(popped, { withMilliseconds: true })}</small>
        <div className={styles.chain}>
          <div className={styles.elements}>
            <Glyph state="inFlight" size={16} />
            {shown.map(({ seq, at, label, object, answer, isLostByHistorical }) => (
              <span
                key={seq}
                className={
                  expected !== undefined && isLostByHistorical && answer === "Queue" ? styles.lost : styles.element
                }
                title={`${seq} ${label} ${object ?? ""}, ${formatDuration(at - popped)} after the pop`}
              >
                <code>{labelCode(label)}</code>
                <small className={styles[answer]}>{answerWords[answer]}</small>
              </span>
            ))}
            {events.length > shown.length && <small>and {events.length - shown.length} more</small>}
          </div>
          {wentTo !== undefined && (
            <span className={styles.outcome}>
              {expected !== undefined && (
                <span>
                  should be <PlaceLabel place={expected} />
                </span>
              )}
              <span>
                {expected !== undefined && "was "}
                <PlaceLabel place={wentTo} />
              </span>
              {ended !== undefined && <small>{formatDuration(ended - popped)} later</small>}
            </span>
          )}
        </div>
      </div>
    </div>
  );
}
