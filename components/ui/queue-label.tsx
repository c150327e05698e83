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

const tones = {
  active: "act",
  backoff: "back",
  unschedulable: "uns",
  inFlight: "fly",
  gated: "gate",
} as const satisfies Record<QueueState, Tone>;

/** A queue by shape, word and hue. */
export function QueueLabel({ queue }: { readonly queue: QueueState }) {
  return (
    <span className={`${styles.label} ${styles[tones[queue]]}`}>
      <Glyph state={queue} />
      {queueNames[queue]}
    </span>
  );
}
