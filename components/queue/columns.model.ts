import type { EventElement, Events, InFlightPod, ListElement, PodElement } from "#lib/protocol/index.ts";

/** An element that is drawn. Gone: it left the list, and its place is kept as a ghost. */
interface Shown<E extends ListElement = ListElement> {
  readonly element: E;
  readonly isGone: boolean;
}

/** A row: an in-flight pod, or one that came back while the picture was held. */
export interface ShownPod {
  readonly pod: InFlightPod;
  readonly isGone: boolean;
}

/** What is on the screen: elements in list order, rows oldest first. */
export interface Picture {
  readonly source: Events;
  readonly isHeld: boolean;
  readonly shown: readonly Shown[];
  readonly pods: readonly ShownPod[];
}

/** One place in the drawn list. A fold stands for a run of equal events that no marker interrupts. */
export type Column =
  | { readonly kind: "event"; readonly key: string; readonly event: EventElement; readonly isGone: boolean }
  | { readonly kind: "marker"; readonly key: string; readonly pod: PodElement; readonly isGone: boolean }
  | {
      readonly kind: "fold";
      readonly key: string;
      readonly first: EventElement;
      readonly events: readonly EventElement[];
      readonly isGone: boolean;
    };

/** A run that was opened by a click, by the numbers of its ends: it stays open when events join or leave it. */
export interface OpenRun {
  readonly from: number;
  readonly to: number;
}

export interface Columns {
  readonly columns: readonly Column[];
  /** Leading columns that left the list: drawn on hatched ground. */
  readonly ghosts: number;
  /** Elements of the list that are older than what one picture can hold. */
  readonly undrawn: number;
}

const foldFrom = 8;
/** As many as the server tells, and as many again that left while the picture was held. */
const drawnAtMost = 3_000;
const heldAtMost = 6_000;

function bySeq(a: { readonly seq: number }, b: { readonly seq: number }): number {
  return a.seq - b.seq;
}

/** The next picture. Held, nothing that is drawn leaves its place: what is gone stays as a ghost, news joins the end. */
export function nextPicture(previous: Picture | undefined, source: Events, isHeld: boolean): Picture {
  if (previous?.source === source && previous.isHeld === isHeld) return previous;
  return isHeld && previous !== undefined ? heldPicture(previous, source) : freshPicture(source, isHeld);
}

function freshPicture(source: Events, isHeld: boolean): Picture {
  const live = Object.values(source.elements).sort(bySeq);
  const first = live[0]?.seq ?? Number.POSITIVE_INFINITY;
  const ghosts = source.ghosts.filter((ghost) => ghost.seq < first).sort(bySeq);
  return {
    source,
    isHeld,
    shown: [
      ...ghosts.map((element) => ({ element, isGone: true })),
      ...live.map((element) => ({ element, isGone: false })),
    ],
    pods: Object.values(source.pods)
      .sort(bySeq)
      .map((pod) => ({ pod, isGone: false })),
  };
}

function heldPicture(previous: Picture, source: Events): Picture {
  const known = new Set(previous.shown.map(({ element }) => element.seq));
  const news = Object.values(source.elements).filter(({ seq }) => !known.has(seq));
  const shown = previous.shown.map(({ element }) => {
    const now = source.elements[element.seq];
    return { element: now ?? element, isGone: now === undefined };
  });
  const knownPods = new Set(previous.pods.map(({ pod }) => pod.uid));
  const newPods = Object.values(source.pods).filter(({ uid }) => !knownPods.has(uid));
  const pods = previous.pods.map(({ pod }) => {
    const now = source.pods[pod.uid];
    return { pod: now ?? pod, isGone: now === undefined };
  });
  return {
    source,
    isHeld: true,
    shown: [...shown, ...news.sort(bySeq).map((element) => ({ element, isGone: false }))].slice(-heldAtMost),
    pods: [...pods, ...newPods.sort(bySeq).map((pod) => ({ pod, isGone: false }))].slice(-heldAtMost),
  };
}

