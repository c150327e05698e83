/** The Lab: the same operations on the list of 1.28.0 and on the current one, in the browser. */
import { join } from "node:path";
import AxeBuilder from "@axe-core/playwright";
import { expect, test } from "#e2e/fixtures.ts";
import { takePictures } from "#e2e/pictures.ts";
import type { Page } from "playwright/test";

const recordings = join(import.meta.dirname, "../../lib/queue/testdata");

const old = (page: Page, place: string) => page.getByTestId(`lab-place-historical-${place}`);
const fixed = (page: Page, place: string) => page.getByTestId(`lab-place-current-${place}`);
const operation = (page: Page, step: number) => page.getByTestId(`lab-operation-${step}`);
const titles = (page: Page) => page.getByTestId(/^lab-operation-/).locator("b");

test("two pods in flight, an event, the first finishes: the second notices on the right, the old queue loses it", async ({
  page,
}) => {
  await page.goto("/lab?step=0");
  await expect(page.getByTestId("lab-step")).toHaveText("0");
  await expect(old(page, "active")).toContainText("AB");
  for (const title of ["pop A", "event e1", "pop B"]) {
    await page.keyboard.press(".");
    await expect(page.locator("[aria-current=step]")).toContainText(title);
  }
  const current = page.getByTestId("lab-panel-current");
  const historical = page.getByTestId("lab-panel-historical");
  await expect(current.getByRole("button", { name: /^pod [AB], / })).toHaveCount(2);
  await expect(historical).toContainText("B marks e1");

  await page.getByRole("button", { name: "Step forward" }).click();
  await expect(historical.getByTestId("lab-pointer")).toContainText("null");
  await page.keyboard.press(".");
  await expect(current).toContainText("more recent than B: 1 event");
  await expect(page.getByTestId("lab-outcome-current")).toContainText("B would go to backoffQ");
  await expect(page.getByTestId("lab-outcome-historical")).toContainText("B would go to unschedulable");
  await expect(historical).toContainText("1 event not seen");
  await expect(historical).toContainText("0 of 1");

  await page.keyboard.press(".");
  await expect(old(page, "unschedulable")).toContainText("B");
  await expect(fixed(page, "backoff")).toContainText("B");
  await expect(page.getByTestId("lab-finding")).toContainText(
    "different outcome for B from step 6: its marker e1 left the old list in step 4.",
  );
  await expect(page.getByTestId("lab-finding")).toContainText("Old: waits up to 5 minutes.");
  await expect(page.getByTestId("lab-tint-apart")).toHaveText("diverged for 1 step");
});

test("events and endings are injected by hand into a list that is empty", async ({ page }) => {
  await page.goto("/lab?scenario=first-in-list-is-safe");
  for (let left = 6; left > 0; left--) {
    await operation(page, 1).hover();
    await operation(page, 1)
      .getByRole("button", { name: /^Delete step 1/ })
      .click();
    await expect(titles(page)).toHaveCount(left - 1);
  }
  await expect(page.getByTestId("lab-finding")).toContainText("There are no operations.");
  const add = async (name: RegExp): Promise<void> => {
    const count = await titles(page).count();
    await page.getByRole("button", { name: "Add an operation" }).click();
    await page.getByRole("menuitem", { name }).first().click();
    await expect(titles(page)).toHaveCount(count + 1);
    await expect(page.getByTestId("lab-step")).toHaveText(`${count + 1}`);
  };
  await add(/^pop/);
  await add(/ResourceClaimAdd/);
  await add(/^pop/);
  await add(/^A bound/);
  await add(/^NodeAdd big/);
  await expect(page.getByTestId("lab-outcome-current")).toContainText("backoffQ");
  await add(/^B unschedulable.*Fit/);
  await expect(old(page, "unschedulable")).toContainText("B");
  await expect(fixed(page, "backoff")).toContainText("B");
  await expect(page.getByTestId("lab-finding")).toContainText("different outcome for B from step 6");
});

