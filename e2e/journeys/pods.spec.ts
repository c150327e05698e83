/** The list of pods by its keys: peeked at, selected, copied, filtered, and standing still while somebody is in it. */
import { join } from "node:path";
import type { Locator, Page } from "playwright/test";
import { expectAccessible } from "#e2e/axe.ts";
import { expect, test } from "#e2e/fixtures.ts";
import { KubeApi } from "#e2e/kube-api.ts";
import { takePictures } from "#e2e/pictures.ts";

test.use({ serverArgs: [["--demo", "--scenario", "stories", "--log-level", "warn"], { scope: "worker" }] });

/** The stories have all come to their verdicts. */
async function openPods(page: Page, query = ""): Promise<void> {
  await page.goto(`/pods?cluster=demo${query}`);
  await expect(page.getByRole("row", { name: /One toleration away/ })).toBeVisible();
  await expect(page.locator("[aria-busy=true]")).toHaveCount(0);
}

function rowOf(page: Page, name: string): Locator {
  return page.getByRole("row", { name: new RegExp(`Peek at ${name}/${name}`) });
}

test("a pod is peeked at beside the list, which does not move; the panel goes along and gives the focus back", async ({
  page,
}) => {
  await openPods(page);
  const row = rowOf(page, "near-toleration");
  await row.getByRole("link").focus();
  const before = await row.boundingBox();
  await page.keyboard.press("p");
  const peek = page.getByTestId("peek");
  await expect(peek.getByTestId("pod-verdict")).toContainText("One toleration away");
  await expect(peek.getByTestId("nearmiss-1")).toContainText("kubectl");
  await expect(peek.getByRole("region", { name: "Last attempt" })).toContainText("TaintToleration");
  await expect(page).toHaveURL(/peek=near-toleration(%2F|\/)near-toleration/);
  expect(await row.boundingBox()).toEqual(before);
  await expectAccessible(page);
  await takePictures(page, "05-pods-peek");

  await page.keyboard.press("j");
  await expect(page).not.toHaveURL(/peek=near-toleration/);
  await page.keyboard.press("k");
  await expect(peek.getByTestId("pod-verdict")).toContainText("One toleration away");
  await peek.getByRole("link", { name: "Open page" }).focus();
  await page.keyboard.press("Escape");
  await expect(peek).toHaveCount(0);
  await expect(row.getByRole("link")).toBeFocused();

  await page.goto("/pods?cluster=demo&peek=near-cordon/near-cordon");
  await expect(peek.getByTestId("pod-verdict")).toContainText("One cordon away");
  await peek.getByRole("link", { name: "Open page" }).click();
  await expect(page).toHaveURL(/\/pod\?.*name=near-cordon/);
});

