/** Every scenario: from the list where it is chosen to what it teaches, and to the cure where its page has one. */
import { join } from "node:path";
import type { Locator, Page } from "playwright/test";
import {
  diagnosisReport,
  podOfScenario,
  scenarioName,
  scenarios,
  type Scenario,
  type ScenarioName,
} from "#lib/protocol/index.ts";
import { applyPatch } from "#e2e/apply-patch.ts";
import { expectAccessible } from "#e2e/axe.ts";
import { expect, test } from "#e2e/fixtures.ts";
import { KubeApi } from "#e2e/kube-api.ts";
import { takePictures } from "#e2e/pictures.ts";
import type { RunningServer } from "#e2e/running-server.ts";

test.use({ serverArgs: [["--demo", "--scenario", "empty", "--log-level", "warn"], { scope: "worker" }] });

/** Their first change is one that a bare pod, or a node, can take as it stands: applied, the pod is bound. */
const cured: ReadonlySet<ScenarioName> = new Set([
  "near-resource",
  "near-toleration",
  "near-cordon",
  "no-match",
  "no-label",
  "pod-limit",
  "ports",
  "anti-affinity",
]);
/** On their own way: the Overview counts them, and lists what needs somebody. */
const unlisted: ReadonlySet<ScenarioName> = new Set([
  "backoff",
  "head-of-line",
  "preempting",
  "not-watched",
  "not-started",
]);

/** Of 5,000 nodes, and of our own scheduler: each has a file of its own. */
const elsewhere: ReadonlySet<ScenarioName> = new Set([
  "large",
  "permit-wait",
  "in-flight",
  "fits-now",
  "unknown",
  "stuck-in-flight",
  "lost",
  "flush-overdue",
]);

/** The one that the front page of the documentation tells. */
const pictured: ScenarioName = "near-toleration";

/** Three clicks at most from anywhere in the demo cluster: the list, the scenario, and then one to the cure. */
async function choose(page: Page, name: ScenarioName): Promise<void> {
  await page.goto("/?cluster=demo");
  await page.getByRole("main").getByRole("button", { name: "Scenarios" }).click();
  await page.getByRole("dialog", { name: "Scenarios" }).getByTestId(`scenario-${name}`).click();
  await expect(page.getByRole("dialog")).toHaveCount(0);
}

const told = scenarioName.options.flatMap((name) => {
  const scenario: Scenario = scenarios[name];
  const pod = podOfScenario(name);
  return pod === undefined || scenario.verdict === undefined || elsewhere.has(name)
    ? []
    : [{ name, pod, verdict: scenario.verdict, title: scenario.title }];
});

for (const { name, pod, verdict, title } of told) {
  test(`${name}: ${title} ends at ${verdict}`, async ({ page, server }) => {
    await choose(page, name);
    await expect(page.getByTestId("scenario-line")).toContainText(title);
    const row = page.getByRole("region", { name: "Needs attention" }).locator(`a[href*='name=${pod.name}&']`);
    await (unlisted.has(name) ? page.getByRole("link", { name: "Open the pod" }) : row).click();
    await expect(page.getByTestId("pod-verdict").locator("h2")).toHaveAttribute("data-code", verdict);
    if (name === pictured) await takePictures(page, "04-pod-near-miss");
    if (cured.has(name)) await cure(page, server, pod);
  });
}

/** What the page gives to copy is what the report carries as a patch; once it is made, the same page says where the pod went. */
async function cure(page: Page, server: RunningServer, pod: { readonly namespace: string; readonly name: string }) {
  const path = `/api/clusters/demo/pods/${pod.namespace}/${pod.name}/diagnosis`;
  const shown = page.getByTestId("nearmiss-1");
  await shown.locator("summary").click();
  const { nearMisses } = diagnosisReport.parse((await server.api("GET", path)).body).pod;
  const [first] = nearMisses;
  if (first === undefined) throw new Error("expected a change that opens a node");
  await expect(shown).toContainText(first.command);
  await applyPatch(new KubeApi(join(server.stateDir, "demo.kubeconfig")), first.patch);
  await expect(page.getByTestId("pod-verdict")).toContainText(new RegExp(`Bound to (${first.nodeNames.join("|")})`));
}

