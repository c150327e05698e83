import { recentSentence } from "./sentences.model.ts";
import type { Regions } from "./strip.model.ts";

export interface RegionLabel {
  readonly kind: "pruned" | "older" | "recent" | "tail";
  readonly text: string;
  readonly from: number;
  readonly to: number;
}

export interface RegionWords {
  readonly regions: Regions;
  /** What the ghosts say, and what stands at the head instead when there are none. */
  readonly pruned: string;
  readonly undrawn: string | undefined;
  readonly letter: string | undefined;
  readonly behind: number;
}

const glyphWidth = 6;
const padding = 16;

/** Rather too wide than too narrow: a label that would be cut is left out. */
function widthOf(text: string): number {
  return text.length * glyphWidth + padding;
}

/** What stands above the chain, and where. Nothing overlaps; what does not fit is said shorter, or not at all. */
export function regionLabels({ regions, pruned, undrawn, letter, behind }: RegionWords): readonly RegionLabel[] {
  const { ghosts, older, recent, end } = regions;
  const labels: RegionLabel[] = [];
  let free = end;
  if (recent !== undefined && letter !== undefined) {
    const text = recentSentence(letter, behind);
    const from = Math.max(0, Math.min(recent.from, end - widthOf(text)));
    labels.push({ kind: "recent", text, from, to: end });
    if (end - from - widthOf(text) > widthOf(tail)) labels.push({ kind: "tail", text: tail, from, to: end });
    free = from;
  } else if (end > widthOf(tail)) {
    free = end - widthOf(tail);
    labels.push({ kind: "tail", text: tail, from: free, to: end });
  }
  if (older !== undefined && letter !== undefined) {
    const { from } = older;
    const to = Math.min(older.to, free);
    const text = [`older than ${letter}, not counted`, "not counted"].find((words) => widthOf(words) <= to - from);
    if (text !== undefined) labels.push({ kind: "older", text, from, to });
    free = Math.min(free, from);
  }
  const head = ghosts === undefined ? undrawn : pruned;
  if (head !== undefined && widthOf(head) <= free) {
    const to = older === undefined ? Math.max(ghosts?.to ?? 0, widthOf(head)) : free;
    labels.push({ kind: "pruned", text: head, from: 0, to: Math.min(free, to) });
  }
  return labels;
}

const tail = "tail, newest";
