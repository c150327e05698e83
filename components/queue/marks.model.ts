import type { EventElement, InFlightPod } from "#lib/protocol/index.ts";
import type { Column } from "./columns.model.ts";

/**
 * What an event means to a pod in flight. `decides`: the Queue that settles where it would go; `queue`: one that came
 * later; `skip`: its rejecting plugins see no help; `none`: none of them registered for such an event.
 */
export type Mark = "decides" | "queue" | "skip" | "none";

const strength = { none: 0, skip: 1, queue: 2, decides: 3 } as const satisfies Record<Mark, number>;

/** Only events behind the pod's own element count for it; the others have no mark. */
export function markOf(pod: InFlightPod, seq: number): Mark | undefined {
  if (seq <= pod.seq) return undefined;
  if (pod.wouldGoTo.decidedBy === seq) return "decides";
  return pod.hints[seq]?.hint ?? "none";
}

/** Of a fold the strongest mark: a Queue is never hidden behind thirty Skips. */
export function markOfColumn(pod: InFlightPod, column: Column): Mark | undefined {
  switch (column.kind) {
    case "marker":
      return undefined;
    case "event":
      return markOf(pod, column.event.seq);
    case "fold":
      return column.events.map(({ seq }) => markOf(pod, seq)).reduce(stronger, undefined);
    default:
      return column satisfies never;
  }
}

function stronger(a: Mark | undefined, b: Mark | undefined): Mark | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return strength[b] > strength[a] ? b : a;
}

/** Events behind a pod's own element: those that decide. */
export function countBehind(pod: InFlightPod, columns: readonly Column[]): number {
  return columns.reduce((sum, column) => sum + eventsOf(column).filter(({ seq }) => seq > pod.seq).length, 0);
}

export function eventsOf(column: Column): readonly EventElement[] {
  if (column.kind === "event") return [column.event];
  return column.kind === "fold" ? column.events : [];
}
