import {
  actionLabel,
  actionType,
  eventLabel,
  matchClusterEvents,
  type ActionType,
  type ClusterEvent,
  type KubeObject,
  type Pod,
} from "#lib/kube/index.ts";
import type { QueueingHintRegistration } from "#lib/queue/index.ts";
import { firstDifference } from "#lib/queue/testing/first-difference.ts";
import { pluginsOf, registrationsOf, type Profile } from "../profile.ts";
import type { RecordedEvent, RecordedHintScenario, RecordedRandomHints } from "./recorded.ts";
import { TestCluster } from "./test-cluster.ts";

/** One event asked of one plugin: what its hints say, and where the queue puts a pod that only it rejected. */
export function hintDifference(recorded: RecordedHintScenario): string | undefined {
  const cluster = new TestCluster(recorded.cluster);
  const question = questionOf(recorded);
  const matched = registrationsMatching(cluster.profile, recorded.plugin, question.event)
    .map((registration) => ({
      resource: registration.event.resource,
      actions: actionNames(registration.event.actionType),
      hasHintFn: registration.hint !== undefined,
      ...answer(registration, question),
      ...(isAdded(cluster.profile, registration) && { synthetic: true }),
    }))
    .sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
  const queue = throughQueue(new TestCluster(recorded.cluster), recorded.plugin, question, false);
  const queuePending =
    recorded.plugin === "SchedulingGates"
      ? queue
      : throughQueue(new TestCluster(recorded.cluster), recorded.plugin, question, true);
  const expected = {
    ...recorded.expect,
    matched: (recorded.expect.matched ?? []).map((call) => ({ ...call, actions: [...call.actions] })),
  };
  return firstDifference(
    withoutErrorTexts(expected),
    withoutErrorTexts({ label: eventLabel(question.event), matched, queue, queuePending }),
  );
}

/** One event asked of every plugin that registered it. */
export function randomHintDifference(
  { cluster: recordedCluster }: RecordedRandomHints,
  recorded: RecordedRandomHints["cases"][number],
): string | undefined {
  const cluster = new TestCluster(recordedCluster);
  const question = questionOf(recorded);
  const actual: Record<string, unknown> = {};
  for (const { name } of pluginsOf(cluster.profile)) {
    if (name === "SchedulingGates") continue; // it rejects nobody, and is not recorded
    const matching = registrationsMatching(cluster.profile, name, question.event);
    if (matching.length === 0) continue;
    const answers = matching.map((registration) => answer(registration, question));
    const decisive = answers.find(({ hint, error }) => hint === "Queue" || error !== undefined) ?? answers[0];
    actual[name] = { ...decisive, queue: throughQueue(new TestCluster(recordedCluster), name, question, false) };
  }
  // Where no plugin registered the event nothing was recorded.
  return firstDifference(withoutErrorTexts(recorded.expect ?? {}), withoutErrorTexts(actual));
}

interface Question {
  readonly event: ClusterEvent;
  readonly pod: Pod;
  readonly oldObj: KubeObject | undefined;
  readonly newObj: KubeObject | undefined;
}

function questionOf(recorded: {
  readonly event: RecordedEvent;
  readonly pod: Pod;
  readonly oldObj?: KubeObject;
  readonly newObj?: KubeObject;
}): Question {
  const { event, pod, oldObj, newObj } = recorded;
  return { event: { resource: event.resource, actionType: parseAction(event.action) }, pod, oldObj, newObj };
}

function parseAction(name: string): ActionType {
  if (!Object.hasOwn(actionType, name)) throw new Error(`unknown action ${name}`);
  return actionType[name as keyof typeof actionType];
}

function registrationsMatching(profile: Profile, plugin: string, event: ClusterEvent): QueueingHintRegistration[] {
  return pluginsOf(profile)
    .filter(({ name }) => name === plugin)
    .flatMap(registrationsOf)
    .filter((registration) => matchClusterEvents(registration.event, event));
}

function answer(
  { hint }: QueueingHintRegistration,
  { pod, oldObj, newObj }: Question,
): { hint: string; error?: string } {
  if (hint === undefined) return { hint: "Queue" };
  try {
    return { hint: hint(pod, oldObj, newObj) === "Queue" ? "Queue" : "QueueSkip" };
  } catch (error) {
    return { hint: "Queue", error: String(error) };
  }
}

/** The registration for taints that a plugin gets without having asked. */
function isAdded(profile: Profile, registration: QueueingHintRegistration): boolean {
  const plugin = pluginsOf(profile).find(({ name }) => name === registration.plugin);
  return (
    plugin?.eventsToRegister().every(({ event }) => event !== registration.event) === true &&
    registration.hint === undefined &&
    registration.event.actionType === actionType.UpdateNodeTaint
  );
}

/** Several bits by name; a full set of updates is one name. */
function actionNames(mask: ActionType): string[] {
  const whole = actionLabel(mask);
  if (whole === "All") return [whole];
  const names: string[] = [];
  for (const [name, bits] of Object.entries(actionType)) {
    if (name === "Update" || name === "All" || (mask & bits) === 0) continue;
    const isPartOfUpdate = bits !== actionType.Add && bits !== actionType.Delete;
    const label = isPartOfUpdate && (mask & actionType.Update) === actionType.Update ? "Update" : name;
    if (!names.includes(label)) names.push(label);
  }
  return names;
}

/** Sends the event through the real queue, with the pod parked and rejected by this plugin alone. */
function throughQueue(cluster: TestCluster, plugin: string, question: Question, isPending: boolean): string {
  const { event, pod, oldObj, newObj } = question;
  const [old, updated] = [oldObj, newObj];
  const isOfItself =
    event.resource === "UnschedulablePod" &&
    old !== undefined &&
    updated !== undefined &&
    updated.metadata.uid === pod.metadata.uid;
  cluster.queue.add(isOfItself ? old : pod);
  if (plugin !== "SchedulingGates") {
    cluster.fail(cluster.pop(pod), isPending ? [] : [plugin], isPending ? [plugin] : []);
  }
  if (isOfItself) cluster.queue.update(old, updated);
  else cluster.queue.moveAllToActiveOrBackoffQueue(event, oldObj, newObj);
  return cluster.placeOf(pod);
}

/** That a hint fails is its behaviour; in which words is not. */
function withoutErrorTexts(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value, (key, part: unknown) => (key === "error" ? "some error" : part))) as unknown;
}
