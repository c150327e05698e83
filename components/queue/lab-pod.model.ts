import type { PodInLab } from "#components/lab/index.ts";
import type { Events, InFlightPod, LostEvent } from "#lib/protocol/index.ts";

/** The attempt of a pod in flight, with what happened behind its own element, as the Lab plays it. */
export function inFlightInLab(pod: InFlightPod, { elements }: Events): PodInLab {
  const { namespace, name, uid, rejectors, seq, hints } = pod;
  const events = Object.values(elements).flatMap((element) => {
    if (element.kind !== "event" || element.seq <= seq) return [];
    const said = hints[element.seq];
    const answers = said === undefined ? {} : ({ [said.plugin]: said.hint === "queue" ? "Queue" : "Skip" } as const);
    return [{ label: element.label, object: element.object ?? "", answers }];
  });
  return { namespace, name, uid, rejectors: rejectors.map(({ plugin }) => plugin), events };
}

/** The attempt during which the historical list lost an event. */
export function lossInLab({ namespace, name, uid, event, plugin }: LostEvent): PodInLab {
  const wanted = plugin ?? "SomePlugin";
  const lost = { label: event.label, object: event.object ?? "", answers: { [wanted]: "Queue" } } as const;
  return { namespace, name, uid, rejectors: [wanted], events: [lost] };
}
