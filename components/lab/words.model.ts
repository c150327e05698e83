import { letterOf } from "#components/queue/letters.model.ts";
import { formatAge, formatPeriod, type GlyphState } from "#components/ui/index.ts";
import { podsOf, type Experiment, type Operation, type Scenario } from "#lib/lab/index.ts";

/** What the pods of a scenario are called. */
export interface PodWords {
  /** `A`, `B`, … in the order of their first appearance. */
  readonly letter: (uid: string) => string;
  /** `shop/cart`. */
  readonly name: (uid: string) => string;
  readonly uids: readonly string[];
}

export function podWords(scenario: Scenario): PodWords {
  const pods = podsOf(scenario);
  const uids = [...pods.keys()];
  const letters = new Map(uids.map((uid, index) => [uid, letterOf(index)]));
  return {
    letter: (uid) => letters.get(uid) ?? uid,
    name: (uid) => {
      const pod = pods.get(uid);
      return pod === undefined ? uid : `${pod.ns ?? ""}/${pod.name}`;
    },
    uids,
  };
}

export interface OperationWords {
  readonly title: string;
  readonly detail: string;
  /** `event`: the square of an event. */
  readonly glyph: GlyphState | "event" | "other";
}

/** A row of the list of operations. */
export function operationWords(experiment: Experiment, step: number, pods: PodWords): OperationWords {
  const operation = experiment.scenario.operations[step - 1];
  const summary = experiment.summaries[step];
  if (operation === undefined || summary === undefined) return { title: "start", detail: "", glyph: "other" };
  const words = plainWords(operation, {
    pods,
    subject: summary.subject,
    eventName: experiment.eventNameOf(step) ?? "event",
  });
  const { historical, current } = summary.played;
  if (current.problem === undefined && historical.problem === undefined) return words;
  if (current.problem === historical.problem) return { ...words, detail: `does nothing: ${current.problem}` };
  const [side, problem] = current.problem === undefined ? ["old", historical.problem] : ["fixed", current.problem];
  return { ...words, detail: `${side}: ${problem}` };
}

interface WordsContext {
  readonly pods: PodWords;
  readonly subject: string | undefined;
  readonly eventName: string;
}

function plainWords(operation: Operation, { pods, subject, eventName }: WordsContext): OperationWords {
  const letter = subject === undefined ? "" : ` ${pods.letter(subject)}`;
  const name = subject === undefined ? "" : pods.name(subject);
  const about = (title: string, glyph: OperationWords["glyph"], detail = name): OperationWords => ({
    title,
    detail,
    glyph,
  });
  switch (operation.op) {
    case "add":
      return about(`add${letter}`, "active");
    case "delete":
      return about(`delete${letter}`, "other");
    case "update":
      return about(`update${letter}`, "event", `${eventName} if it is in flight`);
    case "pop":
      return about(`pop${letter}`, "inFlight");
    case "popSpecific":
      return about(`pop${letter}`, "inFlight", "out of turn");
    case "done":
      return about(`${letter.trim()} bound`, "bound", "done, its element leaves");
    case "fail":
      return failWords(operation, letter.trim());
    case "moveAll":
    case "assignedAdd":
    case "assignedUpdate":
      return about(`event ${eventName}`, "event", eventDetail(operation));
    case "activate":
      return about(`activate ${(operation.pods ?? []).map(({ uid = "" }) => pods.letter(uid)).join(", ")}`, "event");
    case "advance":
      return about(`wait ${formatAge(operation.afterMs ?? 1)}`, "other", "the clock moves");
    case "flushBackoff":
      return about("flush backoffQ", "backoff", later(operation.afterMs, "pods whose backoff is over"));
    case "flushUnschedulable":
      return about("flush the pool", "backoff", later(operation.afterMs, "pods parked for too long"));
    case "setSwitch":
      return about(`switch ${operation.on === true ? "on" : "off"}`, "gated", operation.name);
    default:
      return about(operation.op, "other", subject === undefined ? (operation.node ?? "") : name);
  }
}

function failWords({ plugins = [], pending = [] }: Operation, letter: string): OperationWords {
  if (plugins.length === 0 && pending.length === 0) {
    return { title: `${letter} error`, detail: "no plugin rejected it", glyph: "unschedulable" };
  }
  const by = [...plugins, ...pending].join(", ");
  if (plugins.length === 0) return { title: `${letter} pending`, detail: `waits for ${by}`, glyph: "unschedulable" };
  return { title: `${letter} unschedulable`, detail: `by ${by}`, glyph: "unschedulable" };
}

function eventDetail({ event, new: updated, old, pod }: Operation): string {
  const object = updated ?? old ?? pod;
  const where = object?.node === undefined ? (object?.name ?? "") : object.node;
  const label = event?.label ?? "AssignedPodAdd";
  // Of `resource.k8s.io/ResourceClaimAdd` the kind is enough here.
  return `${label.slice(label.lastIndexOf("/") + 1)} ${where}`.trim();
}

function later(afterMs: number | undefined, otherwise: string): string {
  if (afterMs === undefined || afterMs < 1_000) return otherwise;
  const seconds = Math.floor(afterMs / 1_000);
  return seconds % 60 === 0 ? `${seconds / 60} minutes later` : `${formatPeriod(seconds * 1_000)} later`;
}
