import { queueNames } from "#components/ui/index.ts";
import { examined, unseen, type Examination } from "#lib/lab/index.ts";
import type { PodWords } from "./words.model.ts";

export interface Fact {
  readonly term: string;
  readonly text: string;
  readonly tone: "plain" | "strong" | "alarm";
}

/** One line of the loop that looks at the events, with what becomes of it. */
export interface LoopLine {
  readonly code: readonly { readonly text: string; readonly isStrong: boolean }[];
  readonly note: string;
  readonly tone: "plain" | "alarm" | "decides";
  /** The line by which the loop ends. */
  readonly isTaken: boolean;
}

export interface ExaminationWords {
  readonly title: string;
  readonly facts: readonly Fact[];
  readonly loop: readonly LoopLine[];
}

const terms = ["marker", "marker.next", "events examined", "decision"] as const;

/** What a pod examines, as four facts and the loop, on both sides with the same lines. */
export function examinationWords(
  examination: Examination | undefined,
  uid: string | undefined,
  pods: PodWords,
): ExaminationWords {
  const letter = uid === undefined ? "a pod" : pods.letter(uid);
  if (examination === undefined) {
    return {
      title: `What ${letter} examines`,
      facts: terms.map((term) => ({
        term,
        text: term === "marker" ? `${letter} is not in flight` : "–",
        tone: "plain",
      })),
      loop: loopLines(undefined, letter),
    };
  }
  const { step } = examination;
  return {
    title: step === undefined ? wouldExamine(examination, letter) : `What ${letter} examined in step ${step}`,
    facts: [
      { term: "marker", text: markerText(examination, letter), tone: "plain" },
      nextFact(examination),
      countFact(examination),
      { term: "decision", text: decisionText(examination), tone: "strong" },
    ],
    loop: loopLines(examination, letter),
  };
}

function wouldExamine({ rejectors }: Examination, letter: string): string {
  const by = rejectors.length === 0 ? "after an error" : `rejected by ${rejectors.join(", ")}`;
  return `What ${letter} would examine now, ${by}`;
}

function markerText({ marker, takenOffIn }: Examination, letter: string): string {
  switch (marker.kind) {
    case "own":
      return `${letter}, inserted in step ${takenOffIn}`;
    case "start":
      return "none: the list was empty, it reads from the front";
    case "foreign":
      return marker.removedIn === undefined
        ? `${marker.event}, still in the list`
        : `${marker.event}, removed in step ${marker.removedIn}`;
    default:
      return marker satisfies never;
  }
}

const shownNames = 6;

function nextFact(examination: Examination): Fact {
  const [first, ...rest] = examination.seen.map(({ name }) => name);
  const isLost = unseen(examination).length > 0;
  if (first === undefined) {
    return {
      term: "marker.next",
      text: isLost ? "null" : "null, nothing happened since",
      tone: isLost ? "alarm" : "plain",
    };
  }
  const more = rest.length > shownNames ? `${rest.slice(0, shownNames).join(", ")} …` : rest.join(", ");
  return { term: "marker.next", text: rest.length === 0 ? first : `${first}, then ${more}`, tone: "plain" };
}

function countFact(examination: Examination): Fact {
  const { seen, since, rejectors, decision } = examination;
  const total = since.length;
  const term = "events examined";
  if (rejectors.length === 0) return { term, text: "none: after an error it is retried anyway", tone: "plain" };
  if (unseen(examination).length > 0) return { term, text: `${seen.length} of ${total}`, tone: "alarm" };
  const count = `${examined(examination)} of ${total}`;
  if (decision.decidedBy !== undefined)
    return { term, text: `${count}, ${decision.decidedBy} says Queue`, tone: "plain" };
  return { term, text: total === 0 ? count : `${count}, none says Queue`, tone: "plain" };
}

function decisionText({ decision, rejectors }: Examination): string {
  const { to, verdict, plugin } = decision;
  const queue = placeNamesOf[to];
  if (to === "gated") return `held by ${plugin ?? "a plugin"}, so gated`;
  if (rejectors.length === 0) return `an error, so ${queue}`;
  if (verdict === "immediately") return `Queue for a pending plugin, so ${queue}`;
  return verdict === "afterBackoff" ? `Queue, so ${queue}` : `no Queue hint, so ${queue}`;
}

export const placeNamesOf = {
  active: queueNames.active,
  backoff: queueNames.backoff,
  errorBackoff: queueNames.backoff,
  unschedulable: queueNames.unschedulable,
  gated: queueNames.gated,
} as const satisfies Record<Examination["decision"]["to"], string>;

function loopLines(examination: Examination | undefined, letter: string): readonly LoopLine[] {
  const forLine = code("for (let e = ", "marker.next", "; e; e = e.next)");
  const hintLine = code(`  if (hint(e) === Queue) return requeue(${letter})`);
  const endLine = code(`return unschedulable(${letter})`);
  const idle = { note: "", tone: "plain", isTaken: false } as const;
  if (examination === undefined) {
    return [
      { code: forLine, ...idle },
      { code: hintLine, ...idle },
      { code: endLine, ...idle },
    ];
  }
  const { seen, rejectors, decision } = examination;
  const never = { note: "never runs", tone: "plain", isTaken: false } as const;
  if (rejectors.length === 0) {
    return [
      {
        code: code(`if (rejectors.size === 0) return requeue(${letter})`),
        note: "taken",
        tone: "decides",
        isTaken: true,
      },
      { code: forLine, ...never },
      { code: endLine, ...never },
    ];
  }
  const isLost = unseen(examination).length > 0;
  const first = seen[0]?.name;
  const tone = isLost ? "alarm" : "plain";
  if (decision.decidedBy !== undefined) {
    const walked = seen.slice(0, examined(examination)).map(({ name }) => name);
    return [
      { code: forLine, note: shortened(walked), tone: "decides", isTaken: false },
      { code: hintLine, note: "taken", tone: "decides", isTaken: true },
      { code: endLine, ...never },
    ];
  }
  return [
    {
      code: forLine,
      note: first === undefined ? "null" : shortened(seen.map(({ name }) => name)),
      tone,
      isTaken: false,
    },
    { code: hintLine, note: first === undefined ? "never runs" : "never true", tone: "plain", isTaken: false },
    { code: endLine, note: "taken", tone, isTaken: true },
  ];
}

function shortened(names: readonly string[]): string {
  return names.length <= 3 ? names.join(", ") : `${names[0] ?? ""} … ${names.at(-1) ?? ""}`;
}

/** @param strong the middle part, which is what the two schemes read differently. */
function code(before: string, strong = "", after = ""): LoopLine["code"] {
  return [
    { text: before, isStrong: false },
    { text: strong, isStrong: true },
    { text: after, isStrong: false },
  ].filter(({ text }) => text !== "");
}
