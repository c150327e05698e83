import { ChevronDown, ChevronUp } from "lucide-react";
import type { PodSort } from "#lib/protocol/index.ts";
import styles from "./pods-table.module.css";
import { sortedBy, sortOf, type PodsAddress } from "./use-pods-address.ts";

interface Column {
  readonly label: string;
  readonly className: string | undefined;
  /** Absent: one cannot sort by it. */
  readonly sort?: PodSort;
}

const columns: readonly Column[] = [
  { sort: "name", label: "Pod", className: styles.pod },
  { sort: "severity", label: "Verdict", className: styles.verdict },
  { label: "Rejected by", className: styles.plugins },
  { sort: "queue", label: "Queue", className: styles.queue },
  { sort: "attempts", label: "Attempts", className: `${styles.number} ${styles.attempts}` },
  { sort: "priority", label: "Priority", className: `${styles.number} ${styles.priority}` },
  { sort: "age", label: "Pending", className: styles.number },
];

export interface PodsHeadProps {
  readonly sort: PodsAddress["sort"];
  readonly onSort: (sort: PodsAddress["sort"]) => void;
}

export function PodsHead({ sort: current, onSort }: PodsHeadProps) {
  const { by, isDescending } = sortOf(current);
  return (
    <thead>
      <tr>
        {columns.map(({ label, className, sort }) =>
          sort === undefined ? (
            <th key={label} scope="col" className={className}>
              {label}
            </th>
          ) : (
            <th
              key={label}
              scope="col"
              className={className}
              aria-sort={by === sort ? (isDescending ? "descending" : "ascending") : "none"}
            >
              <button type="button" onClick={() => onSort(sortedBy(current, sort))}>
                {label}
                {by === sort && sort === "severity" && isDescending && ", worst first"}
                {by === sort && (isDescending ? <ChevronDown size={13} /> : <ChevronUp size={13} />)}
              </button>
            </th>
          ),
        )}
      </tr>
    </thead>
  );
}
