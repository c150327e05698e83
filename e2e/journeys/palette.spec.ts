/** One field for everything, and a key for everything that is done often. */
import type { APIRequestContext } from "playwright/test";
import { expectAccessible } from "#e2e/axe.ts";
import { expect, test } from "#e2e/fixtures.ts";
import { takePictures } from "#e2e/pictures.ts";

test("finds pods, informers and pages by a part of their names", async ({ page }) => {
  await page.goto("/?cluster=demo");
  await expect(page.getByTestId("overview-sentence")).toBeVisible();
  await page.keyboard.press("Control+k");
  const palette = page.getByTestId("palette");
  const field = palette.getByRole("combobox");
  await expect(field).toBeFocused();
  await expect(palette.getByRole("option", { name: /^Queue/ })).toBeVisible();

  const pod = (await waitingPod(page.request)) ?? "";
  await field.fill(pod.slice(0, -2));
  await expect(palette.getByRole("option", { name: new RegExp(pod) })).toBeVisible();
  await expectAccessible(page);
  await field.fill("de");
  await expect(palette.getByRole("option", { name: /^nodes/ })).toBeVisible();
  await takePictures(page, "08-command-palette");
  await field.fill(pod);
  await expect(palette.getByRole("option").first()).toContainText(pod);
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/\/pod\?cluster=demo&ns=default&name=/);
  await expect(palette).toHaveCount(0);

  await page.keyboard.press("/");
  await field.fill("add handler pods v1");
  await palette.getByRole("option", { name: /Add a handler to pods v1/ }).click();
  await expect(page.getByRole("dialog", { name: "Add handler" })).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(page).not.toHaveURL(/add=1/);
});

test("what is typed while the palette is still being loaded is in its field, and no key of the page", async ({
  page,
}) => {
  await page.goto("/?cluster=demo");
  await expect(page.getByTestId("overview-sentence")).toBeVisible();
  const { promise: isTyped, resolve: letGo } = Promise.withResolvers<void>();
  await page.route("**/*.js", async (route) => {
    await isTyped;
    await route.continue();
  });
  const theme = (): Promise<string | null> => page.locator("html").getAttribute("data-theme");
  const before = await theme();
  await page.keyboard.press("Control+k");
  await page.keyboard.type("tainx");
  await page.keyboard.press("Backspace");
  await expect(page.getByTestId("palette")).toHaveCount(0);
  letGo();
  const field = page.getByTestId("palette").getByRole("combobox");
  await expect(field).toHaveValue("tain");
  await expect(field).toBeFocused();
  await page.keyboard.type("t");
  await expect(field).toHaveValue("taint");
  expect(await theme()).toBe(before);
});

test("> finds commands, # finds events", async ({ page }) => {
  await page.goto("/informers?cluster=demo&resource=v1/pods");
  await expect(page.getByTestId("handler-add")).toBeVisible();
  await page.keyboard.press("Control+k");
  const palette = page.getByTestId("palette");
  await palette.getByRole("combobox").fill(">light");
  await expect(palette.getByRole("option")).toHaveCount(1);
  await page.keyboard.press("Enter");
  await expect(page.locator("html")).toHaveAttribute("data-theme", "light");
  await page.keyboard.press("t");
  await expect(page.locator("html")).toHaveAttribute("data-theme", "dark");

  await page.keyboard.press("Control+k");
  await palette.getByRole("combobox").fill("#123456789");
  await expect(palette).toContainText("No event 123456789 in the list");
  await page.keyboard.press("Control+k");
  await expect(palette).toHaveCount(0);
});

test("keys go to pages, and letters can be turned off", async ({ page }) => {
  await page.goto("/?cluster=demo");
  await expect(page.getByTestId("overview-sentence")).toBeVisible();
  await page.keyboard.press("g");
  await page.keyboard.press("i");
  await expect(page).toHaveURL(/\/informers/);
  await page.keyboard.press("g");
  await page.keyboard.press("q");
  await expect(page).toHaveURL(/\/queue/);
  await page.goBack();
  await expect(page).toHaveURL(/\/informers/);

  await expect(page.getByTestId("handler-add")).toBeVisible();
  await page.keyboard.press("?");
  const sheet = page.getByRole("dialog", { name: "Shortcuts" });
  await expect(sheet).toContainText("Add handler");
  await expectAccessible(page);
  await sheet.getByRole("checkbox").uncheck();
  await page.keyboard.press("Escape");
  await expect(sheet).toHaveCount(0);
  await page.keyboard.press("a");
  await page.keyboard.press("Control+k");
  await expect(page.getByTestId("palette")).toBeVisible();
  await expect(page.getByRole("dialog", { name: "Add handler" })).toHaveCount(0);
});

test("space holds the picture still and counts what it misses", async ({ page, server }) => {
  await page.goto("/informers?cluster=demo&resource=v1/pods");
  const button = page.getByTestId("live-button");
  await expect(button).toHaveText(/Live/);
  await page.keyboard.press("Space");
  await expect(button).toHaveText(/Paused/);
  const handlers = "/api/clusters/demo/informers/v1%2Fpods/handlers";
  const { body } = await server.api("POST", handlers, { kind: "count", owner: "paused" });
  const [handle] = (body as { registrations: number[] }).registrations;
  await expect(button).toHaveText(/Paused, [\d,]+ behind/);
  await expect(page.getByTestId(`registration-row-${handle}`)).toHaveCount(0);
  await page.keyboard.press("Space");
  await expect(page.getByTestId(`registration-row-${handle}`)).toBeVisible();
  await server.api("DELETE", `/api/clusters/demo/handlers/${handle}`);
});

/** `namespace/name` of a pod that waits. */
async function waitingPod(request: APIRequestContext): Promise<string | undefined> {
  const queue = (await (await request.get("/api/clusters/demo/queue?limit=20")).json()) as {
    lanes: { unschedulable: { rows: Record<string, { namespace: string; name: string }> } };
  };
  const [row] = Object.values(queue.lanes.unschedulable.rows);
  return row === undefined ? undefined : `${row.namespace}/${row.name}`;
}
