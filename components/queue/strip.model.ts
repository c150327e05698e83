import type { InFlightPod } from "#lib/protocol/index.ts";
import { columnIndexOf, seqsOf, type Column, type Columns } from "./columns.model.ts";
import { columnX, listWidth, type Density, type Measures } from "./geometry.model.ts";

const mostInDocument = 500;

/** Whether a list, as it is folded, is too long for one element in the document per cell. */
export function isDrawnOnCanvas({ columns }: Columns): boolean {
  return columns.length > mostInDocument;
}

/** The list's stretches, left to right, as pixels: what was pruned, what does not count for the pod, what does. */
export interface Regions {
  readonly ghosts: { readonly from: number; readonly to: number } | undefined;
  readonly older: { readonly from: number; readonly to: number } | undefined;
  /** From the pod's own element to the tail. */
  readonly recent: { readonly from: number; readonly to: number } | undefined;
  readonly end: number;
}

export function regionsOf(m: Measures, { columns, ghosts }: Columns, pod: InFlightPod | undefined): Regions {
  const end = columns.length === 0 ? 0 : listWidth(m, columns.length);
  const ghostsEnd = ghosts === 0 ? 0 : ghosts * m.pitch + 1;
  const own = pod === undefined ? undefined : startOf(m, columns, pod.seq);
  return {
    ghosts: ghosts === 0 ? undefined : { from: 0, to: ghostsEnd },
    older: own === undefined || own - m.pitch / 2 <= ghostsEnd ? undefined : { from: ghostsEnd, to: own },
    recent: own === undefined ? undefined : { from: own, to: end },
    end,
  };
}

/** x where a pod's window begins: its marker, or the left edge when the marker is older than what is drawn. */
function startOf(m: Measures, columns: readonly Column[], seq: number): number | undefined {
  const index = columnIndexOf(columns, seq);
  if (index !== -1) return columnX(m, index);
  const first = columns[0];
  return first !== undefined && seqsOf(first).from > seq ? 0 : undefined;
}

/** Whether a column stands before the pod's own element, and so does not count for it. */
export function isOlder(column: Column, pod: InFlightPod | undefined): boolean {
  return pod !== undefined && seqsOf(column).to < pod.seq;
}

/** Elements of the list whose columns are scrolled out to the left, more than half. */
export function hiddenBefore(m: Measures, { columns, ghosts }: Columns, left: number): number {
  const first = Math.max(0, Math.round(left / m.pitch));
  return columns
    .slice(ghosts, first)
    .reduce((sum, column) => sum + (column.kind === "fold" ? column.events.length : 1), 0);
}

/** The number under a tile, as far as it fits: its end is what tells neighbours apart. */
export function seqText(seq: number, density: Density): string {
  const text = String(seq);
  const room = { narrow: 2, regular: 6, wide: 7 }[density];
  if (text.length <= room) return text;
  return `…${text.slice(-Math.min(room, 5))}`;
}

/** Where a step along the chain leads, by key; stays at the ends. */
export function roving(columns: readonly Column[], ghosts: number, current: number, key: string): number | undefined {
  const last = columns.length - 1;
  if (last < ghosts) return undefined;
  const within = (index: number): number => Math.min(last, Math.max(ghosts, index));
  switch (key) {
    case "ArrowLeft":
    case "h":
      return within(current - 1);
    case "ArrowRight":
    case "l":
      return within(current + 1);
    case "Home":
      return ghosts;
    case "End":
      return last;
    default:
      return undefined;
  }
}

/** The next pod in flight before or behind the selected one; from nothing selected, the newest or the oldest. */
export function neighbour(
  pods: readonly { readonly uid: string }[],
  selected: string | undefined,
  step: 1 | -1,
): string | undefined {
  const current = pods.findIndex(({ uid }) => uid === selected);
  if (current === -1) return pods.at(step === 1 ? 0 : -1)?.uid;
  return pods[Math.min(pods.length - 1, Math.max(0, current + step))]?.uid;
}
