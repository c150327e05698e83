/** Handles: one handler value registered three times is three registrations, and removing one is removing one. */
import { join } from "node:path";
import type { Page } from "playwright/test";
import { expectAccessible } from "#e2e/axe.ts";
import { areWidgetsServed, customGroup, defineWidgets, widgets } from "#e2e/cluster/widgets.ts";
import { expect, test } from "#e2e/fixtures.ts";
import { KubeApi } from "#e2e/kube-api.ts";
import { takePictures } from "#e2e/pictures.ts";
import type { RunningServer } from "#e2e/running-server.ts";

const informer = "/informers?cluster=demo&resource=v1/pods";
const dialogOf = (page: Page) => page.getByRole("dialog", { name: "Add handler" });

/** Ids of the removable registrations on the page, in the order of their rows. */
async function handles(page: Page): Promise<number[]> {
  const buttons = await page.getByTestId(/^handler-remove-\d+$/).all();
  const ids = await Promise.all(buttons.map((button) => button.getAttribute("data-testid")));
  return ids.map((id) => Number(id?.replace("handler-remove-", "")));
}

async function delivered(page: Page, id: number): Promise<number> {
  return Number((await page.getByTestId(`handler-delivered-${id}`).innerText()).replaceAll(",", ""));
}

async function pending(page: Page, id: number): Promise<number> {
  return Number((await page.getByTestId(`handler-pending-${id}`).innerText()).replaceAll(",", ""));
}

function apiOf(server: RunningServer): KubeApi {
  return new KubeApi(join(server.stateDir, "demo.kubeconfig"));
}

/** Adds handlers of one value through REST; answers their handles. */
async function add(server: RunningServer, kind: string, more: object = {}): Promise<number[]> {
  const path = `/api/clusters/demo/informers/${encodeURIComponent("v1/pods")}/handlers`;
  const { status, body } = await server.api("POST", path, { kind, owner: "journey", ...more });
  expect(status, JSON.stringify(body)).toBe(200);
  return (body as { registrations: number[] }).registrations;
}

test.afterEach(async ({ server }) => {
  const { body } = await server.api("GET", "/api/clusters/demo/informers");
  for (const key of Object.keys((body as { informers: object }).informers)) {
    const { status, body: one } = await server.api("GET", `/api/clusters/demo/informers/${encodeURIComponent(key)}`);
    // Its last handler may have gone, and its linger may have ended, since the names were read.
    if (status === 404) continue;
    const rows = Object.values(
      (one as { registrations: Record<string, { id: number; isRemovable: boolean }> }).registrations,
    );
    for (const { id, isRemovable } of rows)
      if (isRemovable) await server.api("DELETE", `/api/clusters/demo/handlers/${id}`);
  }
});

test("a handler registered three times; one registration removed; the others' counters go on; undo", async ({
  page,
  server,
}) => {
  const api = apiOf(server);
  await page.goto(informer);
  await page.getByTestId("handler-add").click();
  const dialog = dialogOf(page);
  await dialog.getByRole("radio", { name: /^Count\b/ }).check({ force: true });
  await dialog.getByLabel("Owner").fill("journey");
  await dialog.getByLabel("Times, the same handler").fill("3");
  await expect(dialog.getByTestId("handler-effect")).toContainText(/shares the running pods informer/);
  await dialog.getByTestId("handler-add-confirm").click();

  await expect(page.getByTestId(/^handler-remove-\d+$/)).toHaveCount(3);
  const [first = 0, second = 0, third = 0] = await handles(page);
  await expect(page.getByText("×3")).toBeVisible();
  await expect(page.getByTestId(`registration-row-${second}`)).toContainText("same");
  await expect(page.getByTestId(`registration-row-${first}`)).toContainText("yes");
  const initial = await delivered(page, first);
  expect(initial).toBeGreaterThan(0);
  await expect.poll(() => delivered(page, third)).toBe(initial);

  await page.getByTestId(`handler-remove-${second}`).click();
  await expect(page.getByText(`Removed ${second}, journey.`)).toBeVisible();
  await expect(page.getByTestId(`registration-row-${second}`)).toContainText("removed");
  await api.createPod("default", "seen-by-two", "10m");
  await expect.poll(() => delivered(page, first)).toBeGreaterThan(initial);
  await expect.poll(() => delivered(page, third)).toBeGreaterThan(initial);

  await page.getByRole("button", { name: /undo/i }).first().click();
  await expect(page.getByText(new RegExp(`Added again as \\d+, replaying [\\d,]+\\.`))).toBeVisible();
  await expect(page.getByTestId(/^handler-remove-\d+$/)).toHaveCount(3);
  expect(await handles(page)).not.toContain(second);
  await api.deletePod("default", "seen-by-two");
});