test("operations are dragged, moved by keys and deleted; the address holds the change, Back undoes it", async ({
  page,
}) => {
  await page.goto("/lab");
  await expect(titles(page)).toHaveText(["pop A", "event e1", "pop B", "A bound", "event e2", "B unschedulable"]);
  // B takes off before e1 came: it reads from the front, and nothing is lost.
  await operation(page, 3).dragTo(operation(page, 2));
  await expect(titles(page)).toHaveText(["pop A", "pop B", "event e1", "A bound", "event e2", "B unschedulable"]);
  await expect(page.getByTestId("lab-finding")).toContainText("Both queues do the same in all 6 steps.");
  await expect(page).toHaveURL(/ops=/);
  await expect(page.getByTestId("lab-title")).toHaveText("The historical bug, changed");

  await page.reload();
  await expect(titles(page)).toHaveText(["pop A", "pop B", "event e1", "A bound", "event e2", "B unschedulable"]);
  await expect(page.getByTestId("lab-title")).toHaveText("The historical bug, changed");

  await operation(page, 2).locator("[aria-keyshortcuts]").focus();
  await page.keyboard.press("Alt+ArrowDown");
  await expect(titles(page)).toHaveText(["pop A", "event e1", "pop B", "A bound", "event e2", "B unschedulable"]);
  await expect(operation(page, 3).locator("[aria-keyshortcuts]")).toBeFocused();
  await expect(page.getByTestId("lab-finding")).toContainText("different outcome for B");

  await operation(page, 4).locator("[aria-keyshortcuts]").focus();
  await page.keyboard.press("Delete");
  await expect(titles(page)).toHaveText(["pop A", "event e1", "pop B", "event e2", "B unschedulable"]);
  await expect(page.getByTestId("lab-finding")).toContainText("Both queues do the same");
  await page.goBack();
  await expect(titles(page)).toHaveText(["pop A", "event e1", "pop B", "A bound", "event e2", "B unschedulable"]);
});

test("a link opens the same step of the same operations at the same speed; one that is wrong says so", async ({
  page,
  context,
}) => {
  await page.goto("/lab?scenario=busy-scheduler&step=7&speed=4");
  await expect(page.getByTestId("lab-step")).toHaveText("7");
  await expect(page.getByRole("radio", { name: "4×" })).toBeChecked();
  await operation(page, 11).locator("[aria-keyshortcuts]").focus();
  await page.keyboard.press("Delete");
  await expect(titles(page)).toHaveCount(12);
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await page.getByRole("button", { name: "Share" }).click();
  const link = await page.evaluate(() => navigator.clipboard.readText());
  const other = await context.newPage();
  await other.goto(link);
  await expect(titles(other)).toHaveCount(12);
  await expect(other.getByTestId("lab-step")).toHaveText("7");
  await expect(other.getByRole("radio", { name: "4×" })).toBeChecked();
  await other.close();

  await page.goto("/lab?ops=abc");
  await expect(page.getByText("This link is not valid.")).toBeVisible();
  await expect(page.getByText(/cut off or damaged/)).toBeVisible();
  await expect(titles(page)).toHaveCount(6);
  await page.goto("/lab?scenario=nowhere");
  await expect(page.getByText(/There is no story nowhere/)).toBeVisible();
  await expect(titles(page)).toHaveCount(6);
});

test("a recording is opened, packed or not, and dropped; one that is none says what is wrong", async ({ page }) => {
  await page.goto("/lab");
  await page.getByTestId("lab-file").setInputFiles(join(recordings, "historical-bug.json.gz"));
  await expect(page.getByTestId("lab-title")).toHaveText("marker-removed, from historical-bug.json.gz");
  await expect(titles(page)).toHaveText([
    "add A",
    "add B",
    "pop A",
    "event e1",
    "pop B",
    "A bound",
    "event e2",
    "B unschedulable",
  ]);
  await expect(page.getByTestId("lab-finding")).toContainText("different outcome for B from step 8");
  await page.getByTestId("lab-scenario").click();
  await page.getByRole("menuitem", { name: /first-in-list-is-safe/ }).click();
  await expect(page.getByTestId("lab-finding")).toContainText("Both queues do the same in all 8 steps.");

  await page.getByTestId("lab-file").setInputFiles(join(recordings, "random-0002.json.gz"));
  await expect(page.getByTestId("lab-title")).toContainText("from random-0002.json.gz");
  await page.getByRole("slider", { name: "Step" }).focus();
  await page.keyboard.press("End");
  await expect(page.getByTestId("lab-step")).not.toHaveText("0");
  await expect(page.getByRole("button", { name: "Step forward" })).toHaveAttribute("aria-disabled", "true");

  await page.getByTestId("lab-file").setInputFiles({
    name: "broken.json",
    mimeType: "application/json",
    buffer: Buffer.from('{"format":"kube-inflight/queue-trace@1","traces":[{"name":"a"}]}'),
  });
  await expect(page.getByText(/broken\.json cannot be opened: .*traces\[0\]\.config/)).toBeVisible();

  const dropped = await page.evaluateHandle(() => {
    const transfer = new DataTransfer();
    transfer.items.add(new File(["[]"], "dropped.json"));
    return transfer;
  });
  await page.getByTestId("lab-drop").dispatchEvent("drop", { dataTransfer: dropped });
  await expect(page.getByText(/dropped\.json cannot be opened/)).toBeVisible();
});

