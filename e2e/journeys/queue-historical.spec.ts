/** With `--queue historical` the page names the pod that missed an event, the event, and the plugin that wanted it. */
import { join } from "node:path";
import { expectAccessible } from "#e2e/axe.ts";
import { expect, test } from "#e2e/fixtures.ts";
import { KubeApi } from "#e2e/kube-api.ts";
import { takePictures } from "#e2e/pictures.ts";

test.use({ serverArgs: [["--demo", "--scenario", "empty", "--queue", "historical"], { scope: "worker" }] });

test("the old list loses an event once the older pod is done, and the Lab plays it", async ({ page, server }) => {
  const api = new KubeApi(join(server.stateDir, "demo.kubeconfig"));
  await server.api("PATCH", "/api/clusters/demo/scheduler", { isPaused: true });
  await api.createNode("node-1", { cpu: "4" });
  await page.goto("/queue?cluster=demo");
  const lost = page.getByTestId("queue-lost");
  await expect(lost).toContainText("has lost no event so far");

  const uids = new Map<string, string>();
  for (const name of ["older", "younger"]) {
    await api.createPod("default", name, name === "older" ? "1" : "12");
    const uid = await api.pod("default", name);
    uids.set(name, uid);
    await expect(page.getByTestId(`lane-row-${uid}`)).toBeVisible();
    await page.getByTestId("stepbar-pop").click();
    await expect(page.getByTestId(new RegExp(`^queue-would-go-${uid}`))).toBeVisible();
    // What the younger pod's marker will be: the newest event when it is popped.
    if (name === "older") await api.createNode("node-2", { cpu: "2" });
    if (name === "older") await expect(page.getByTestId(/^eventlist-event-/).first()).toBeVisible();
  }
  await page.getByTestId("stepbar-finish").click();
  await page.getByRole("menuitem", { name: /^schedulable/ }).click();
  await expect(page.getByTestId(`queue-would-go-${uids.get("older")}`)).toHaveCount(0);
  await api.createNode("giant", { cpu: "64" });
  await page.getByTestId("stepbar-finish").click();
  await page.getByRole("menuitem", { name: /^unschedulable/ }).click();
  const parked = page.getByRole("listbox", { name: /unschedulable/ });
  await expect(parked.getByTestId(`lane-row-${uids.get("younger")}`)).toBeVisible();

  await expect(lost).toContainText("lost 1 event.");
  await expect(lost).toContainText(/default\/younger missed Node(Add|Update\w+) giant/);
  await expect(lost).toContainText("which NodeResourcesFit wanted");
  await expectAccessible(page);
  await takePictures(page, "03-queue-historical");

  await lost.getByRole("button", { name: "Lab" }).click();
  await expect(page.getByTestId("lab-title")).toHaveText("From pod default/younger");
  await expect(page.getByTestId("lab-finding")).toContainText("different outcome");
});
