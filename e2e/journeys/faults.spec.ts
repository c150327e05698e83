/** Faults of the demo: each is switched on where it stands, seen where informers are, and gone when it is switched off. */
import type { Page } from "playwright/test";
import { expectAccessible } from "#e2e/axe.ts";
import { expect, test } from "#e2e/fixtures.ts";
import { takePictures } from "#e2e/pictures.ts";
import type { RunningServer } from "#e2e/running-server.ts";

test.use({ serverArgs: [["--demo", "--scenario", "small", "--log-level", "warn"], { scope: "worker" }] });

const demo = "/demo?cluster=demo";
const faultOf = (page: Page, name: string) => page.getByRole("switch", { name, exact: true });

interface PodsInformer {
  readonly row: {
    readonly objects: number;
    readonly reflector: { readonly phase: string };
    readonly watchLost?: object;
  };
  readonly reflector: { readonly lists: readonly { readonly cause: string; readonly outcome: string }[] };
}

async function podsInformer(server: RunningServer): Promise<PodsInformer> {
  const { body } = await server.api("GET", "/api/clusters/demo/informers/v1%2Fpods");
  return body as PodsInformer;
}

/** Whatever is on is switched off, and whoever waits need not wait any longer. */
test.afterEach(async ({ server }) => {
  await server.api("DELETE", "/api/clusters/demo/faults");
  await expect
    .poll(async () => {
      const { body } = await server.api("GET", "/api/clusters/demo/informers");
      const rows = Object.entries((body as { informers: Record<string, PodsInformer["row"]> }).informers);
      const lost = rows.filter(
        ([, { reflector, watchLost }]) => reflector.phase !== "watching" || watchLost !== undefined,
      );
      for (const [key] of lost)
        await server.api("POST", `/api/clusters/demo/informers/${encodeURIComponent(key)}/relist`);
      return lost.map(([key]) => key);
    })
    .toEqual([]);
});

// First, while nobody has failed yet: informers wait longer each time.
for (const name of ["410 Gone", "Compaction"] as const) {
  test(`${name}, once: the collection is listed again for it, and all is well by itself`, async ({ page, server }) => {
    await page.goto(`${demo}&resource=v1/pods&limit=once`);
    await expect(page.getByTestId("reaction-sentence")).toContainText(/All \d+ informers watch\./);
    const { row } = await podsInformer(server);
    await faultOf(page, name).click();
    const ended = page.getByTestId(name === "Compaction" ? "fault-ended-compact" : "fault-ended-gone").first();
    await expect(ended).toContainText(`${name} on pods`);
    await expect(ended).toContainText(/hit 1 (list|watch)/);
    await expect
      .poll(async () => (await podsInformer(server)).reflector.lists.at(-1))
      .toMatchObject({
        cause: "expired",
        outcome: "done",
      });
    await expect(page.getByTestId("reaction-v1/pods")).toContainText("watching");
    expect((await podsInformer(server)).row.objects).toBe(row.objects);
  });
}

/** The page of the pods informer says why the watch was lost. */
const lost = [
  { name: "Drop connections", says: /Watch lost: (EOF|Connection)/ },
  { name: "Refuse connections", says: /Watch lost: Connection refused/ },
  { name: "429 Too Many Requests", says: /Watch lost: Too busy/ },
  { name: "500 Internal Error", says: /Watch lost: Server error/ },
  { name: "401 Unauthorized", says: /Watch lost: Sign-in expired/ },
  { name: "Garbage", says: /Watch lost: Unreadable answer/ },
  { name: "Half a line", says: /Watch lost: (EOF|Closed at once)/ },
] as const;

for (const { name, says } of lost) {
  test(`${name}: the watch is lost and says why, the data stay, and it recovers`, async ({ page, server }) => {
    await page.goto(`${demo}&resource=v1/pods`);
    const { row } = await podsInformer(server);
    await faultOf(page, name).click();
    await expect(faultOf(page, name)).toBeChecked();
    await expect(page.getByRole("region", { name: "Notice" }).filter({ hasText: "A fault is on." })).toContainText(
      name,
    );
    await expect(page.getByTestId("reaction-v1/pods")).toContainText(/as of \d\d:\d\d:\d\d/);
    await page.getByTestId("reaction-v1/pods").click();
    const problem = page.getByTestId("informer-problem");
    await expect(problem).toContainText(says);
    await expect(problem).toContainText(/Retry in|Trying now/);
    expect((await podsInformer(server)).row.objects).toBe(row.objects);
    await page.getByRole("button", { name: "Switch off" }).click();
    await expect(page.getByText("A fault is on.")).toHaveCount(0);
    await page.getByRole("button", { name: "Relist now" }).click();
    await expect(problem).toHaveCount(0);
  });
}

test("Slow: nothing is lost, and what it holds up is counted", async ({ page, server }) => {
  await page.goto(`${demo}&resource=v1/pods&limit=30s`);
  await faultOf(page, "Slow").click();
  await expect(page.getByTestId("fault-row-slow")).toContainText(/on pods, \d+(\.\d)? s left/);
  await server.api("POST", "/api/clusters/demo/informers/v1%2Fpods/relist");
  await expect(page.getByTestId("fault-hits-slow")).toContainText(/hit \d+ /);
  await expect(page.getByTestId("reaction-v1/pods")).toContainText("watching");
  await faultOf(page, "Slow").click();
  await expect(faultOf(page, "Slow")).not.toBeChecked();
  await expect(page.getByTestId("fault-ended-slow")).toBeVisible();
});

test("the palette leads to a switch and leaves it alone; keys switch it; the banner is everywhere", async ({
  page,
}) => {
  await page.goto("/pods?cluster=demo");
  // It is live: keys are heard.
  await expect(page.getByRole("link", { name: /^Informers.*\d/ })).toBeVisible();
  await page.keyboard.press("Control+k");
  await page.getByPlaceholder("Search pods, go to, run").fill("fault garbage");
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/\/demo\?.*fault=garbage/);
  await expect(faultOf(page, "Garbage")).toBeFocused();
  await expect(faultOf(page, "Garbage")).not.toBeChecked();
  await page.keyboard.press("Space");
  await expect(faultOf(page, "Garbage")).toBeChecked();
  await expect(page.getByTestId("announcer")).toHaveText("Garbage: on.");
  for (const name of ["Overview", "Queue", "Pods", "Informers"]) {
    await page
      .getByRole("navigation", { name: "Primary" })
      .getByRole("link", { name: new RegExp(`^${name}`) })
      .click();
    await expect(page.getByText("A fault is on.")).toBeVisible();
  }
  await page.getByRole("link", { name: "Faults", exact: true }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Demo" })).toBeVisible();
});

test("the page in both themes, with three faults on", async ({ page }) => {
  await page.goto(demo);
  for (const [name, resource] of [
    ["429 Too Many Requests", "v1/pods"],
    ["Garbage", "v1/nodes"],
  ] as const) {
    await page.getByLabel("Resource").selectOption(resource);
    await faultOf(page, name).click();
    await expect(faultOf(page, name)).toBeChecked();
  }
  await page.getByRole("radio", { name: "30 s" }).check({ force: true });
  await faultOf(page, "Slow").click();
  await expect(page.getByText("3 faults are on.")).toBeVisible();
  await expect(page.getByTestId("reaction-sentence")).toContainText(/2 of \d+ informers do not watch/);
  await expectAccessible(page);
  await takePictures(page, "09-faults");
});
