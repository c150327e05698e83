import { labelCode } from "#components/queue/event-code.model.ts";
import { Glyph, VisuallyHidden, formatClock, formatDuration, formatPlural } from "#components/ui/index.ts";
import { PlaceLabel, placeName } from "#components/verdict/index.ts";
import type { Place, Timeline } from "#lib/protocol/index.ts";
import { itemsOf, type LoupeItem } from "./loupe.model.ts";
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
  const shown = itemsOf(events, mostInLoupe);
  const hidden = events.length - shown.reduce((sum, { count }) => sum + count, 0);
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
            <ol className={styles.inOrder} aria-label={`Events after the marker of attempt ${attempt}`}>
              {shown.map((item) => (
                <Element key={item.first.seq} item={item} popped={popped} isExpected={expected !== undefined} />
              ))}
            </ol>
            {hidden > 0 && <small>and {hidden} more</small>}
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

interface ElementProps {
  readonly item: LoupeItem;
  readonly popped: number;
  /** Another queue made something else of the attempt. */
  readonly isExpected: boolean;
}

function Element({ item: { first, count }, popped, isExpected }: ElementProps) {
  const { seq, at, label, object = "", answer, answers, isLostByHistorical } = first;
  const isLost = isExpected && isLostByHistorical && answer === "Queue";
  const who = answers.filter((each) => each.answer === answer).map(({ plugin }) => plugin);
  const said = answer === "NotRegistered" ? "no plugin asked for it" : `${who.join(", ")} says ${answer}`;
  const what = `event ${seq}, ${label} ${object}${count > 1 ? ` and ${count - 1} more like it` : ""}`;
  const text = `${what}, ${formatDuration(at - popped)} after the marker, ${said}`;
  return (
    <li className={isLost ? styles.lost : styles.element} title={text}>
      <code aria-hidden="true">
        {labelCode(label)}
        {count > 1 && <small> ×{count}</small>}
      </code>
      <small className={styles[answer]} aria-hidden="true">
        {answerWords[answer]}
      </small>
      <VisuallyHidden>{text}</VisuallyHidden>
    </li>
  );
}
