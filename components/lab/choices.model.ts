import { actionLabel, actionType } from "#lib/kube/index.ts";
import type { Experiment, Operation } from "#lib/lab/index.ts";
import type { PodWords } from "./words.model.ts";

/** An operation that can be added behind a step. */
export interface Choice {
  readonly title: string;
  readonly hint: string;
  readonly operation: Operation;
}

export interface ChoiceGroup {
  readonly title: string;
  readonly choices: readonly Choice[];
}

/** What makes sense after a step, by what it is about. */
export function choicesAfter(experiment: Experiment, step: number, pods: PodWords): readonly ChoiceGroup[] {
  const { pictures } = experiment.at(step);
  const flying = new Set(
    [...pictures.current.places.inFlight, ...pictures.historical.places.inFlight].map(({ uid }) => uid),
  );
  const canPop = [pictures.current, pictures.historical].some(
    ({ places }) => places.active.length + places.backoff.length > 0,
  );
  const groups = [
    {
      title: "Attempts",
      choices: [...(canPop ? [pop] : []), ...[...flying].flatMap((uid) => finishings(experiment, uid, pods))],
    },
    { title: "Events", choices: eventChoices(experiment) },
    { title: "Pods and time", choices: [newPod(experiment, pods), ...timeChoices(experiment)] },
  ];
  return groups.filter(({ choices }) => choices.length > 0);
}

const pop: Choice = { title: "pop", hint: "the next pod takes off", operation: { op: "pop" } };

function finishings({ scenario }: Experiment, uid: string, pods: PodWords): readonly Choice[] {
  const letter = pods.letter(uid);
  const rejecting = scenario.config.plugins.filter(({ events }) => (events ?? []).length > 0).map(({ name }) => name);
  return [
    { title: `${letter} bound`, hint: "done", operation: { op: "done", uid } },
    ...rejecting.map((plugin) => ({
      title: `${letter} unschedulable`,
      hint: `by ${plugin}`,
      operation: { op: "fail", uid, plugins: [plugin] },
    })),
    { title: `${letter} error`, hint: "no plugin rejected it", operation: { op: "fail", uid, plugins: [] } },
  ];
}

/** Single bits that a plugin may have registered, by what usually happens first. */
const bits = [actionType.Add, actionType.Delete, ...Object.values(actionType)].filter(
  (mask) => (mask & (mask - 1)) === 0,
);

/** For each registration an event that its hint lets pass, and one that it does not. */
function eventChoices({ scenario }: Experiment): readonly Choice[] {
  const found = new Map<string, Choice>();
  const add = (operation: Operation, hint: string): void => {
    const { event, new: updated, old } = operation;
    const title = `${event?.label ?? ""} ${(updated ?? old)?.name ?? ""}`.trim();
    if (!found.has(title)) found.set(title, { title, hint, operation });
  };
  for (const { name, events } of scenario.config.plugins) {
    for (const { event, hint } of events ?? []) {
      const mask = bits.find((bit) => (event.mask & bit) !== 0) ?? event.mask;
      const resource = event.resource === "Pod" ? "AssignedPod" : event.resource;
      const incoming = { resource, mask, label: resource + actionLabel(mask) };
      const kind = resource.slice(resource.lastIndexOf("/") + 1);
      const key = mask === actionType.Delete ? "old" : "new";
      if (hint.kind === "new-label" && hint.key !== undefined && hint.value !== undefined) {
        const { key: label, value } = hint;
        add(
          { op: "moveAll", event: incoming, [key]: { kind, name: value, labels: { [label]: value } } },
          `${name}: Queue`,
        );
        add({ op: "moveAll", event: incoming, [key]: { kind, name: `no ${value}` } }, `${name}: Skip`);
      } else {
        const object = { kind, name: kind.toLowerCase(), ...(resource === "AssignedPod" && boundPod) };
        add({ op: "moveAll", event: incoming, [key]: object }, hint.kind === "skip" ? `${name}: Skip` : name);
      }
    }
  }
  return [...found.values()];
}

const boundPod = { kind: "Pod", ns: "default", uid: "bound-pod", node: "node-1" };

function newPod({ scenario }: Experiment, pods: PodWords): Choice {
  const number = pods.uids.length + 1;
  const scheduler = scenario.config.profiles[0] ?? "default-scheduler";
  const name = `pod-${number}`;
  return {
    title: "add a pod",
    hint: `default/${name}, lowest priority`,
    operation: {
      op: "add",
      pod: { kind: "Pod", name, ns: "default", uid: `${name}-lab`, rv: "1", priority: 0, scheduler },
    },
  };
}

function timeChoices({ scenario }: Experiment): readonly Choice[] {
  const parkedMs = scenario.config.podMaxInUnschedulablePodsDurationSeconds * 1_000;
  return [
    { title: "flush backoffQ", hint: "2 s later", operation: { op: "flushBackoff", afterMs: 2_000 } },
    {
      title: "flush the pool",
      hint: "when the longest stay is over",
      operation: { op: "flushUnschedulable", afterMs: parkedMs + 500 },
    },
  ];
}
