import { Glyph, Provenance } from "#components/ui/index.ts";
import type { Destination, Provenance as ProvenanceKind } from "#lib/protocol/index.ts";
import styles from "./destination-label.module.css";

export interface DestinationLabelProps {
  readonly queue: Destination["queue"];
  readonly provenance: ProvenanceKind;
  /** The queue's name, or more about it. */
  readonly text: string;
}

/** Where a pod would go, by shape, word and hue, with the mark of whose word it is. */
export function DestinationLabel({ queue, provenance, text }: DestinationLabelProps) {
  return (
    <span className={`${styles.label} ${styles[queue]}`}>
      <Glyph state={queue} />
      <span>
        <Provenance of={provenance}>{text}</Provenance>
      </span>
    </span>
  );
}
