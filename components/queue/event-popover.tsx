import { X } from "lucide-react";
import { IconButton, PodName, Provenance, formatClock, formatPlural } from "#components/ui/index.ts";
import type { EventElement, Provenance as ProvenanceKind } from "#lib/protocol/index.ts";
import type { ShownPod } from "./columns.model.ts";
import { Diamond } from "./diamond.tsx";
import { eventCode } from "./event-code.model.ts";
import styles from "./event-popover.module.css";
import { MarkShape } from "./mark-shape.tsx";
import { markOf } from "./marks.model.ts";
import { markWords } from "./sentences.model.ts";

export interface EventPopoverProps {
  readonly event: EventElement;
  readonly pods: readonly ShownPod[];
  readonly letterOf: (popIndex: number) => string;
  /** Middle of the event's tile, and the edge below it, in the card. */
  readonly x: number;
  readonly top: number;
  /** Of the card: the popover stays inside. */
  readonly width: number;
  readonly provenance: ProvenanceKind;
  readonly onClose: () => void;
}

const ownWidth = 400;
const edge = 8;

/** One event in full: what happened to which object, and what it means to each pod in flight. */
export function EventPopover({ event, pods, letterOf, x, top, width, provenance, onClose }: EventPopoverProps) {
  const left = Math.max(edge, Math.min(width - ownWidth - edge, x - ownWidth / 2));
  const counting = pods.flatMap((row) => {
    const mark = markOf(row.pod, event.seq);
    return mark === undefined ? [] : [{ ...row, mark }];
  });
  const later = pods.length - counting.length;
  return (
    <aside
      className={styles.popover}
      style={{ left, top, width: ownWidth, "--stem": `${x - left}px` } as React.CSSProperties}
      aria-label={`Event ${event.seq}`}
    >
      <header className={styles.header}>
        <code className={styles.code}>{eventCode(event.resource, event.action)}</code>
        <div className={styles.title}>
          <b>{event.label}</b>
          <small>
            event {event.seq} at {formatClock(event.at, { withMilliseconds: true })}
          </small>
        </div>
        <IconButton variant="ghost" size="small" icon={<X size={14} />} label="Close" onClick={onClose} />
      </header>
      <p className={styles.object}>
        {event.object === undefined ? "no object: for every pod" : <code title={event.object}>{event.object}</code>}
      </p>
      <ul className={styles.pods} aria-label="Hints per pod">
        {counting.map(({ pod, isGone, mark }) => (
          <li key={pod.uid}>
            <Diamond letter={letterOf(pod.popIndex)} isSolid={false} isGone={isGone} />
            <PodName namespace={pod.namespace} name={pod.name} />
            <span className={styles.hint}>
              <MarkShape mark={mark} />
              <Provenance of={provenance}>{markWords[mark]}</Provenance>
              <code>{pod.hints[event.seq]?.plugin}</code>
            </span>
          </li>
        ))}
        {later > 0 && <li className={styles.later}>{formatPlural(later, "pod")} popped later: it came before them.</li>}
      </ul>
    </aside>
  );
}
