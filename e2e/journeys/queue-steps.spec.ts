/** Driving the scheduler of the embedded cluster step by step, and finding one's way in its queue. */
import { join } from "node:path";
import { expectAccessible } from "#e2e/axe.ts";
import { expect, test } from "#e2e/fixtures.ts";
import { KubeApi } from "#e2e/kube-api.ts";
import { takePictures } from "#e2e/pictures.ts";
import type { RunningServer } from "#e2e/running-server.ts";
import type { Page } from "playwright/test";

test.use({ serverArgs: [["--demo", "--scenario", "empty", "--log-level", "warn"], { scope: "worker" }] });

const apiOf = ({ stateDir }: RunningServer) => new KubeApi(join(stateDir, "demo.kubeconfig"));
const marker = (page: Page, uid: string) => page.getByTestId(`eventlist-marker-${uid}`);
const lane = (page: Page, name: RegExp) => page.getByRole("listbox", { name });
const rowIn = (page: Page, name: RegExp, uid: string) => lane(page, name).getByTestId(`lane-row-${uid}`);

async function newPod(api: KubeApi, name: string, cpu: string): Promise<string> {
  await api.createPod("default", name, cpu);
  return api.pod("default", name);
}

/** Paused, with nobody in flight and nobody waiting. */
async function rested(server: RunningServer, api: KubeApi): Promise<void> {
  await server.api("PATCH", "/api/clusters/demo/scheduler", { isPaused: true });
  await Promise.all((await api.pods("default")).map(({ metadata }) => api.deletePod("default", metadata.name)));
  await expect
    .poll(async () => {
      const { body } = await server.api("GET", "/api/clusters/demo/queue");
      const { lanes, events } = body as { lanes: Record<string, { count?: number }>; events: { pods: object } };
      return [...["active", "backoff", "unschedulable", "gated"].map((name) => lanes[name]?.count), events.pods];
    })
    .toEqual([0, 0, 0, 0, {}]);
}

test("space pauses, a pod is popped, held while the others go on, and steps are taken back and done again", async ({
  page,
  server,
}) => {
  const api = apiOf(server);
  await rested(server, api);
  await api.createNode("node-1", { cpu: "4" });
  const first = await newPod(api, "first", "1");
  await page.goto("/queue?cluster=demo");
  await expect(rowIn(page, /activeQ/, first)).toBeVisible();
  await expect(page.getByTestId("stepbar-pop")).toBeVisible();

  await page.keyboard.press("n");
  await expect(marker(page, first)).toBeVisible();
  await page.getByTestId("stepbar-undo").click();
  await expect(marker(page, first)).toHaveCount(0);
  await expect(rowIn(page, /activeQ/, first)).toBeVisible();
  await page.keyboard.press("Control+Shift+z");
  await expect(marker(page, first)).toBeVisible();
  await expect(rowIn(page, /activeQ/, first)).toHaveCount(0);

  await page.keyboard.press("f");
  await page.getByRole("menuitem", { name: /^release/ }).click();
  await page.keyboard.press("f");
  await page.getByRole("menuitem", { name: /^hold in flight/ }).click();
  // On a button the space key is the button's own.
  await page.getByRole("heading", { level: 1 }).click();
  await page.keyboard.press("Space");
  await expect(page.getByTestId("stepbar-pause")).toHaveText(/Pause/);
  await newPod(api, "second", "1");
  const isBound = async (name: string) =>
    (await api.pods("default")).find(({ metadata }) => metadata.name === name)?.spec.nodeName;
  await expect.poll(() => isBound("second")).toBe("node-1");
  await expect(marker(page, first)).toBeVisible();
  expect(await isBound("first")).toBeUndefined();
  await page.keyboard.press("Space");
  await expect(page.getByTestId("stepbar-pause")).toHaveText(/Resume/);
  await page.keyboard.press("f");
  await page.getByRole("menuitem", { name: /^schedulable/ }).click();
  await expect.poll(() => isBound("first")).toBe("node-1");
});

test("a pod is finished as rejected by chosen plugins, and its transitions say why", async ({ page, server }) => {
  const api = apiOf(server);
  await rested(server, api);
  await api.createNode("node-1", { cpu: "4" });
  const large = await newPod(api, "large", "64");
  await page.goto("/queue?cluster=demo");
  await expect(rowIn(page, /activeQ/, large)).toBeVisible();
  await page.getByTestId("stepbar-pop").click();
  await marker(page, large).click();
  const decision = page.getByTestId("queue-decision");
  await expect(decision).toContainText("NodeResourcesFit");
  await page.getByRole("button", { name: /^NodeResourcesFit/ }).click();
  await page.getByRole("button", { name: "Choose the plugins that reject it" }).click();
  await page.getByRole("menuitem", { name: "NodePorts" }).click();
  await expect(decision).toContainText("NodePorts");
  await expect(decision).not.toContainText("NodeResourcesFit");
  await page.getByRole("button", { name: "Apply" }).click();
  await expect(rowIn(page, /unschedulable/, large)).toContainText("NodePorts");

  await page.getByRole("radio", { name: "Transitions" }).click();
  await expect(page).toHaveURL(/show=transitions/);
  const rows = page.getByRole("row").filter({ hasText: "default/large" });
  await expect(rows.first()).toContainText("unschedulable");
  await expect(rows.first()).toContainText("NodePorts");
  await expect(rows.nth(1)).toContainText("in flight");
  await expect(rows.nth(1)).toContainText("attempt 1");
  await expectAccessible(page);
});

