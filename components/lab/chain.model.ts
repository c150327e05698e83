import { examined, unseen, type Examination, type SideElement, type SidePicture } from "#lib/lab/index.ts";
import type { PodWords } from "./words.model.ts";

/** What stands under an event that the pod is shown. */
export type Hint = "decides" | "queue" | "skip" | "none";

export interface ChainCell {
  readonly key: string;
  /** Middle, from the left. */
  readonly x: number;
  readonly text: string;
  readonly kind: "pod" | "event";
  readonly uid: string | undefined;
  /** It left the list. */
  readonly isGone: boolean;
  /** Behind the marker of the pod that is looked at, and shown to it. */
  readonly hint: Hint | undefined;
  readonly references: string | undefined;
  /** Said to assistive technology, and as a tooltip. */
  readonly name: string;
}

/** A pod that is no element of the list: it hangs over the place where it starts to read. */
export interface Pointer {
  readonly uid: string;
  readonly letter: string;
  readonly x: number;
  /** Nothing comes after where it points. */
  readonly isBroken: boolean;
}

export interface Chain {
  readonly width: number;
  /** From one middle to the next. */
  readonly pitch: number;
  readonly cells: readonly ChainCell[];
  /** Middles between neighbours that know each other. */
  readonly links: readonly number[];
  /** Ends of the hatched ground under what left the list. */
  readonly goneTo: number | undefined;
  readonly goneLabel: string;
  readonly headX: number | undefined;
  readonly tailX: number | undefined;
  /** Current scheme: where the window of the pod begins. */
  readonly windowFrom: number | undefined;
  readonly windowLabel: string;
  readonly focus: Pointer | undefined;
  readonly others: readonly Pointer[];
  /** Historical scheme: pods that read from the front. */
  readonly startX: number | undefined;
  readonly unseen: { readonly from: number; readonly to: number; readonly label: string } | undefined;
  /** Elements that are not drawn, between those that are. */
  readonly undrawn: number;
  readonly captions: readonly string[];
  /** The finding, for who does not see the drawing. */
  readonly summary: string;
}

export interface ChainOptions {
  readonly scheme: "historical" | "current";
  readonly picture: SidePicture;
  readonly uid: string | undefined;
  readonly examination: Examination | undefined;
  readonly pods: PodWords;
  /** Room there is without scrolling. */
  readonly room: number;
}

const drawnAtMost = 60;
/** Of those, how many at the head; the others are at the tail. */
const drawnAtHead = 20;
const roomy = 62;
const tight = 46;
const inset = 14;
/** Between what left the list and its head. */
const gap = 16;

export function chainOf(options: ChainOptions): Chain {
  const { scheme, picture, uid, pods } = options;
  const flight = picture.flights.find((one) => one.uid === uid);
  const examination = flight === undefined ? undefined : options.examination;
  const { elements, undrawn } = drawn(picture.elements);
  const fewCells = Math.floor((options.room - 2 * inset - gap) / roomy);
  const ghosts = ghostsOf(picture, examination).slice(-Math.max(1, fewCells - elements.length));
  const shown = [...ghosts, ...elements];
  const hasStart = scheme === "historical" && picture.flights.some(({ marker }) => marker.kind === "start");
  const pitch = shown.length + (hasStart ? 1 : 0) > fewCells ? tight : roomy;
  const first = inset + pitch / 2;
  const behindGhosts = (ghosts.length > 0 ? gap : 0) + (hasStart ? pitch / 2 : 0);
  const offset = (index: number): number => first + index * pitch + (index >= ghosts.length ? behindGhosts : 0);
  const ghostSeqs = new Set(ghosts.map(({ seq }) => seq));
  const cells = shown.map((element, index) =>
    cellOf(element, { x: offset(index), isGone: ghostSeqs.has(element.seq), examination, pods }),
  );
  const live = cells.slice(ghosts.length);
  const startX = hasStart ? offset(ghosts.length) - (3 * pitch) / 4 : undefined;
  const xOf = new Map(shown.map(({ seq }, index) => [seq, offset(index)]));
  const pointers =
    scheme === "current"
      ? []
      : picture.flights.flatMap((one) => pointerOf(one, { xOf, startX, pods, isEmpty: live.length === 0 }));
  const own = live.find((cell) => cell.kind === "pod" && cell.uid === uid);
  return {
    pitch,
    width: Math.max(options.room, (cells.at(-1)?.x ?? 0) + pitch / 2 + inset),
    cells,
    links: live.slice(1).map(({ x }) => x - pitch / 2),
    goneTo: ghosts.length === 0 ? undefined : first + ghosts.length * pitch - pitch / 2,
    goneLabel: scheme === "historical" ? "removed" : "pruned",
    headX: live[0]?.x,
    tailX: live.at(-1)?.x,
    windowFrom: own?.x,
    windowLabel: own === undefined ? "" : windowLabel(pods.letter(own.uid ?? ""), examination),
    focus: pointers.find((pointer) => pointer.uid === uid),
    others: pointers.filter((pointer) => pointer.uid !== uid),
    startX,
    unseen: unseenIn(live, examination),
    undrawn,
    captions: captionsOf(options, flight !== undefined),
    summary: summaryOf(options, examination),
  };
}

/** What left last; with it the marker of the pod that is looked at, however long ago that left. */
function ghostsOf({ ghosts }: SidePicture, examination: Examination | undefined): readonly SideElement[] {
  const marker = examination?.marker;
  if (marker?.kind !== "foreign" || marker.removedIn === undefined) return ghosts;
  const known = ghosts.find(({ seq }) => seq === marker.seq);
  // It stands nearest to the head: that is where its arrow breaks off.
  if (known !== undefined) return [...ghosts.filter((ghost) => ghost !== known), known];
  const gone: SideElement = {
    kind: "event",
    seq: marker.seq,
    name: marker.event,
    label: "",
    object: undefined,
    neededBy: undefined,
  };
  return [...ghosts.slice(-2), gone];
}

