import type { Timer } from "#lib/clock/index.ts";
import { attemptLabel, type AttemptLength } from "#lib/protocol/index.ts";
import { listAt, textAt, type ApiObject } from "../storage/api-object.ts";
import type { ScenarioContext } from "./context.ts";
import { newNode } from "./node.ts";
import { newHero, storyLabel } from "./stories/story.ts";

const code = "missed-event";
/** Its pods come before all others: while there are any, nobody else is popped. */
const priorityClass = { name: code, value: 1_000_000 } as const;
/** As many as fly at once. */
const elderCount = 6;
/** More than one, so that one that comes back in time for help leaves others that do not. */
const heroCount = 3;
const stepMs = 50;
const mostSteps = 400;
/** Until a hero was tried again, if anybody told it. */
const restMs = 3_000;

const bystander = { plural: "nodes", namespace: "", name: `${code}-1` } as const;
const room = { plural: "nodes", namespace: "", name: `${code}-2` } as const;
const refOf = (name: string) => ({ plural: "pods", namespace: code, name });
/**
 * Plays what the event list of 1.28.0 cannot bear: elders are in flight while something changes, a hero is popped behind
 * that event, the elders come back, and the one node that the hero waits for comes before the hero does. A correct queue
 * tries the hero again at once. Then, and where somebody else kept the event in the list, the play begins anew. Attempts
 * at heroes take longer than any other: who was popped before them is back before them, however much is going on.
 */
export function startLostEvent({ client, clock }: ScenarioContext): () => void {
  let timer: Timer | undefined;
  let changes = 0;
  const elders = namesOf("elder", elderCount);
  const heroes = namesOf("ranker", heroCount);
  const later = (ms: number, step: () => void): void => void (timer = clock.setTimer(ms, step));
  const createNode = (name: string, labels: Readonly<Record<string, string>>): void => {
    const now = new Date(clock.now()).toISOString().replace(/\.\d+/, "");
    const taints = [{ key: storyLabel, value: code, effect: "NoSchedule" } as const];
    const shape = { name, zone: "eu-1a", pool: "story", cpu: 4, memoryGi: 16, labels, taints };
    client.create("nodes", newNode(shape, now));
  };
  const begin = (): void => {
    for (const ref of [...heroes.map(refOf), room]) client.removeForGood(ref);
    later(restMs, () => {
      for (const name of elders) client.create("pods", podOf(name, "none", "short"));
      for (const name of heroes) client.create("pods", podOf(name, code, "long"));
      change(mostSteps);
    });
  };
  /** Until the last elder is back: then heroes have its place, and those of others. */
  const change = (steps: number): void => {
    client.patchIfPresent(bystander, { metadata: { labels: { "example.com/change": String(++changes) } } });
    later(stepMs, () => {
      if (steps > 0 && !elders.every(isBack)) change(steps - 1);
      else help();
    });
  };
  const isBack = (name: string): boolean => {
    const pod = client.get(refOf(name));
    return pod === undefined || isReportedOn(pod);
  };
  const help = (): void => {
    createNode(room.name, { [storyLabel]: code });
    later(restMs, () => {
      for (const name of elders) client.removeForGood(refOf(name));
      look();
    });
  };
  const look = (): void => {
    const pods = heroes.flatMap((name) => client.get(refOf(name)) ?? []);
    if (pods.some((pod) => textAt(pod, "spec", "nodeName") === "")) later(restMs, look);
    else begin();
  };
  client.create("namespaces", { metadata: { name: code, labels: { [storyLabel]: code } } });
  client.create("priorityclasses", { metadata: { name: priorityClass.name }, value: priorityClass.value });
  createNode(bystander.name, {});
  begin();
  return () => timer?.cancel();
}

/**
 * It tolerates everything, so NodeAffinity alone rejects it, and no other node that changes wakes it.
 *
 * @param story of the nodes that it waits for
 */
function podOf(name: string, story: string, attempt: AttemptLength) {
  const spec = { priorityClassName: priorityClass.name, nodeSelector: { [storyLabel]: story } };
  const pod = newHero({ code, spec, labels: { [attemptLabel]: attempt } });
  const tolerations = [{ operator: "Exists" }];
  return { metadata: { ...pod.metadata, name }, spec: { ...pod.spec, tolerations } };
}

function namesOf(prefix: string, count: number): readonly string[] {
  return Array.from({ length: count }, (_, index) => `${prefix}-${index + 1}`);
}

function isReportedOn(pod: ApiObject): boolean {
  return listAt(pod, "status", "conditions").some(({ type }) => type === "PodScheduled");
}
