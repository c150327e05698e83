/**
 * Three minutes of writes while kube-apiserver is killed and etcd forgets: whatever is lost and found again, each
 * registration is told of each object in one unbroken chain, and ends where a LIST ends.
 */
import { setTimeout as sleep } from "node:timers/promises";
import type { Page } from "playwright/test";
import type { ControlPlane } from "#e2e/control-plane.ts";
import { seededRandom } from "#server/embedded/random.ts";
import { expect, test } from "./fixtures.ts";
import { FireWriter } from "./fire-writer.ts";
import { digestOf, firePlaces, listOf } from "./interest.ts";
import { brokenChains, finalState } from "./recorded-chains.ts";
import { Recorder } from "./recorder.ts";
import { RecordedChurn, ServedChurn, type Churn } from "./registration-churn.ts";
import { ServedCluster } from "./served.ts";
import { areWidgetsServed, defineWidgets } from "./widgets.ts";

// What is lost here is the API server: nothing that was begun in the middle of it should count against kube-scheduler.
test.use({ hasScheduler: false });

const fireMs = Number(process.env["KUBE_INFLIGHT_FIRE_SECONDS"] ?? 180) * 1000;
const perSecond = 200;
/** On which nobody else is registered, so that the page shows what was just added. */
const ownInformer = `v1/pods?metadata.namespace=${firePlaces[1]}`;

interface Outage {
  /** When, as a part of the whole time. */
  readonly at: number;
  readonly what: string;
  readonly strike: (controlPlane: ControlPlane) => Promise<void>;
}

const kill: Omit<Outage, "at"> = {
  what: "kube-apiserver killed",
  strike: (controlPlane) => controlPlane.restart("kube-apiserver", "KILL"),
};

const outages: readonly Outage[] = [
  { at: 0.12, ...kill },
  {
    at: 0.26,
    what: "etcd compacted, kube-apiserver restarted",
    strike: async (controlPlane) => {
      await controlPlane.compact();
      await controlPlane.restart("kube-apiserver", "TERM");
    },
  },
  { at: 0.4, ...kill },
  {
    at: 0.54,
    what: "etcd compacted, etcd and kube-apiserver restarted",
    strike: async (controlPlane) => {
      await controlPlane.compact();
      await controlPlane.restart("etcd", "TERM");
      // Asked to end, it would wait for what etcd did not answer.
      await controlPlane.restart("kube-apiserver", "KILL");
    },
  },
  { at: 0.68, ...kill },
];

