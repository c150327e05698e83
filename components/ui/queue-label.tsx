import { Glyph } from "./glyph.tsx";
import styles from "./queue-label.module.css";
import type { Tone } from "./tone.ts";

export type QueueState = "active" | "backoff" | "unschedulable" | "inFlight" | "gated";

/** The queues in Kubernetes' words. */
export const queueNames = {
  active: "activeQ",
  backoff: "backoffQ",
  unschedulable: "unschedulable",
  inFlight: "in flight",
  gated: "gated",
} as const satisfies Record<QueueState, string>;

/** Their hues. */
export const queueTones = {
  active: "act",
  backoff: "back",
  unschedulable: "uns",
  inFlight: "fly",
  gated: "gate",
} as const satisfies Record<QueueState, Tone>;

/** A queue by shape, word and hue. */
export function QueueLabel({ queue }: { readonly queue: QueueState }) {
  return (
    <span className={`${styles.label} ${styles[queueTones[queue]]}`}>
      <Glyph state={queue} />
      {queueNames[queue]}
    </span>
  );
}
