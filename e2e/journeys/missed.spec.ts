/** What the event list of 1.28.0 loses: noticed beside a correct queue, named with the event and the plugin that wanted it. */
import { z } from "zod";
import { expectAccessible } from "#e2e/axe.ts";
import { expect, test } from "#e2e/fixtures.ts";
import { takePictures } from "#e2e/pictures.ts";
import { diagnosisReport } from "#lib/protocol/index.ts";

test.use({
  serverArgs: [["--demo", "--scenario", "small", "--queue", "historical", "--log-level", "warn"], { scope: "worker" }],
});

const room = "missed-event-2";

test("an event that the historical queue lost is named within a minute, one click from the overview", async ({
  page,
  server,
}) => {
  await page.goto("/?cluster=demo");
  const attention = page.getByRole("region", { name: "Needs attention" });
  const row = attention.locator("a[href*='ns=missed-event']").filter({ hasText: "Missed event suspected" }).first();
  await expect(row).toBeVisible({ timeout: 60_000 });
  await row.click();
  await expect(page).toHaveURL(/\/pod\?.*name=ranker/);
  await expect(page.getByTestId("pod-verdict").locator("h2")).toHaveAttribute("data-code", "missed-event");
  await expect(page.getByTestId("pod-verdict")).toContainText(`node ${room} came at`);

  const split = page.getByRole("region", { name: "Where the two queues split" });
  await expect(split).toContainText("A correct queue");
  await expect(split).toContainText("The queue of 1.28.0");
  await expect(page.getByTestId("pod-split-missed")).toContainText("still unschedulable, no attempt for");
  await expect(split).toContainText(/should be\s*backoffQ/);
  await expect(split).toContainText(/was\s*unschedulable/);
  const evidence = page.getByRole("region", { name: "Evidence" });
  await expect(evidence).toContainText("4 of 4 hold");
  await expect(evidence).toContainText(`NodeAdd ${room}`);
  await expect(evidence).toContainText("NodeAffinity rejected the pod");
  const lost = page.getByRole("region", { name: "Events since" }).getByRole("row", { name: new RegExp(room) });
  await expect(lost).toContainText(/Queue.*NodeAffinity.*1\.28\.0 would have lost it/);
  await expect(page.getByRole("region", { name: "What you can do" })).toContainText(
    "kubectl -n missed-event delete pod",
  );
  await takePictures(page, "04b-pod-missed-event");
  await expectAccessible(page);

  const podUrl = page.url();
  await split.getByRole("button", { name: "Replay in Lab" }).click();
  await expect(page).toHaveURL(/\/lab\?scenario=from-pod/);
  await expect(page.getByRole("main")).toContainText(room);
  await expect(page.getByRole("main")).toContainText(/From pod missed-event\/ranker/);
  await page.goto(podUrl);

  const name = new URL(page.url()).searchParams.get("name") ?? "";
  const { body } = await server.api("GET", `/api/clusters/demo/pods/missed-event/${name}/diagnosis`);
  const { pod, headline, markdown } = diagnosisReport.parse(body);
  expect(pod.split?.event).toMatchObject({ label: "NodeAdd", object: room, plugin: "NodeAffinity" });
  expect(headline).toContain("Missed event suspected");
  expect(markdown).toContain(`NodeAdd ${room}`);
  expect(z.array(z.object({ holds: z.literal(true) })).safeParse(pod.evidence).success).toBe(true);
});
