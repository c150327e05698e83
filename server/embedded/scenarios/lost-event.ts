import type { Timer } from "#lib/clock/index.ts";
import { listAt, textAt, type ApiObject } from "../storage/api-object.ts";
import type { ScenarioContext } from "./context.ts";
import { newNode } from "./node.ts";
import { newHero, storyLabel } from "./stories/story.ts";

const code = "missed-event";
/** Its pods come before all others: while there are any, nobody else is popped. */
const priorityClass = { name: code, value: 1_000_000 } as const;
/** As many as fly at once. */
const inFlight = 6;
const stepMs = 50;
/** Where others fly for seconds, elders come for so long first: meanwhile the others are bound. */
const crowdingMs = 2_500;
/** So many wait meanwhile that the scheduler never runs out of them before it hears of the next. */
const crowdSize = 30;
const mostSteps = 200;
/** Until the hero was tried again, if anybody told it. */
const restMs = 3_000;

const bystander = { plural: "nodes", namespace: "", name: `${code}-1` } as const;
const room = { plural: "nodes", namespace: "", name: `${code}-2` } as const;
const refOf = (name: string) => ({ plural: "pods", namespace: code, name });
/** One in each batch of those that fly together: when help comes, one of them is in flight, however slow all is. */
const heroCounts = { quiet: 3, crowded: 6 } as const;

/**
 * Plays what the event list of 1.28.0 cannot bear: elders are in flight while something changes, a hero is popped behind
 * that event, the elders come back, and the one node that the hero waits for comes before the hero does. A correct queue
 * tries the hero again at once. Then, and where somebody else kept the event in the list, the play begins anew.
 */
export function startLostEvent({ client, clock }: ScenarioContext): () => void {
  let timer: Timer | undefined;
  let round = 0;
  let changes = 0;
  /** Popped before the first hero. */
  let elders: string[] = [];
  let heroes: readonly string[] = [];
  let others: readonly string[] = [];
  const later = (ms: number, step: () => void): void => void (timer = clock.setTimer(ms, step));
  const createNode = (name: string, labels: Readonly<Record<string, string>>): void => {
    const now = new Date(clock.now()).toISOString().replace(/\.\d+/, "");
    const taints = [{ key: storyLabel, value: code, effect: "NoSchedule" } as const];
    const shape = { name, zone: "eu-1a", pool: "story", cpu: 4, memoryGi: 16, labels, taints };
    client.create("nodes", newNode(shape, now));
  };
  const begin = (): void => {
    for (const ref of [...heroes.map(refOf), room]) client.removeForGood(ref);
    elders = [];
    const isQuiet = round++ === 0;
    later(restMs, () => {
      heroes = namesOf("ranker", isQuiet ? heroCounts.quiet : heroCounts.crowded);
      if (isQuiet) crowd(inFlight, 0);
      else crowd(crowdSize, crowdingMs);
    });
  };
  /** So many elders wait or fly, at least as many as a scheduler tries at once. */
  const crowd = (size: number, leftMs: number): void => {
    for (let waiting = elders.length - eldersBack(); waiting < size; waiting++) {
      const name = `elder-${elders.length + 1}`;
      elders.push(name);
      client.create("pods", podOf(name, "none"));
    }
    if (leftMs > 0) later(stepMs, () => crowd(size, leftMs - stepMs));
    else heroesCome();
  };
  const heroesCome = (): void => {
    others = namesOf("late", (heroes.length - 1) * (inFlight - 1));
    for (const [index, hero] of heroes.entries()) {
      client.create("pods", podOf(hero, code));
      const company = others.slice(index * (inFlight - 1), (index + 1) * (inFlight - 1));
      for (const name of company) client.create("pods", podOf(name, "none"));
    }
    change(mostSteps);
  };
  /** Until the first hero is in flight: it is, once as many elders are back as make room for it. */
  const change = (steps: number): void => {
    client.patchIfPresent(bystander, { metadata: { labels: { "example.com/change": String(++changes) } } });
    later(stepMs, () => {
      if (steps > 0 && eldersBack() <= elders.length - inFlight) change(steps - 1);
      else help();
    });
  };
  const eldersBack = (): number =>
    elders.filter((name) => {
      const pod = client.get(refOf(name));
      return pod === undefined || isReportedOn(pod);
    }).length;
  const help = (): void => {
    createNode(room.name, { [storyLabel]: code });
    later(restMs, () => {
      for (const name of [...elders, ...others]) client.removeForGood(refOf(name));
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
function podOf(name: string, story: string) {
  const spec = { priorityClassName: priorityClass.name, nodeSelector: { [storyLabel]: story } };
  const pod = newHero({ code, spec });
  const tolerations = [{ operator: "Exists" }];
  return { metadata: { ...pod.metadata, name }, spec: { ...pod.spec, tolerations } };
}

function namesOf(prefix: string, count: number): readonly string[] {
  return Array.from({ length: count }, (_, index) => `${prefix}-${index + 1}`);
}

function isReportedOn(pod: ApiObject): boolean {
  return listAt(pod, "status", "conditions").some(({ type }) => type === "PodScheduled");
}
