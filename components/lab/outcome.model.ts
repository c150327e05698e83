import { formatPeriod, type GlyphState } from "#components/ui/index.ts";
import type { Examination, Frame, PlaceName, PodAt, SidePicture } from "#lib/lab/index.ts";
import { placeNamesOf } from "./examination.model.ts";
import type { PodWords } from "./words.model.ts";

export interface Outcome {
  readonly glyph: GlyphState;
  readonly strong: string;
  readonly rest: string;
}

export interface OutcomeContext {
  readonly frame: Frame;
  readonly uid: string | undefined;
  readonly pods: PodWords;
  /** How long a pod may stay parked. */
  readonly maxParkedMs: number;
}

/** Where the pod that is looked at is, or would go, and until when. */
export function outcomeOf(picture: SidePicture, context: OutcomeContext): Outcome {
  const { uid, pods, frame, maxParkedMs } = context;
  if (uid === undefined) return { glyph: "unknown", strong: "No pod is looked at", rest: "." };
  const letter = pods.letter(uid);
  const at = placeOf(picture, uid);
  const examination = examinationOf(picture, uid);
  if (at === undefined) return { glyph: "unknown", strong: `${letter} is in no queue`, rest: "." };
  switch (at.place) {
    case "inFlight":
      return wouldGo(letter, examination);
    case "unschedulable":
      return {
        glyph: "unschedulable",
        strong: `${letter} sits in unschedulable`,
        rest: ` until the ${flushWords(maxParkedMs)} flush.`,
      };
    case "backoff":
      return {
        glyph: "backoff",
        strong: `${letter} retries in ${secondsUntil(at.pod.until, frame.now)}`,
        rest: reason(examination),
      };
    case "active":
      return { glyph: "active", strong: `${letter} is ready`, rest: " to be tried." };
    case "gated":
      return { glyph: "gated", strong: `${letter} is held back`, rest: " by a PreEnqueue plugin." };
    case "bound":
      return { glyph: "bound", strong: `${letter} is bound`, rest: "." };
    default:
      return at.place satisfies never;
  }
}

function wouldGo(letter: string, examination: Examination | undefined): Outcome {
  if (examination === undefined) return { glyph: "inFlight", strong: `${letter} is in flight`, rest: "." };
  const { to } = examination.decision;
  const glyph = to === "errorBackoff" ? "backoff" : to;
  return { glyph, strong: `${letter} would go to ${placeNamesOf[to]}`, rest: " if it came back now." };
}

function reason(examination: Examination | undefined): string {
  const decidedBy = examination?.decision.decidedBy;
  return decidedBy === undefined ? "." : ` because ${decidedBy} says Queue.`;
}

/** Told as the end of the sentence "Old: …". */
export function outcomeInShort(picture: SidePicture, { frame, uid, maxParkedMs }: OutcomeContext): string {
  const at = uid === undefined ? undefined : placeOf(picture, uid);
  if (at === undefined) return "in no queue";
  switch (at.place) {
    case "unschedulable":
      return `waits up to ${flushWords(maxParkedMs).replace("minute", "minutes")}`;
    case "backoff":
      return `retried in ${secondsUntil(at.pod.until, frame.now)}`;
    case "active":
      return "ready to be tried";
    case "inFlight":
      return "in flight";
    case "gated":
      return "held back";
    case "bound":
      return "bound";
    default:
      return at.place satisfies never;
  }
}

/** The last word of a pod on where it goes: the step that handed it back, or now. */
export function examinationOf(picture: SidePicture, uid: string): Examination | undefined {
  for (const [key, examination] of picture.examinations) if (key === uid) return examination;
  return undefined;
}

function placeOf({ places }: SidePicture, uid: string): { readonly place: PlaceName; readonly pod: PodAt } | undefined {
  for (const place of Object.keys(places) as PlaceName[]) {
    const pod = places[place].find((one) => one.uid === uid);
    if (pod !== undefined) return { place, pod };
  }
  return undefined;
}

/** `5 minute`. */
function flushWords(maxParkedMs: number): string {
  return maxParkedMs % 60_000 === 0 ? `${maxParkedMs / 60_000} minute` : formatPeriod(maxParkedMs);
}

/** Backoffs end on whole seconds: to a tenth, rounded. */
function secondsUntil(until: number | undefined, now: number): string {
  return `${(Math.max(0, (until ?? now) - now) / 1_000).toFixed(1)} s`;
}
