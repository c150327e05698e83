/**
 * The table of why/table.ts beside the real kube-scheduler: the code is the one that the situation has, its words are
 * ours to the last part, and what the page offers as a cure, sent to the API as it stands, gets the pod bound.
 */
import { defineKueue, isKueueServed } from "#e2e/kueue-shape.ts";
import { RunningServer } from "#e2e/running-server.ts";
import { expect, test } from "./fixtures.ts";
import { servedKueue } from "./why/others.ts";
import { callOf, Pages, type Shown } from "./why/page.ts";
import { restlessSituations } from "./why/scheduler.ts";
import type { Situation } from "./why/situation.ts";
import { noNodes, table } from "./why/table.ts";
import { each, World } from "./why/world.ts";

test.use({ controlPlaneName: ["why", { scope: "worker" }] });

test("an empty cluster has no nodes, and the first that comes is taken", async ({ api, controlPlane, server }) => {
  test.skip(!controlPlane.isOurs, "a cluster that was given has nodes");
  const world = new World(api);
  await world.build([noNodes]);
  await judged([noNodes], await Pages.of(server));
  expect(await world.wordsAbout(noNodes)).toBe("no nodes available to schedule pods");
  await world.furnish({ ...noNodes, nodes: [{ name: "a" }] });
  await expect.poll(() => world.nodeOf(noNodes)).toBe("why-no-nodes-a");
});

test("every situation has its verdict, its words and its cure", async ({ api, controlPlane }) => {
  const world = new World(api);
  await test.step("the shape of Kueue's API is there", async () => {
    await defineKueue(api, servedKueue);
    await expect.poll(() => isKueueServed(api, servedKueue)).toBe(true);
  });
  await test.step("the situations are set up", () => world.build(table));
  const server = await RunningServer.start(["--kubeconfig", controlPlane.viewerKubeconfig]);
  try {
    const pages = await Pages.of(server);
    const quiet = await test.step("each is judged", () => judged(table, pages));
    await test.step("kube-scheduler's words are ours", () => saysTheSame(table, world, pages));
    await test.step("the restless are set up", () => world.build(restlessSituations));
    const restless = await test.step("each is judged, too", () => judged(restlessSituations, pages));
    await test.step("the cures cure", () => cured(new Map([...quiet, ...restless]), world, pages));
  } finally {
    await server.stop();
  }
});

/** One line for each situation, so that all that differ are told at once. */
function lines(situations: Iterable<Situation>, lineOf: (situation: Situation) => unknown): Record<string, unknown> {
  return Object.fromEntries([...situations].map((situation) => [situation.name, lineOf(situation)]));
}

async function judged(situations: readonly Situation[], pages: Pages): Promise<ReadonlyMap<Situation, Shown>> {
  const shown = new Map<Situation, Shown>();
  await each(situations, async (situation) => {
    const last = await pages.shownFor(situation);
    if (last !== undefined) shown.set(situation, last);
  });
  const found = lines(situations, (situation) => {
    const { headline, pod } = shown.get(situation) ?? {};
    return [pod?.verdict.code, headline, pod?.facts.map(({ title }) => title)];
  });
  expect.soft(found).toEqual(
    lines(situations, ({ code, says, facts = [] }) => {
      return [code, expect.stringContaining(says), expect.arrayContaining([...facts]) as unknown];
    }),
  );
  return shown;
}

/** The whole condition, with what PostFilter adds. */
async function saysTheSame(situations: readonly Situation[], world: World, pages: Pages): Promise<void> {
  const speaking = situations.filter(({ hears = "no node fits" }) => hears === "no node fits");
  const ours = new Map<Situation, unknown>();
  const theirs = new Map<Situation, unknown>();
  await each(speaking, async (situation) => {
    const { comparison } = (await pages.shown(situation))?.pod ?? {};
    const words = await world.wordsAbout(situation);
    const { ourMessage = "" } = comparison ?? {};
    // Whoever preempts says so only when it is tried again, and nobody knows when that is.
    const isSaidLater = situation.code === "preempting" && words !== undefined && ourMessage.startsWith(words);
    ours.set(situation, [comparison?.state, isSaidLater ? words : ourMessage]);
    theirs.set(situation, ["agrees", words]);
  });
  const ofAll = (words: ReadonlyMap<Situation, unknown>) => lines(speaking, (situation) => words.get(situation));
  expect.soft(ofAll(ours)).toEqual(ofAll(theirs));
}

async function cured(shown: ReadonlyMap<Situation, Shown>, world: World, pages: Pages): Promise<void> {
  const curable = [...shown].filter(([{ cure }]) => cure !== "none");
  const became = new Map<Situation, string>();
  await each(curable, async ([situation, { pod }]) => {
    const cure = await apply(situation, pod.nearMisses, world);
    became.set(situation, typeof cure === "string" ? cure : await pages.whatBecameOf(cure, world));
  });
  const all = curable.map(([situation]) => situation);
  expect.soft(lines(all, (situation) => became.get(situation))).toEqual(lines(all, () => "bound to a node of its own"));
}

/** Whom to look at then; or why nothing could be done. */
async function apply(
  situation: Situation,
  nearMisses: Shown["pod"]["nearMisses"],
  world: World,
): Promise<Situation | string> {
  const { cure } = situation;
  if (cure === "none") return "no cure is known";
  if ("calls" in cure) {
    for (const call of cure.calls) await world.call(call);
    return situation;
  }
  const nearMiss = nearMisses.find(({ kind }) => kind === cure.nearMiss);
  if (nearMiss === undefined)
    return `offered are ${nearMisses.map(({ kind, title }) => `${kind}: ${title}`).join(", ")}`;
  const refusal = await world.call(callOf(nearMiss)).then(
    () => undefined,
    (error: unknown) => String(error),
  );
  if (refusal !== undefined) return refusal;
  for (const call of cure.afterwards ?? []) await world.call(call);
  return nearMiss.patch.target.kind === "Deployment" ? world.replaceFromTemplate(situation) : situation;
}
