import { formatPlural } from "#components/ui/index.ts";
import type { Experiment } from "#lib/lab/index.ts";
import { outcomeInShort } from "./outcome.model.ts";
import type { PodWords } from "./words.model.ts";

export interface Headline {
  readonly isDivergent: boolean;
  readonly title: string;
  /** What became of the pod on both sides. */
  readonly aside: string;
}

export function maxParkedMs({ scenario }: Experiment): number {
  return scenario.config.podMaxInUnschedulablePodsDurationSeconds * 1_000;
}

/** The first divergence in one sentence, or that there is none. */
export function headlineOf(experiment: Experiment, pods: PodWords): Headline {
  const { divergences, length } = experiment;
  const apart = divergences.find(({ apartFrom }) => apartFrom !== undefined);
  if (apart?.apartFrom !== undefined) {
    const { pod, apartFrom } = apart;
    const back = experiment.handBackIn(apartFrom, pod);
    const marker = back?.historical.marker;
    const why =
      marker?.kind === "foreign" && marker.removedIn !== undefined
        ? `: its marker ${marker.event} left the old list in step ${marker.removedIn}`
        : "";
    const frame = experiment.at(apartFrom);
    const context = { frame, uid: pod, pods, maxParkedMs: maxParkedMs(experiment) };
    const { historical, current } = frame.pictures;
    return {
      isDivergent: true,
      title: `Same operations, different outcome for ${pods.letter(pod)} from step ${apartFrom}${why}.`,
      aside: `Old: ${outcomeInShort(historical, context)}. Fixed: ${outcomeInShort(current, context)}.`,
    };
  }
  const [blind] = divergences;
  if (blind !== undefined) {
    const steps = blind.from === blind.to ? `in step ${blind.from}` : `in steps ${blind.from} to ${blind.to}`;
    const letter = pods.letter(blind.pod);
    return {
      isDivergent: true,
      title: `The old list shows ${letter} less ${steps}, and no pod ends up in another place.`,
      aside: "",
    };
  }
  const steps =
    length === 0 ? "There are no operations." : `Both queues do the same in all ${formatPlural(length, "step")}.`;
  return { isDivergent: false, title: length === 1 ? "Both queues do the same." : steps, aside: "" };
}