test("rows are selected and taken along, as reports and as YAML", async ({ page, context }) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await openPods(page, "&sort=name");
  await page.keyboard.press("j");
  await expect(page.getByRole("row").nth(1).getByRole("link")).toBeFocused();
  await page.keyboard.press("x");
  await page.keyboard.press("j");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Shift+X");
  await expect(page.getByText("3 rows selected")).toBeVisible();
  const clipboard = () => page.evaluate(() => navigator.clipboard.readText());
  await page.keyboard.press("c");
  await expect.poll(clipboard).toMatch(/affinity\/affinity[^]*anti-affinity\/anti-affinity[^]*claim-missing/);
  await page.keyboard.press("y");
  await expect.poll(clipboard).toMatch(/kind: Pod[^]*---[^]*kind: Pod/);
  await page.keyboard.press("Escape");
  await expect(page.getByText("3 rows selected")).toHaveCount(0);

  const [tab] = await Promise.all([context.waitForEvent("page"), page.keyboard.press("Control+Enter")]);
  await expect(tab).toHaveURL(/\/pod\?.*name=claim-missing/);
  await tab.close();

  await page.keyboard.press("?");
  const sheet = page.getByRole("dialog", { name: "Shortcuts" });
  await expect(sheet.getByText("Peek at the pod")).toBeVisible();
  // A key that the page has taken is not told as what it does elsewhere.
  await expect(sheet.getByText("Filter pods")).toHaveCount(1);
  await expect(sheet.locator("dd").filter({ hasText: /^\// })).toHaveCount(1);
});

test("the keys of a list are the same on the Overview and in the lanes", async ({ page }) => {
  const peek = page.getByTestId("peek");
  await page.goto("/?cluster=demo");
  await expect(page.getByRole("region", { name: "Needs attention" }).getByRole("link").nth(2)).toBeVisible();
  await page.keyboard.press("j");
  await page.keyboard.press("p");
  await expect(peek).toContainText("no-scheduler");
  await page.keyboard.press("Escape");
  await expect(peek).toHaveCount(0);

  await page.goto("/queue?cluster=demo");
  const lane = page.getByRole("listbox", { name: "unschedulable" });
  await expect(lane.getByRole("option").first()).toBeVisible();
  await page.keyboard.press("j");
  await expect(lane).toBeFocused();
  await page.keyboard.press("p");
  await expect(peek.getByTestId("pod-verdict")).toBeVisible();
  const first = page.url();
  await page.keyboard.press("j");
  await expect(page).not.toHaveURL(first);
  await expect(peek.getByTestId("pod-verdict")).toBeVisible();
});

test("filters: in a drawer where there is little room, in one row, and marked where they cannot be read", async ({
  page,
}) => {
  await page.setViewportSize({ width: 1100, height: 800 });
  await openPods(page);
  const rows = page.getByTestId(/^pods-row-/);
  await page.getByRole("button", { name: "Filters" }).click();
  const drawer = page.getByRole("dialog", { name: "Filters" });
  await expectAccessible(page);
  await drawer.getByRole("checkbox", { name: /InterPodAffinity/ }).check();
  await expect(rows).toHaveCount(2);
  // What it counts itself, nobody has narrowed: other plugins are offered with the pods that they would add.
  await expect(drawer.getByRole("checkbox", { name: /VolumeBinding/ })).toBeVisible();
  await drawer.getByRole("checkbox", { name: /VolumeBinding/ }).check();
  await expect(rows).toHaveCount(4);
  await page.keyboard.press("Escape");
  await expect(drawer).toHaveCount(0);
  await expect(page).toHaveURL(/plugin=InterPodAffinity,VolumeBinding/);

  await page.getByRole("button", { name: /^Volume / }).click();
  await expect(rows).toHaveCount(2);
  await page.getByRole("button", { name: /^No fit / }).click({ modifiers: ["Shift"] });
  await expect(rows).toHaveCount(4);

  const search = page.getByRole("textbox", { name: "Filter pods" });
  await search.fill("ns:affinity age>five");
  await expect(page.getByTestId("query-wrong")).toHaveText("age>five");
  // Half typed, it leaves the list as it is.
  await expect(rows).toHaveCount(4);
  await search.press("Enter");
  await expect(page).not.toHaveURL(/q=/);
  await search.fill("ns:affinity");
  await search.press("Enter");
  await expect(rows).toHaveCount(1);
});

test("the list stands still under the pointer, counts what came, and lets it in when the pointer has gone", async ({
  page,
  server,
}) => {
  const api = new KubeApi(join(server.stateDir, "demo.kubeconfig"));
  await openPods(page, "&sort=name");
  const first = page.getByTestId(/^pods-row-/).first();
  await first.hover();
  const whole = await first.getAttribute("data-testid");
  await api.createPod("affinity", "aaa", "300");
  await expect(page.getByTestId("held-changes")).toContainText(/changes?, show/);
  await expect(first).toHaveAttribute("data-testid", whole ?? "");
  await page.mouse.move(5, 5);
  await expect(first).toContainText("aaa");
  await expect(page.getByTestId("held-changes")).toHaveCount(0);
});
