/** Why one pod waits, on 5,000 nodes: the matrix at a glance, a column taken apart, and what if it asked for something else. */
import { expectAccessible } from "#e2e/axe.ts";
import { expect, test } from "#e2e/fixtures.ts";
import { takePictures } from "#e2e/pictures.ts";

test.use({ serverArgs: [["--demo", "--scenario", "large", "--log-level", "warn"], { scope: "worker" }] });

/** A few more than are in sight of the widest screen. */
const mostDrawn = 400;

test("5,000 nodes are read at a glance, taken apart, gone through by pointer and keys, and folded again", async ({
  page,
}) => {
  await page.goto("/?cluster=demo");
  await page.getByRole("region", { name: "Needs attention" }).locator("a[href*='name=large&']").click();
  await expect(page.getByTestId("pod-verdict")).toContainText("No node fits: 3,800 of 5,000 are short of CPU");
  const card = page.getByRole("region", { name: "Why each node says no" });
  const plane = card.getByRole("grid", { name: /Plugins and nodes/ });
  // The first is the head of the plugins' names.
  const columns = plane.getByRole("columnheader").and(page.getByTestId(/^nodematrix-column-/));
  await expect(plane.getByRole("rowheader", { name: "NodeResourcesFit cpu" })).toHaveCount(1);
  await expect(plane.getByRole("row").nth(1).getByRole("gridcell").first()).toHaveText(/rejects?|passes/);
  const readout = page.getByTestId("nodematrix-readout");
  await expect(card.getByRole("table")).toContainText("NodeResourcesFit cpu");
  const folded = await columns.count();
  expect(folded).toBeLessThan(40);
  await takePictures(page, "04-pod-5000-nodes");
  await expectAccessible(page);

  const most = columns.first();
  const name = (await most.getAttribute("aria-label")) ?? "";
  await most.hover({ force: true });
  await expect(readout).toContainText(name);
  await most.click({ force: true });
  await expect(page).toHaveURL(/expand=/);
  await expect.poll(() => columns.count()).toBeGreaterThan(folded);
  // However many there are, what is drawn is what can be seen.
  expect(await columns.count()).toBeLessThan(mostDrawn);
  const of = Number(await plane.getAttribute("aria-colcount"));
  expect(of).toBeGreaterThan(1_000);

  await plane.focus();
  await page.keyboard.press("End");
  await expect(columns.last()).toHaveAttribute("aria-colindex", String(of));
  await expect(readout).toContainText(
    await columns
      .last()
      .getAttribute("aria-label")
      .then((label) => label ?? "none"),
  );
  await page.keyboard.press("ArrowLeft");
  await expect(readout).toContainText(
    (await columns.nth((await columns.count()) - 2).getAttribute("aria-label")) ?? "none",
  );
  await page.keyboard.press("Home");
  await expect(columns.first()).toHaveAttribute("aria-colindex", "2");
  await takePictures(page, "04-pod-5000-nodes-apart");
  await page.getByRole("button", { name: "Fold again" }).click();
  await expect.poll(() => columns.count()).toBe(folded);

  await card.getByRole("radio", { name: "Reason" }).click();
  await expect(page).toHaveURL(/group=reason/);
  await expect(card.getByRole("radio", { name: "Reason" })).toBeChecked();
});

test("what if it asked for less, tolerated more, or selected fewer: judged by the same plugins", async ({ page }) => {
  await page.goto("/pod?cluster=demo&ns=large&name=large");
  const form = page.getByRole("region", { name: "What if" });
  const answer = page.getByTestId("whatif-answer");
  const ask = () => form.getByRole("button", { name: "Try it" }).click();
  await form.getByLabel("cpu").fill("14");
  await ask();
  const takes = async () =>
    Number(/([\d,]+) nodes? take/.exec((await answer.textContent()) ?? "")?.[1]?.replace(",", ""));
  await expect.poll(takes).toBeGreaterThan(100);
  const before = await takes();

  await form.getByLabel("tolerates").fill("spot=true:NoSchedule");
  await ask();
  await expect.poll(takes).toBeGreaterThan(before);
  const tolerant = await takes();

  await form.getByLabel("node selector").fill("pool=spot");
  await ask();
  await expect.poll(takes).toBeLessThan(tolerant);
  await expect(answer).toContainText("spot-");

  await form.getByLabel("node selector").fill("pool=nowhere");
  await ask();
  await expect(answer).toContainText(/No node/);
  await form.getByLabel("cpu").fill("a lot");
  await ask();
  await expect(answer).not.toContainText(/take/);
  await form.getByRole("button", { name: "As it is" }).click();
  await expect(answer).toHaveCount(0);
  await expect(form.getByLabel("cpu")).toHaveValue("20");
});