test("a custom resource that nobody watched: its informer starts with three handlers and outlives one of them", async ({
  page,
  server,
}) => {
  const api = apiOf(server);
  await defineWidgets(api);
  await expect.poll(() => areWidgetsServed(api)).toBe(true);
  const served = async () => JSON.stringify((await server.api("GET", "/api/clusters/demo/resources")).body);
  await expect.poll(served).toContain(`"${widgets}"`);
  await page.goto(informer);
  await expect(page.getByTestId("handler-add")).toBeVisible();
  await page.keyboard.press("a");
  const dialog = dialogOf(page);
  await dialog.getByLabel("Search resources").fill("widgets");
  await expect(dialog.getByRole("group", { name: "Custom resources" })).toBeVisible();
  await dialog.getByRole("radio", { name: /^widgets/ }).check({ force: true });
  await dialog.getByRole("radio", { name: /^Count\b/ }).check({ force: true });
  await dialog.getByLabel("Owner").fill("journey");
  await dialog.getByLabel("Times, the same handler").fill("3");
  await expect(dialog.getByTestId("handler-effect")).toContainText(/starts an informer for widgets/);
  await page.keyboard.press("Control+Enter");

  await expect(page).toHaveURL(/resource=[^&]*widgets/);
  await expect(page.getByTestId(/^handler-remove-\d+$/)).toHaveCount(3);
  const [first = 0, second = 0, third = 0] = await handles(page);
  await expect(page.getByTestId(`registration-row-${third}`)).toContainText("yes");
  await page.getByTestId(`handler-remove-${second}`).click();
  await expect(page.getByText(`Removed ${second}, journey.`)).toBeVisible();
  await api.request("POST", `/apis/${customGroup}/v1/namespaces/default/widgets`, {
    apiVersion: `${customGroup}/v1`,
    kind: "Widget",
    metadata: { name: "journey" },
    spec: { size: 1 },
  });
  await expect.poll(() => delivered(page, first)).toBe(1);
  await expect.poll(() => delivered(page, third)).toBe(1);
  await expect(page.getByTestId(`handler-delivered-${second}`)).toHaveText("0");
});

test("the dialog says beforehand what a filter matches, and where an expression is wrong", async ({ page }) => {
  await page.goto(`${informer}&add=1&kind=diff&owner=incident-42`);
  const dialog = dialogOf(page);
  const cel = dialog.getByLabel(/CEL filter/);
  const outcome = dialog.getByTestId("handler-cel-outcome");
  await cel.fill('object.metadata.namespace == "default" &&');
  await expect(outcome).toHaveText(/^(Column \d+|Line 1, column \d+): /);
  await expect(cel).toHaveAttribute("aria-invalid", "true");
  await dialog.getByLabel("Label selector").fill("a b c");
  await expect(dialog.getByText("Not understood: a b c")).toBeVisible();
  await dialog.getByLabel("Label selector").fill("");
  await cel.fill('has(object.spec.nodeName) && object.status.phase != "none"');
  await expect(outcome).toHaveText(/^Compiles\. Matches [\d,]+ of [\d,]+ objects? now\.$/);
  await expect(dialog.getByTestId("handler-effect")).toContainText(
    /synthetic adds? to this handler only.*You get handle #\d+/,
  );
  await expect(page).toHaveURL(/cel=/);
  await expectAccessible(page);
  await takePictures(page, "02b-add-handler");
  await dialog.getByTestId("handler-add-confirm").click();
  await expect(page).toHaveURL(/handler=\d+&tail=diff|tail=diff.*handler=\d+/);
  await expect(page.getByTestId("tail-drawer")).toBeVisible();
  await page.goBack();
  await expect(page.getByTestId("tail-drawer")).toHaveCount(0);
});