function drawn(elements: readonly SideElement[]): {
  readonly elements: readonly SideElement[];
  readonly undrawn: number;
} {
  const undrawn = Math.max(0, elements.length - drawnAtMost);
  if (undrawn === 0) return { elements, undrawn };
  return { elements: [...elements.slice(0, drawnAtHead), ...elements.slice(drawnAtHead + undrawn)], undrawn };
}

interface CellContext {
  readonly x: number;
  readonly isGone: boolean;
  readonly examination: Examination | undefined;
  readonly pods: PodWords;
}

function cellOf(element: SideElement, { x, isGone, examination, pods }: CellContext): ChainCell {
  const state = isGone ? ", left the list" : "";
  if (element.kind === "pod") {
    const letter = pods.letter(element.uid);
    const name = `pod ${letter}, ${pods.name(element.uid)}${state}`;
    return {
      key: `${element.seq}`,
      x,
      text: letter,
      kind: "pod",
      uid: element.uid,
      isGone,
      hint: undefined,
      references: undefined,
      name,
    };
  }
  const { name, label, object, neededBy } = element;
  const hint = isGone ? undefined : hintOf(examination, name);
  const says = hint === undefined || examination === undefined ? "" : `, ${hintWords[hint]}`;
  const about = [label, object].filter(Boolean).join(" ");
  return {
    key: `${element.seq}`,
    x,
    text: name,
    kind: "event",
    uid: undefined,
    isGone,
    hint,
    references: neededBy === undefined || isGone ? undefined : `${neededBy} ${neededBy === 1 ? "ref" : "refs"}`,
    name: `event ${name}${about === "" ? "" : `, ${about}`}${state}${says}`,
  };
}

export const hintWords = {
  decides: "Queue, decides",
  queue: "Queue",
  skip: "Skip",
  none: "no hint",
} as const satisfies Record<Hint, string>;

function hintOf(examination: Examination | undefined, name: string): Hint | undefined {
  if (examination === undefined || examination.rejectors.length === 0) return undefined;
  const seen = examination.seen.find((one) => one.name === name);
  if (seen === undefined) return undefined;
  switch (seen.answer) {
    case "Queue":
      return seen.decides ? "decides" : "queue";
    case "Skip":
      return "skip";
    case "none":
      return "none";
    default:
      return seen.answer satisfies never;
  }
}

interface PointerContext {
  readonly xOf: ReadonlyMap<number, number>;
  readonly startX: number | undefined;
  readonly pods: PodWords;
  readonly isEmpty: boolean;
}

function pointerOf({ uid, marker }: SidePicture["flights"][number], context: PointerContext): readonly Pointer[] {
  const letter = context.pods.letter(uid);
  const x = marker.kind === "foreign" ? context.xOf.get(marker.seq) : context.startX;
  if (x === undefined) return [];
  return [{ uid, letter, x, isBroken: marker.kind === "foreign" && marker.removedIn !== undefined }];
}

function windowLabel(letter: string, examination: Examination | undefined): string {
  const count = examination?.since.length ?? 0;
  return `more recent than ${letter}: ${count} ${count === 1 ? "event" : "events"}`;
}

function unseenIn(live: readonly ChainCell[], examination: Examination | undefined): Chain["unseen"] {
  if (examination === undefined) return undefined;
  const names = new Set(unseen(examination));
  const cells = live.filter(({ kind, text }) => kind === "event" && names.has(text));
  const from = cells[0]?.x;
  const to = cells.at(-1)?.x;
  if (from === undefined || to === undefined) return undefined;
  return { from, to, label: `${names.size} ${names.size === 1 ? "event" : "events"} not seen` };
}

function captionsOf({ scheme, uid, pods, picture, examination }: ChainOptions, isFlying: boolean): readonly string[] {
  const letter = uid === undefined ? "" : pods.letter(uid);
  if (!isFlying || examination === undefined) {
    const count = picture.flights.length;
    return [count === 0 ? "No pod is in flight, so the list is empty." : `${letter} is not in flight.`];
  }
  if (scheme === "current") {
    return [
      `${letter} is itself an element, inserted when it was popped.`,
      `It leaves only when ${letter} is done, so next always works.`,
    ];
  }
  switch (examination.marker.kind) {
    case "foreign":
      return [
        `${letter} marks ${examination.marker.event}, the newest event when it was popped.`,
        `The marker belongs to the list, not to ${letter}.`,
      ];
    case "start":
      return [`The list was empty when ${letter} was popped:`, "it has no marker and reads from the front."];
    case "own":
      return [];
    default:
      return examination.marker satisfies never;
  }
}

function summaryOf({ scheme, uid, pods, picture }: ChainOptions, examination: Examination | undefined): string {
  const title = scheme === "historical" ? "Old list" : "Fixed list";
  const count = picture.elements.length;
  const size = `${title}, ${count} ${count === 1 ? "element" : "elements"}`;
  if (examination === undefined || uid === undefined) return size;
  const letter = pods.letter(uid);
  const lost = unseen(examination);
  if (lost.length > 0)
    return `${size}. ${letter} starts at an event that was removed and does not see ${lost.join(", ")}`;
  const { decidedBy } = examination.decision;
  const looked = `${letter} is shown ${examination.seen.length}, looks at ${examined(examination)}`;
  return `${size}. ${looked}${decidedBy === undefined ? "" : `; ${decidedBy} says Queue`}`;
}