test("plays to the end by itself, begins anew, and stands still when told", async ({ page }) => {
  await page.goto("/lab?step=0&speed=4");
  const step = page.getByTestId("lab-step");
  const play = page.getByTestId("lab-play");
  await expect(step).toHaveText("0");
  await page.clock.install({ time: "2026-01-01T00:00:00Z" });
  await page.clock.pauseAt("2026-01-01T00:00:10Z");
  await page.keyboard.press("Space");
  await expect(play).toHaveAccessibleName("Pause");
  for (const next of ["1", "2", "3", "4", "5", "6"]) {
    await page.clock.runFor(400);
    await expect(step).toHaveText(next);
  }
  await expect(play).toHaveAccessibleName("Play");
  await play.click();
  await expect(step).toHaveText("0");
  await page.clock.runFor(400);
  await expect(step).toHaveText("1");
  await play.click();
  await page.clock.runFor(10_000);
  await expect(step).toHaveText("1");
});

test("every story opens at what it is about, by its menu and by G L", async ({ page }) => {
  await page.goto("/queue?cluster=demo");
  await expect(page.getByRole("link", { name: /^Queue.*\d/ })).toBeVisible(); // live: keys are heard
  await page.keyboard.press("g");
  await page.keyboard.press("l");
  await expect(page.getByRole("heading", { level: 1, name: "Lab" })).toBeVisible();
  for (const [title, finding] of [
    [/A leaked marker/, "Both queues do the same in all 10 steps."],
    [/Gated forever/, "Both queues do the same in all 8 steps."],
    [/Head-of-line blocking/, "Both queues do the same in all 10 steps."],
    [/An event before the pop/, "Both queues do the same in all 5 steps."],
    [/A Skip that should have been a Queue/, "Both queues do the same in all 7 steps."],
    [/The bug on a busy scheduler/, "different outcome for B from step 10"],
  ] as const) {
    await page.getByTestId("lab-scenario").click();
    await page.getByRole("menuitem", { name: title }).click();
    await expect(page.getByTestId("lab-title")).toHaveText(title);
    await expect(page.getByTestId("lab-finding")).toContainText(finding);
  }
});

for (const colorScheme of ["dark", "light"] as const) {
  test(`the ${colorScheme} theme is accessible, wide and narrow`, async ({ page }) => {
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    for (const size of [
      { width: 1440, height: 900 },
      { width: 820, height: 1180 },
    ]) {
      await page.setViewportSize(size);
      for (const query of [
        "scenario=busy-scheduler&step=10",
        "scenario=busy-scheduler&step=6",
        "scenario=gated-forever",
      ]) {
        await page.goto(`/lab?${query}`);
        await expect(page.getByTestId("lab-finding")).toBeVisible();
        const { violations } = await new AxeBuilder({ page })
          .withTags(["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"])
          .analyze();
        const found = violations.map(
          ({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(" ")).join(", ")}`,
        );
        expect(found).toEqual([]);
      }
    }
  });
}

test("looks as it was drawn", async ({ page }) => {
  await page.goto("/lab?scenario=busy-scheduler&step=10");
  await expect(page.getByTestId("lab-outcome-historical")).toContainText(
    "B sits in unschedulable until the 5 minute flush.",
  );
  await expect(page.getByTestId("lab-outcome-current")).toContainText("B retries in 1.0 s because e2 says Queue.");
  await expect(page.getByText(/\d+ of \d+ watching/)).toBeVisible();
  await takePictures(page, "06-lab");
});
