/** One list of concurrent events: the second pod in flight still sees what happened, also after the first has finished. */
import { join } from "node:path";
import { expect, test } from "#e2e/fixtures.ts";
import { KubeApi } from "#e2e/kube-api.ts";
import { takePictures } from "#e2e/pictures.ts";

test("two pods in flight, an event arrives, the first finishes, the second still sees the event", async ({
  page,
  server,
}) => {
  const api = new KubeApi(join(server.stateDir, "demo.kubeconfig"));
  await page.goto("/queue?cluster=demo");
  // Paused while nothing is in flight: a pod that is popped just before must not be taken for one of ours.
  const parked = page.getByRole("listbox", { name: /unschedulable/ }).getByRole("option");
  await expect(async () => {
    await server.api("PATCH", "/api/clusters/demo/scheduler", { isPaused: false });
    await expect(parked).toHaveCount(2);
    await page.getByTestId("stepbar-pause").click();
    await expect(page.getByTestId("stepbar-pause")).toHaveText(/Resume/);
    await expect(page.getByTestId(/^eventlist-marker-/)).toHaveCount(0, { timeout: 5_000 });
    await expect(parked).toHaveCount(2, { timeout: 1_000 });
  }).toPass({ timeout: 60_000 });

  await api.createPod("default", "first", "10m");
  const first = await api.pod("default", "first");
  await api.createPod("default", "second", "12");
  const second = await api.pod("default", "second");
  await expect(page.getByTestId(`lane-row-${second}`)).toBeVisible();
  for (const uid of [first, second]) {
    await page.getByTestId("stepbar-pop").click();
    await expect(page.getByTestId(`eventlist-marker-${uid}`)).toBeVisible();
  }
  const wouldGo = page.getByTestId(`queue-would-go-${second}`);
  await expect(wouldGo).toContainText("unschedulable");

  await api.createNode("giant", { cpu: "64" });
  await expect(wouldGo).toContainText("backoffQ");
  await page.getByTestId(`eventlist-marker-${second}`).click();
  await expect(page.getByText(/more recent than [A-Z]/)).toBeVisible();
  await expect(page.getByTestId("queue-decision")).toContainText("backoffQ");
  await expect(page).toHaveURL(new RegExp(`pod=${second}`));
  await takePictures(page, "03-queue");

  await page.getByRole("button", { name: /^NodeResourcesFit/ }).click();
  await page.getByRole("button", { name: "Choose the plugins that reject it" }).click();
  await page.getByRole("menuitem", { name: "NodePorts" }).click();
  await expect(page.getByTestId("queue-decision")).toContainText("if it were rejected by");
  await expect(page).toHaveURL(/rej=/);
  const address = page.url();
  await page.goto("/queue?cluster=demo");
  await page.goto(address);
  await expect(page.getByTestId("queue-decision")).toContainText("if it were rejected by");
  await takePictures(page, "03-queue-what-if");
  await page.getByRole("button", { name: "Back to the plugins that rejected it" }).click();
  await expect(page.getByTestId("queue-decision")).toContainText("backoffQ");
  await expect(page).not.toHaveURL(/rej=/);
  await page.keyboard.press("Escape");

  await page.getByTestId("stepbar-finish").click();
  await page.getByRole("menuitem", { name: /^schedulable/ }).click();
  await expect(page.getByTestId(`eventlist-marker-${first}`)).toHaveCount(0);
  await expect(page.getByTestId(`eventlist-marker-${second}`)).toBeVisible();
  await expect(wouldGo).toContainText("backoffQ");
  await expect(page.getByTestId(/^eventlist-event-/).first()).toBeVisible();

  await page.getByTestId("stepbar-finish").click();
  await page.getByRole("menuitem", { name: /^unschedulable/ }).click();
  await expect(page.getByTestId(/^eventlist-marker-/)).toHaveCount(0);
  await expect(page.getByRole("listbox", { name: /backoffQ/ }).getByTestId(`lane-row-${second}`)).toBeVisible();

  await page.getByTestId("stepbar-pause").click();
  await expect
    .poll(async () => (await api.pods("default")).find(({ metadata }) => metadata.uid === second)?.spec.nodeName)
    .toBe("giant");
});

test("an injected event and the keys that drive the loop", async ({ page, server }) => {
  const api = new KubeApi(join(server.stateDir, "demo.kubeconfig"));
  await server.api("PATCH", "/api/clusters/demo/scheduler", { isPaused: true });
  await api.createPod("default", "third", "100");
  const third = await api.pod("default", "third");
  await page.goto("/queue?cluster=demo");
  await expect(page.getByTestId(`lane-row-${third}`)).toBeVisible();
  await expect(page.getByTestId("stepbar-pop")).toBeVisible();
  await page.keyboard.press("n");
  await expect(page.getByTestId(`eventlist-marker-${third}`)).toBeVisible();
  await page.keyboard.press("e");
  await page
    .getByRole("menuitem", { name: /^N\+.*NodeAdd|NodeAdd/ })
    .first()
    .click();
  await expect(page.getByTestId(/^eventlist-event-/)).toHaveCount(1);
  await page.keyboard.press("f");
  await page.getByRole("menuitem", { name: /^error/ }).click();
  await expect(page.getByTestId(`eventlist-marker-${third}`)).toHaveCount(0);
  await server.api("PATCH", "/api/clusters/demo/scheduler", { isPaused: false });
});