test("historical-queue: what was lost is named, one click from the Overview", async ({ page }) => {
  await choose(page, "historical-queue");
  // Rounds that lose nothing come and go: the row that says so is the one.
  const lost = page
    .getByRole("region", { name: "Needs attention" })
    .getByRole("link", { name: /Missed event suspected/ });
  await lost.first().click({ timeout: 60_000 });
  await expect(page.getByTestId("pod-verdict").locator("h2")).toHaveAttribute("data-code", "missed-event");
});

async function numberIn(cell: Locator): Promise<number> {
  return Number((await cell.innerText()).replaceAll(",", ""));
}

test("slow-handler: it fills its own buffer, and nobody else's", async ({ page }) => {
  await choose(page, "slow-handler");
  await expect(page).toHaveURL(/\/informers\?/);
  const rowOf = (owner: string) => page.getByRole("row").filter({ hasText: owner });
  const pending = (owner: string) => numberIn(rowOf(owner).getByTestId(/^handler-pending-/));
  await expect.poll(() => pending("report-writer")).toBeGreaterThan(300);
  await expect.poll(() => pending("autoscaler")).toBeLessThan(50);
});

test("leaked-handler: what an owner left is named, and gone once the next scenario begins", async ({ page }) => {
  await choose(page, "leaked-handler");
  await expect(page.getByTestId("leak-suspects")).toContainText("old-dashboard is gone and left 3 handlers behind");
  await choose(page, "shared-informer");
  await expect(page.getByTestId("leak-suspects")).toHaveCount(0);
  await expect(page.getByRole("row").filter({ hasText: "autoscaler" })).toHaveCount(1);
});

test("shared-informer: one leaves, and the other goes on", async ({ page }) => {
  await choose(page, "shared-informer");
  const backup = page
    .getByRole("row")
    .filter({ hasText: "backup" })
    .getByTestId(/^handler-remove-/);
  const delivered = () =>
    numberIn(
      page
        .getByRole("row")
        .filter({ hasText: "autoscaler" })
        .getByTestId(/^handler-delivered-/),
    );
  await expect(backup).toHaveCount(1);
  await page.mouse.move(5, 5);
  await expect(backup).toHaveCount(0);
  const before = await delivered();
  await expect.poll(delivered).toBeGreaterThan(before);
});

test("410-storm: the list says why it was asked again, and the handlers hear of nothing", async ({ page }) => {
  await choose(page, "410-storm");
  await expect(page.getByRole("main")).toContainText(/410/);
});

test("scenarios are found by what they teach, from the clusters, the palette and Attach", async ({ page }) => {
  await page.goto("/?cluster=demo");
  await page.getByRole("button", { name: /Switch cluster/ }).click();
  await page
    .getByRole("button", { name: /^Scenarios/ })
    .last()
    .click();
  const dialog = page.getByRole("dialog", { name: "Scenarios" });
  await expectAccessible(page);
  await takePictures(page, "12-scenarios");
  await dialog.getByRole("searchbox", { name: "Find a scenario" }).fill("one toleration away");
  await expect(dialog.getByRole("button", { name: /One toleration away/ })).toBeVisible();
  await expect(dialog.getByTestId(/^scenario-/)).toHaveCount(1);
  await dialog.getByRole("searchbox").fill("opera");
  await expect(dialog.getByText("No scenario matches.")).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(dialog).toHaveCount(0);

  await page.keyboard.press("Control+k");
  await page.keyboard.type("forgot to uncordon");
  await expect(page.getByTestId("palette").getByRole("option")).toHaveCount(1);
  await page.keyboard.press("Enter");
  await expect(page.getByTestId("scenario-line")).toContainText("Somebody forgot to uncordon");
  await expectAccessible(page);

  await page.goto("/attach");
  await page.getByRole("button", { name: "Choose what it plays" }).click();
  await expect(dialog.getByTestId("scenario-near-cordon")).toContainText("plays now");
  await dialog.getByTestId("scenario-empty").click();
  await expect(page.getByText("No pods are pending.").first()).toBeVisible();
});
