import { TriangleAlert } from "lucide-react";
import type { InformerRow, Problem } from "#lib/protocol/index.ts";
import styles from "./informer-problem.module.css";

export interface InformerProblemProps {
  readonly row: InformerRow;
  readonly problem: Problem;
}

/** The data stay; what is wrong with them is said above. */
export function InformerProblem({ row, problem }: InformerProblemProps) {
  return (
    <p className={styles.problem}>
      <TriangleAlert size={14} aria-hidden="true" />
      <b>{problem.title}.</b> {problem.message} {problem.hint}
      {row.hasSynced && " What is shown is from before."}
    </p>
  );
}
