import type { ReactNode } from "react";
import type { Provenance as Kind } from "#lib/protocol/index.ts";
import styles from "./provenance.module.css";

const words = {
  observed: "observed",
  actual: "actual",
  measured: "measured by kube-scheduler's metrics",
  simulated: "simulated by our queue",
} as const satisfies Record<Kind, string>;

export interface ProvenanceProps {
  readonly of: Kind;
  /** Source and age, for the tooltip and the accessible name: "our queue, 0.3 s ago". */
  readonly source?: string;
  readonly children: ReactNode;
}

/** Marks a fact that was not simply read from the API: simulated by a dotted underline, measured by a small m. */
export function Provenance({ of, source, children }: ProvenanceProps) {
  if (of === "observed" || of === "actual") return children;
  const explanation = source === undefined ? words[of] : `${words[of]}, ${source}`;
  return (
    <span className={styles[of]} title={explanation}>
      {children}
      {of === "measured" && <sup aria-hidden="true">m</sup>}
      <span className={styles.said}> ({explanation})</span>
    </span>
  );
}