test("the lanes are filtered by the grammar of the Pods page, and say what they cannot read", async ({
  page,
  server,
}) => {
  const api = apiOf(server);
  await rested(server, api);
  const web = await newPod(api, "web-1", "64");
  const batch = await newPod(api, "batch-1", "64");
  await page.goto("/queue?cluster=demo");
  await expect(rowIn(page, /activeQ/, batch)).toBeVisible();
  await page.keyboard.press("/");
  const field = page.getByRole("textbox", { name: "Filter pods" });
  await expect(field).toBeFocused();
  await field.fill("web queue:act*");
  await expect(rowIn(page, /activeQ/, batch)).toHaveCount(0);
  await expect(rowIn(page, /activeQ/, web)).toBeVisible();
  await field.press("Enter");
  await expect(page).toHaveURL(/q=web/);
  await expect(page.getByRole("region", { name: "Filter of the lanes" })).toContainText("1 of 2 pods");
  await page.reload();
  await expect(rowIn(page, /activeQ/, web)).toBeVisible();
  await expect(rowIn(page, /activeQ/, batch)).toHaveCount(0);
  await expectAccessible(page);
  await takePictures(page, "03-queue-filter");

  await field.fill("plugn:NodePorts");
  await expect(page.getByText(/there is no filter plugn:/)).toBeVisible();
  await field.fill("queue:sideways");
  await expect(page.getByText(/there is no queue sideways/)).toBeVisible();
  await field.fill("x".repeat(2_000));
  await expect(page.getByText(/longer than 1000 characters/)).toBeVisible();
  await field.fill("nobody");
  await expect(page.getByText("No pods match.")).toBeVisible();
  await page.getByRole("button", { name: "Show all pods" }).click();
  await expect(page).not.toHaveURL(/q=/);
  await expect(rowIn(page, /activeQ/, batch)).toBeVisible();
});

test("a link to a pod shows it at its place in a long lane, by name too", async ({ page, server }) => {
  const api = apiOf(server);
  await rested(server, api);
  const names = Array.from({ length: 150 }, (_, index) => `deep-${index + 1}`);
  await Promise.all(names.map((name) => api.createPod("default", name, "64")));
  // Among equals the order is that of arrival, which differs here from that of the names.
  const queue = async (offset: number) => (await server.api("GET", `/api/clusters/demo/queue?offset=${offset}`)).body;
  const active = async (offset: number) =>
    ((await queue(offset)) as { lanes: { active: { count: number; order: string[]; rows: object } } }).lanes.active;
  await expect.poll(async () => (await active(0)).count).toBe(150);
  const { order, rows } = await active(100);
  const uid = order[0] ?? "";
  const { name } = (rows as Record<string, { name: string }>)[uid] ?? { name: "" };
  for (const link of [`pod=${uid}`, `ns=default&name=${name}`]) {
    await page.goto(`/queue?cluster=demo&${link}`);
    const row = rowIn(page, /activeQ/, uid);
    await expect(row).toBeInViewport();
    await expect(row).toHaveAttribute("aria-selected", "true");
    await expect(row).toContainText("101");
    await expect(page).toHaveURL(new RegExp(`pod=${uid}`));
  }
});

test("a list of more than 500 events is drawn on a canvas, and can be pointed at, read and walked through", async ({
  page,
  server,
}) => {
  const api = apiOf(server);
  await rested(server, api);
  const holder = await newPod(api, "holder", "64");
  await page.goto("/queue?cluster=demo");
  await expect(rowIn(page, /activeQ/, holder)).toBeVisible();
  await page.getByTestId("stepbar-pop").click();
  await expect(marker(page, holder)).toBeVisible();
  for (let index = 0; index < 260; index++) {
    await api.request("POST", "/api/v1/nodes", { metadata: { name: "comes-and-goes" } });
    await api.request("DELETE", "/api/v1/nodes/comes-and-goes");
  }
  await expect(page.getByTestId("eventlist-canvas")).toBeVisible();
  const options = page.getByRole("listbox", { name: "Event list, head to tail" }).getByRole("option");
  const events = await server.api("GET", "/api/clusters/demo/queue");
  const { length, ghosts } = (events.body as { events: { length: number; ghosts: readonly unknown[] } }).events;
  const places = length + ghosts.length;
  await expect(options.last()).toHaveAttribute("aria-setsize", `${places}`);
  expect(await options.count()).toBeLessThan(150);

  await options.last().focus();
  await page.keyboard.press("Home");
  await expect(marker(page, holder)).toBeFocused();
  await expect(marker(page, holder)).toBeInViewport();
  await page.keyboard.press("Enter");
  await expect(page.getByText(/more recent than A: \d+ events decide/)).toBeVisible();
  await page.keyboard.press("End");
  const last = options.and(page.locator(`[aria-posinset="${places}"]`));
  await expect(last).toBeFocused();
  await last.click();
  await expect(page).toHaveURL(/event=\d+/);
  await expect(page.getByRole("complementary", { name: /^Event \d/ })).toBeVisible();
  await page.keyboard.press("Escape");
  await expectAccessible(page);
  await takePictures(page, "03-queue-long");
});