export function columnsOf(picture: Picture, open: readonly OpenRun[]): Columns {
  const all: Column[] = [];
  const { shown } = picture;
  for (let start = 0; start < shown.length;) {
    const end = runEnd(shown, start);
    const run = shown.slice(start, end);
    all.push(...(isFolded(run, open) ? [foldOf(run)] : run.map(columnOf)));
    start = end;
  }
  const columns = all.slice(-drawnAtMost);
  const ghosts = columns.findIndex(({ isGone }) => !isGone);
  const drawn = columns.reduce((sum, column) => sum + (column.isGone ? 0 : elementsIn(column)), 0);
  return {
    columns,
    ghosts: ghosts === -1 ? columns.length : ghosts,
    undrawn: Math.max(0, picture.source.length - drawn),
  };
}

/** End of the run of equal events at `start`; a marker, and a change from gone to kept, ends it. */
function runEnd(shown: readonly Shown[], start: number): number {
  const first = shown[start];
  if (first?.element.kind !== "event") return start + 1;
  let end = start + 1;
  for (let next = shown[end]; next !== undefined; next = shown[++end]) {
    const isSame = next.element.kind === "event" && next.element.label === first.element.label;
    if (!isSame || next.isGone !== first.isGone) break;
  }
  return end;
}

function isFolded(run: readonly Shown[], open: readonly OpenRun[]): boolean {
  const from = run[0]?.element.seq ?? 0;
  const to = run.at(-1)?.element.seq ?? 0;
  return run.length >= foldFrom && !open.some((opened) => opened.from <= to && opened.to >= from);
}

function foldOf(run: readonly Shown[]): Column {
  const events = run.flatMap(({ element }) => (element.kind === "event" ? [element] : []));
  const [first] = events;
  if (first === undefined) throw new Error("a fold needs events: fold only runs that runEnd found");
  return { kind: "fold", key: `fold-${first.seq}`, first, events, isGone: run[0]?.isGone ?? false };
}

function columnOf({ element, isGone }: Shown): Column {
  return element.kind === "event"
    ? { kind: "event", key: `event-${element.seq}`, event: element, isGone }
    : { kind: "marker", key: `marker-${element.seq}`, pod: element, isGone };
}

function elementsIn(column: Column): number {
  return column.kind === "fold" ? column.events.length : 1;
}

/** Numbers of the first and the last element in a column. */
export function seqsOf(column: Column): { readonly from: number; readonly to: number } {
  switch (column.kind) {
    case "event":
      return { from: column.event.seq, to: column.event.seq };
    case "marker":
      return { from: column.pod.seq, to: column.pod.seq };
    case "fold":
      return { from: column.first.seq, to: column.events.at(-1)?.seq ?? column.first.seq };
    default:
      return column satisfies never;
  }
}

/** Whether two columns show the same elements in the same state. */
export function isSameColumn(a: Column, b: Column): boolean {
  if (a.isGone !== b.isGone) return false;
  if (a.kind === "fold") return b.kind === "fold" && a.first === b.first && a.events.length === b.events.length;
  return a.kind === "event" ? b.kind === "event" && a.event === b.event : b.kind === "marker" && a.pod === b.pod;
}

/** The column that shows an element, folded or not. */
export function columnIndexOf(columns: readonly Column[], seq: number): number {
  return columns.findIndex((column) => {
    const { from, to } = seqsOf(column);
    return from <= seq && seq <= to;
  });
}

/** Runs that stand open and would be folded: each gets a bracket that closes it again. */
export function openedRuns(
  columns: readonly Column[],
  open: readonly OpenRun[],
): readonly { readonly start: number; readonly end: number; readonly run: OpenRun }[] {
  return open.flatMap((run) => {
    const inside = columns.flatMap((column, index) => {
      const { from, to } = seqsOf(column);
      return column.kind === "event" && from >= run.from && to <= run.to ? [index] : [];
    });
    const start = inside[0];
    const end = inside.at(-1);
    return start === undefined || end === undefined || inside.length < foldFrom ? [] : [{ start, end, run }];
  });
}

/** How many elements came after a number. */
export function elementsAfter(columns: readonly Column[], seq: number): number {
  return columns.reduce((sum, column) => {
    if (column.kind === "fold") return sum + column.events.filter((event) => event.seq > seq).length;
    return sum + (seqsOf(column).from > seq ? 1 : 0);
  }, 0);
}