test("through kills and compactions every chain is whole, and ends where a LIST ends", async ({
  controlPlane,
  api,
  server,
  page,
}) => {
  test.skip(!controlPlane.isOurs, "a cluster that was given is not killed");
  test.setTimeout(fireMs + 300_000);
  const seed = Number(process.env["KUBE_INFLIGHT_SEED"] ?? Math.floor(Math.random() * 2 ** 31));
  console.log(`seed ${seed}`);
  const random = (actor: number): (() => number) => seededRandom(seed + actor);

  for (const place of firePlaces) await api.createNamespace(place);
  await defineWidgets(api);
  await expect.poll(() => areWidgetsServed(api)).toBe(true);
  const cluster = await ServedCluster.connected(server);
  await cluster.addHandler(ownInformer, { kind: "count", owner: "fire" });
  const recorder = new Recorder(controlPlane.viewerKubeconfig, random(1));
  const served = new ServedChurn(cluster, random(2));
  const recorded = new RecordedChurn(recorder, random(3));

  const fire = new AbortController();
  // Until the last outage is over, if that takes longer.
  const outagesDone = Promise.all([strikeAll(controlPlane), sleep(fireMs)]).finally(() => fire.abort());
  const [[struck], written, inBrowser] = await Promise.all([
    outagesDone,
    new FireWriter(api, random(4)).run(perSecond, fire.signal),
    churnInBrowser(page, fire.signal),
    churn(served, 400, fire.signal),
    churn(recorded, 100, fire.signal),
  ]);
  console.log(`${JSON.stringify(written)}; ${struck.join("; ")}; ${inBrowser} registrations in the browser`);
  console.log(`through REST ${served.added} added, ${served.removed} removed; recorded ${recorded.all.length}`);
  expect(struck).toHaveLength(outages.length);
  for (const kind of ["created", "updated", "deleted"] as const) expect(written[kind]).toBeGreaterThan(100);

  await test.step("the recorded registrations", async () => {
    for (const { interest, told, registration } of recorded.alive) {
      const listed = new Map((await listOf(api, interest)).map(({ uid, resourceVersion }) => [uid, resourceVersion]));
      await expect
        .poll(() => differences(finalState(told), listed), {
          message: `registration ${registration.id}, ${JSON.stringify(interest)}`,
          timeout: 120_000,
        })
        .toEqual([]);
    }
    const total = recorded.all.reduce((sum, { told }) => sum + told.length, 0);
    const broken = recorded.all.flatMap(({ registration, told }) =>
      brokenChains(told).map((what) => `${registration.id} ${what}`),
    );
    const lists = recorder.relists.map((one) => `${one.informer} ${one.total}`);
    console.log(`${total} notifications recorded; relists: ${lists.join(", ")}`);
    expect(broken).toEqual([]);
    expect(recorder.faults).toEqual([]);
    // A call that was in progress runs to its end, and no other one comes.
    for (const [{ told }, length] of recorded.removed) expect(told.length).toBe(length);
    expect(recorder.relists.some(({ total: relists }) => relists > 0)).toBe(true);
  });
  await recorder.stop();

  await test.step("the registrations of the server", async () => {
    expect(served.checking.length).toBeGreaterThan(20);
    for (const { handle, interest } of served.checking) {
      const listed = await listOf(api, interest);
      await expect
        .poll(
          async () => {
            const row = (await cluster.informer(interest.informer)).registrations[handle];
            return { failed: row?.failed, lastError: row?.lastError, chain: row?.chain };
          },
          { message: `registration ${handle}, ${JSON.stringify(interest)}`, timeout: 120_000 },
        )
        .toEqual({
          failed: 0,
          lastError: undefined,
          chain: { objects: listed.length, digest: digestOf(listed) },
        });
    }
    // Those too that were removed in the meantime.
    expect(server.log.filter((line) => line.includes("handlerFailed"))).toEqual([]);
  });
});

/** All of them, however long each takes. */
async function strikeAll(controlPlane: ControlPlane): Promise<readonly string[]> {
  const start = Date.now();
  const struck: string[] = [];
  for (const { at, what, strike } of outages) {
    await sleep(Math.max(0, start + at * fireMs - Date.now()));
    const begin = Date.now();
    await strike(controlPlane);
    await controlPlane.untilReady();
    const [from, to] = [begin, Date.now()].map((when) => Math.round((when - start) / 1000));
    struck.push(`${what} from ${from} to ${to} s`);
  }
  return struck;
}

async function churn(one: Churn, everyMs: number, over: AbortSignal): Promise<void> {
  while (!over.aborted) {
    await one.step();
    await sleep(everyMs);
  }
}

/** Somebody who adds a handler on the page, looks at it and takes it away again. How often. */
async function churnInBrowser(page: Page, over: AbortSignal): Promise<number> {
  await page.goto(`/informers?resource=${encodeURIComponent(ownInformer)}`);
  let count = 0;
  for (; !over.aborted; count++) {
    const owner = `browser-${count}`;
    await page.getByTestId("handler-add").click();
    const dialog = page.getByRole("dialog", { name: "Add handler" });
    await dialog.getByRole("radio", { name: /^Count\b/ }).check({ force: true });
    await dialog.getByLabel("Owner").fill(owner);
    await dialog.getByTestId("handler-add-confirm").click();
    await expect(dialog).toHaveCount(0);
    const row = page.getByTestId(/^registration-row-\d+$/).filter({ hasText: owner });
    await expect(row.getByTestId(/^handler-delivered-\d+$/)).not.toHaveText("0");
    // A row above may have folded between press and release: then the click falls on neither button.
    const remove = row.getByTestId(/^handler-remove-\d+$/);
    await expect(async () => {
      if ((await remove.count()) > 0) await remove.click({ timeout: 5_000 });
      await expect(remove).toHaveCount(0, { timeout: 5_000 });
    }).toPass({ timeout: 60_000 });
  }
  return count;
}

function differences(told: ReadonlyMap<string, string>, listed: ReadonlyMap<string, string>): readonly string[] {
  return [...new Set([...told.keys(), ...listed.keys()])]
    .filter((uid) => told.get(uid) !== listed.get(uid))
    .map((uid) => `${uid}: told ${told.get(uid) ?? "gone"}, listed ${listed.get(uid) ?? "gone"}`);
}