test("a slow handler falls behind alone; a diff shows what an update changed; the drawer holds still", async ({
  page,
  server,
}) => {
  const api = apiOf(server);
  await add(server, "count", { times: 3 });
  const [diff = 0] = await add(server, "diff", { filter: { namespace: "default" } });
  const [slow = 0] = await add(server, "slow", { delayMs: 5000 });
  await page.goto(`${informer}&handler=${diff}&tail=diff`);
  const drawer = page.getByTestId("tail-drawer");
  await expect(drawer).toBeVisible();

  for (const name of ["one", "two", "three"]) await api.createPod("default", `tailed-${name}`, "10m", { tier: "iron" });
  // What the demo does with them comes first, so that the change that is looked for is the last.
  const phaseOf = async (name: string) =>
    ((await api.request("GET", `/api/v1/namespaces/default/pods/${name}`)) as { status: { phase?: string } }).status
      .phase;
  for (const name of ["one", "two", "three"]) await expect.poll(() => phaseOf(`tailed-${name}`)).toBe("Running");
  await api.request(
    "PATCH",
    "/api/v1/namespaces/default/pods/tailed-three",
    { metadata: { labels: { tier: "gold" } } },
    "application/merge-patch+json",
  );
  await expect(page.getByTestId(`registration-row-${slow}`)).toContainText("slow 5000 ms");
  await expect.poll(() => pending(page, slow)).toBeGreaterThan(2);
  await expect.poll(() => pending(page, diff)).toBe(0);
  await expect(drawer).toContainText("metadata.labels.tier");
  await expect(drawer.locator("del", { hasText: "iron" }).first()).toBeVisible();
  await expect(drawer.locator("ins", { hasText: "gold" }).first()).toBeVisible();
  await expectAccessible(page);
  await takePictures(page, "02-informers");

  await drawer.getByRole("button", { name: "Pause the tail" }).click();
  await api.createPod("default", "tailed-four", "10m");
  await expect(drawer.getByRole("button", { name: /paused, [1-9]\d* new/ })).toBeVisible();
  await expect(drawer).not.toContainText("tailed-four");
  await drawer.getByRole("button", { name: "Resume the tail" }).click();
  await expect(drawer).toContainText("tailed-four");

  await drawer.getByRole("radio", { name: "JSON" }).check({ force: true });
  await expect(page).toHaveURL(/tail=json/);
  await drawer
    .getByRole("button", { name: /tailed-three/ })
    .first()
    .click();
  await expect(drawer.getByLabel("The object as JSON")).toContainText('"name": "tailed-three"');
  await takePictures(page, "02-informers-json");

  await page
    .getByTestId(`registration-row-${slow}`)
    .getByRole("button", { name: /^Handler/ })
    .click();
  await expect(drawer.getByRole("region", { name: "Handling time" })).toBeVisible();
  await expect(drawer).toContainText("5.0 s");
  await expectAccessible(page);
  await takePictures(page, "02-informers-handling");
  await page.keyboard.press("Delete");
  await expect(page.getByText(`Removed ${slow}, journey.`)).toBeVisible();
  for (const name of ["one", "two", "three", "four"]) await api.deletePod("default", `tailed-${name}`);
});

test("relist, replay and verify say what they did; the history of lists says why", async ({ page, server }) => {
  const [count = 0] = await add(server, "count");
  await page.goto(informer);
  await expect(page.getByTestId(`registration-row-${count}`)).toContainText("yes");
  const before = await delivered(page, count);
  await page.getByRole("button", { name: "Replay cache" }).click();
  await expect(page.getByText(/Replaying [\d,]+ objects of pods to \d+ handlers/)).toBeVisible();
  await expect.poll(() => delivered(page, count)).toBeGreaterThan(before);

  await page.getByRole("button", { name: "Relist now" }).click();
  await page.getByTestId("fact-relists").click();
  const history = page.getByRole("dialog", { name: "Every list so far" });
  await expect(history.getByRole("row", { name: /asked for/ })).toContainText("done");
  await expect(history.getByRole("row", { name: /first list/ })).toContainText("done");
  await expectAccessible(page);
  await page.keyboard.press("Escape");

  await page.getByRole("button", { name: "Verify" }).click();
  await expect(page.getByText(/The store of pods has what the server has: [\d,]+ objects compared/)).toBeVisible();
  await expect(page.getByTestId("fact-verified")).toContainText(/all [\d,]+ match/);
});

test("an owner that is gone leaves its handlers behind, and they are named", async ({ page, server }) => {
  const [left = 0] = await add(server, "count", { owner: "forgetful" });
  await server.api("POST", "/api/clusters/demo/owners/forgetful/release");
  await page.goto(informer);
  await expect(page.getByTestId(`registration-row-${left}`)).toContainText("leaked");
  await expect(page.getByTestId("leak-suspects")).toContainText("forgetful is gone and left 1 handler behind");
  await expect(page.getByTestId("informer-row-v1/pods")).toContainText("1 leaked");
  await expectAccessible(page);
  await page.getByTestId(`handler-remove-${left}`).click();
  await expect(page.getByTestId("leak-suspects")).toHaveCount(0);
});

test("rows stand still under the pointer, and what came is counted", async ({ page, server }) => {
  const [first = 0] = await add(server, "count");
  await page.goto(informer);
  await page.getByTestId(`registration-row-${first}`).hover();
  const [second = 0] = await add(server, "count");
  const pill = page.getByTestId("held-changes");
  await expect(pill).toHaveText("1 change, show");
  await expect(page.getByTestId(`registration-row-${second}`)).toHaveCount(0);
  await pill.click();
  await expect(page.getByTestId(`registration-row-${second}`)).toBeVisible();
});
