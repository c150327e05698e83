import { queueNames } from "#components/ui/index.ts";
import type { Experiment, Played } from "#lib/lab/index.ts";
import { examinationOf } from "./outcome.model.ts";
import type { PodWords } from "./words.model.ts";

type Transition = Played["transitions"][number];

/** What a step did, in a sentence: the author's words, else what the two queues told. */
export function captionOf(experiment: Experiment, step: number, pods: PodWords, introduction: string): string {
  if (step === 0) return introduction;
  const note = experiment.scenario.operations[step - 1]?.note;
  if (note !== undefined) return note;
  const summary = experiment.summaries[step];
  if (summary === undefined) return "";
  const { pictures } = experiment.at(step);
  const told = (side: "historical" | "current"): string => {
    const { problem, transitions } = summary.played[side];
    if (problem !== undefined) return `This does nothing: ${problem}.`;
    const sentences = transitions.flatMap((transition) => {
      const uid = "pod" in transition ? transition.pod.uid : "";
      const decidedBy = examinationOf(pictures[side], uid)?.decision.decidedBy;
      const sentence = sentenceOf(transition, pods, experiment.eventNameOf(step), decidedBy);
      return sentence === undefined ? [] : [sentence];
    });
    return [...new Set(sentences)].slice(0, 3).join(" ");
  };
  const old = told("historical");
  const fixed = told("current");
  if (old === fixed) return fixed === "" ? quiet(experiment, step) : fixed;
  return [old, fixed]
    .map((text, side) => `${side === 0 ? "Old" : "Fixed"}: ${text === "" ? "nothing." : text}`)
    .join(" ");
}

function sentenceOf(
  transition: Transition,
  pods: PodWords,
  eventName: string | undefined,
  decidedBy: string | undefined,
): string | undefined {
  switch (transition.kind) {
    case "popped":
      return `${pods.letter(transition.pod.uid)} takes off.`;
    case "appended":
      return `${eventName ?? "The event"} is kept for the pods in flight.`;
    case "finished":
      return `${pods.letter(transition.pod.uid)} is done.`;
    case "handedBack": {
      const why = decidedBy === undefined ? "" : `, because ${decidedBy} says Queue`;
      return `${pods.letter(transition.pod.uid)} goes to ${placeWords[transition.to]}${why}.`;
    }
    case "moved":
      return `${pods.letter(transition.pod.uid)} goes from ${placeWords[transition.from]} to ${placeWords[transition.to]}.`;
    case "updated":
      return `${pods.letter(transition.pod.uid)} has a new version.`;
    case "pruned":
      return undefined;
    default:
      return transition satisfies never;
  }
}

const placeWords = {
  ...queueNames,
  errorBackoff: queueNames.backoff,
  outside: "outside",
} as const satisfies Record<Extract<Transition, { kind: "moved" }>["from"], string>;

/** Nothing was told, which has reasons of its own. */
function quiet({ scenario, summaries }: Experiment, step: number): string {
  const { op } = scenario.operations[step - 1] ?? {};
  const isFlying = (summaries[step]?.difference.blind.length ?? 0) > 0;
  if (op === "moveAll" && !isFlying) return "Nobody keeps this event: no plugin asked for it, or no pod is in flight.";
  return op === "advance" ? "Time passes." : "Nothing changes.";
}
