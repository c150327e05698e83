/** What only our own scheduler can tell of itself, brought about by faults of its own: from the list of scenarios to the cure. */
import { join } from "node:path";
import type { Page } from "playwright/test";
import { podOfScenario, type ScenarioName } from "#lib/protocol/index.ts";
import { expect, test } from "#e2e/fixtures.ts";
import { KubeApi } from "#e2e/kube-api.ts";
import { takePictures } from "#e2e/pictures.ts";

test.use({ serverArgs: [["--demo", "--scenario", "empty", "--log-level", "warn"], { scope: "worker" }] });

/** An attempt has to hang for half a minute before it is said to, and a flush comes once in so long. */
const patient = { timeout: 90_000 };

/** From the list to the pod that it is about, and to its verdict. */
async function tell(page: Page, name: ScenarioName): Promise<void> {
  await page.goto("/?cluster=demo");
  await page.getByRole("main").getByRole("button", { name: "Scenarios" }).click();
  await page.getByRole("dialog", { name: "Scenarios" }).getByTestId(`scenario-${name}`).click();
  await expect(page.getByRole("dialog")).toHaveCount(0);
  await page.getByRole("link", { name: "Open the pod" }).click();
  await expect(headline(page)).toHaveAttribute("data-code", name, patient);
}

const headline = (page: Page) => page.getByTestId("pod-verdict").locator("h2");

function look(page: Page, name: ScenarioName): Promise<unknown> {
  const { namespace, name: pod } = podOfScenario(name) ?? { namespace: "", name: "" };
  return page.goto(`/pod?cluster=demo&ns=${namespace}&name=${pod}`);
}

async function switchOff(page: Page, fault: string): Promise<void> {
  await page.goto("/demo?cluster=demo");
  const control = page.getByRole("switch", { name: fault });
  await expect(control).toBeChecked();
  await control.click();
  await expect(control).not.toBeChecked();
}

async function label(stateDir: string, name: ScenarioName): Promise<void> {
  const api = new KubeApi(join(stateDir, "demo.kubeconfig"));
  await api.patch(`/api/v1/namespaces/${name}/pods/${name}`, { metadata: { labels: { touched: "yes" } } });
}

test("permit-wait: two hold their places until the third may come", async ({ page, server }) => {
  await tell(page, "permit-wait");
  await expect(headline(page)).toContainText("Coscheduling has 2 of 3 pods");
  await page.goto("/?cluster=demo");
  await page.getByRole("region", { name: "Needs attention" }).locator("a[href*='name=worker-3&']").click();
  await expect(headline(page)).toHaveAttribute("data-code", "near-toleration");
  const api = new KubeApi(join(server.stateDir, "demo.kubeconfig"));
  const tolerations = [{ key: "kube-inflight/story", operator: "Equal", value: "permit-wait", effect: "NoSchedule" }];
  await api.patch("/api/v1/namespaces/permit-wait/pods/worker-3", { spec: { tolerations } });
  await expect(page.getByTestId("pod-verdict")).toContainText(/Bound to permit-wait-/);
  await look(page, "permit-wait");
  await expect(page.getByTestId("pod-verdict")).toContainText(/Bound to permit-wait-/);
});

test("fits-now: nobody told it, until it changes itself", async ({ page, server }) => {
  await tell(page, "fits-now");
  await expect(headline(page)).toContainText("Fits on fits-now-1 now, retry due in");
  await label(server.stateDir, "fits-now");
  await expect(page.getByTestId("pod-verdict")).toContainText("Bound to fits-now-1");
});

test("unknown: what cannot be read is named, and judged once it can be", async ({ page }) => {
  await tell(page, "unknown");
  await expect(headline(page)).toContainText("not allowed to list persistentvolumeclaims");
  await switchOff(page, "401 Unauthorized");
  await look(page, "unknown");
  await expect(page.getByTestId("pod-verdict")).toContainText("Bound to unknown-1", patient);
});

test("in-flight: a binding that hangs is bound once it may", async ({ page }) => {
  await tell(page, "in-flight");
  await expect(headline(page)).toContainText("Being scheduled now: binding");
  await switchOff(page, "Bindings hang");
  await look(page, "in-flight");
  await expect(page.getByTestId("pod-verdict")).toContainText("Bound to in-flight-1");
});

test("stuck-in-flight: events pile up behind an attempt that hangs, and are let go with it", async ({ page }) => {
  await tell(page, "stuck-in-flight");
  await expect(headline(page)).toContainText(/In flight for \d+ s, usually .* It holds \d+ events/);
  await page.goto("/demo?cluster=demo");
  await expect(page.getByTestId("fault-row-attempts-hang")).toContainText("on pods of stuck-in-flight");
  await takePictures(page, "07-demo-scheduler");
  await switchOff(page, "Attempts hang");
  await look(page, "stuck-in-flight");
  await expect(page.getByTestId("pod-verdict")).toContainText("Bound to stuck-in-flight-1");
});

test("lost: no queue holds it, until it changes itself", async ({ page, server }) => {
  await tell(page, "lost");
  await switchOff(page, "Pods are lost");
  await label(server.stateDir, "lost");
  await look(page, "lost");
  await expect(headline(page)).toHaveAttribute("data-code", "no-fit");
});

test("flush-overdue: nobody looks for the parked, and once somebody does they are tried", async ({ page }) => {
  await tell(page, "flush-overdue");
  await expect(headline(page)).toContainText("past the flush after 5.0 s");
  await switchOff(page, "No flush");
  await look(page, "flush-overdue");
  await expect(headline(page)).toHaveAttribute("data-code", "no-fit", patient);
});
