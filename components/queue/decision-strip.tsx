import { ArrowRight } from "lucide-react";
import { Fragment } from "react";
import { Button, Kbd } from "#components/ui/index.ts";
import type { Events } from "#lib/protocol/index.ts";
import styles from "./decision-strip.module.css";
import { DestinationLabel } from "./destination-label.tsx";
import { Diamond, LetterMark } from "./diamond.tsx";
import { eventCode } from "./event-code.model.ts";
import type { Looked } from "./event-strip.tsx";
import type { Density } from "./geometry.model.ts";
import { LabButton } from "./lab-button.tsx";
import { inFlightInLab } from "./lab-pod.model.ts";
import { decide, type Decision } from "./sentences.model.ts";
import type { Selection } from "./use-selection.ts";
import { WhatIf } from "./what-if.tsx";

export interface DecisionStripProps {
  readonly looked: Looked | undefined;
  readonly isGone: boolean;
  readonly density: Density;
  readonly events: Events;
  readonly selection: Selection;
  /** Finishes the pod as the sentence says; embedded clusters only. */
  readonly onApply: ((looked: Looked) => void) | undefined;
}

/** More plugins than these are told by their number, so that the outcome has its room. */
const chipsAtMost = { narrow: 3, regular: 2, wide: 4 } as const satisfies Record<Density, number>;

/** What would become of the pod if it came back now, as one sentence. */
export function DecisionStrip({ looked, isGone, density, events, selection, onApply }: DecisionStripProps) {
  if (looked === undefined)
    return <Hint hasPods={Object.keys(events.pods).length > 0} isSelected={selection.pod !== undefined} />;
  if (isGone) {
    return (
      <p className={styles.strip}>
        <Diamond letter={looked.letter} isSolid={false} isGone />
        <span className={styles.quiet}>
          {looked.pod.namespace}/{looked.pod.name} is no longer in flight.
        </span>
      </p>
    );
  }
  const decision = decide(looked.pod, events);
  const [before, bold, after] = decision.condition;
  return (
    <div className={styles.strip} data-testid="queue-decision">
      <span className={styles.condition}>
        If <LetterMark letter={looked.letter} />
        <span>
          {before}
          <b>{bold}</b>
          {after}
        </span>
        <WhatIf {...{ looked, events, selection }} atMost={chipsAtMost[density]} />
      </span>
      <span className={styles.outcome}>
        <ArrowRight size={15} className={styles.arrow} aria-hidden="true" />
        <b>
          <DestinationLabel queue={decision.queue} provenance={events.provenance} text={decision.outcome} />
        </b>
        <Because decision={decision} onEvent={selection.selectEvent} />
      </span>
      <span className={styles.actions}>
        {decision.event !== undefined && <LabButton pod={() => inFlightInLab(looked.pod, events)} />}
        {onApply !== undefined && (
          <Button size="small" shortcut="↵" onClick={() => onApply(looked)}>
            Apply
          </Button>
        )}
      </span>
    </div>
  );
}

function Because({ decision, onEvent }: { readonly decision: Decision; readonly onEvent: (seq: number) => void }) {
  const { event, because, plugin } = decision;
  const says = plugin === undefined ? "" : `: ${plugin} says Queue`;
  if (event === undefined) return <span className={styles.quiet}>{because}</span>;
  return (
    <span className={styles.because} title={`${event.seq} ${event.label} ${event.object ?? ""}${says}`}>
      <span className={styles.quiet}>{because} </span>
      <button type="button" className={styles.event} onClick={() => onEvent(event.seq)}>
        <code>{eventCode(event.resource, event.action)}</code> {event.seq} {event.label}
      </button>
      {event.object !== undefined && ` ${event.object}`}
    </span>
  );
}

function Hint({ hasPods, isSelected }: { readonly hasPods: boolean; readonly isSelected: boolean }) {
  if (!hasPods)
    return <p className={`${styles.strip} ${styles.quiet}`}>A pod that is popped becomes a marker in this list.</p>;
  const keys = ["[", "]"].map((key) => (
    <Fragment key={key}>
      {" "}
      <Kbd>{key}</Kbd>
    </Fragment>
  ));
  return (
    <p className={`${styles.strip} ${styles.quiet}`}>
      <span>
        {isSelected ? "The selected pod is not in flight. " : ""}Select a pod in flight to see which events count for
        it: its marker, its row, or{keys}
      </span>
    </p>
  );
}
