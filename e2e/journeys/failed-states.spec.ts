/** What goes wrong is said where it happens, with the reason and what to do; the rest goes on. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test, type Page } from "playwright/test";
import { expectAccessible } from "#e2e/axe.ts";
import { takePictures } from "#e2e/pictures.ts";
import { RunningServer, freePort } from "#e2e/running-server.ts";
import { ScriptedApi, scriptedContext as cluster } from "#e2e/scripted-api.ts";

let api: ScriptedApi;
let server: RunningServer;

test.beforeEach(async ({ context }) => {
  api = await ScriptedApi.start("small");
  server = await RunningServer.start(["--context", cluster, "--kubeconfig", api.kubeconfig]);
  await context.setExtraHTTPHeaders({ authorization: `Bearer ${server.token}` });
});

test.afterEach(async () => {
  await server.stop();
  await api.stop();
});

const informers = (resource: string): string =>
  `${server.origin}/informers?cluster=${cluster}&resource=${encodeURIComponent(resource)}`;

async function openInformers(page: Page, resource = "v1/pods"): Promise<void> {
  await page.goto(server.loginUrl);
  await page.goto(informers(resource));
  await expect(page.getByRole("heading", { level: 1, name: "Informers" })).toBeVisible();
}

test("a resource that may not be listed names what is missing, for whom, and how to get it", async ({
  page,
  context,
}) => {
  api.forbid("resourceclaims");
  api.forbid("persistentvolumeclaims");
  await server.api("POST", `/api/clusters/${cluster}/informers/resource.k8s.io%2Fv1%2Fresourceclaims/relist`);
  await server.api("POST", `/api/clusters/${cluster}/informers/v1%2Fpersistentvolumeclaims/relist`);
  await openInformers(page, "resource.k8s.io/v1/resourceclaims");
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  const forbidden = page.getByTestId("informer-forbidden");
  await expect(forbidden.getByRole("heading", { level: 2 }).first()).toContainText("Not allowed to");
  await expect(forbidden).toContainText("system:serviceaccount:inflight:viewer");
  await expect(forbidden.locator("pre")).toContainText("create clusterrole ");
  await expect(forbidden.locator("pre")).toContainText("create clusterrolebinding ");
  await forbidden.getByRole("button", { name: "Copy the commands" }).click();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toContain("--serviceaccount=inflight:viewer");
  await expect(forbidden.getByRole("row", { name: /^resourceclaims/ })).toContainText("missing");
  await expect(page.getByText("2 forbidden")).toBeVisible();
  await expect(page.getByTestId("informer-row-v1/pods")).not.toContainText("forbidden");
  await expectAccessible(page);
  await takePictures(page, "07b-forbidden");

  api.allow("resourceclaims");
  await page.keyboard.press("r");
  await expect(page.getByTestId("handler-add")).toBeVisible();
  await expect(page.getByTestId("informer-row-v1/persistentvolumeclaims")).toContainText("forbidden");
});

test("a watch that is lost says why and when it is tried again; the data stay", async ({ page }) => {
  await openInformers(page);
  const row = page.getByTestId("informer-row-v1/pods");
  await expect(page.getByTestId(/^handler-delivered-/).first()).toBeVisible();
  const objects = await row.innerText();
  api.shut();
  const problem = page.getByTestId("informer-problem");
  await expect(problem).toContainText(/Watch lost/);
  await expect(problem).toContainText("What is shown is as of");
  await expect(problem).toContainText(/Retry in|Trying now/);
  await expect(row).toContainText(/v1, (Connection|EOF|Closed)/);
  expect((await row.innerText()).split("\n")[0]).toBe(objects.split("\n")[0]);
  await expect(page.getByTestId(/^handler-delivered-/).first()).toBeVisible();
  await expectAccessible(page);
  await takePictures(page, "07d-watch-lost");
  api.open();
  await page.getByRole("button", { name: "Relist now" }).click();
  await expect(problem).toHaveCount(0);
});

test("the first list says how far it is; pages show what has arrived", async ({ page }) => {
  const goOn = api.holdListAfter("leases", 0);
  await openInformers(page, "coordination.k8s.io/v1/leases");
  await server.api("POST", `/api/clusters/${cluster}/informers/coordination.k8s.io%2Fv1%2Fleases/handlers`, {
    kind: "count",
    owner: "early",
  });
  await expect(page.getByTestId("first-sync")).toContainText(/Listing leases, page 1/);
  await expect(page.getByTestId("informer-row-v1/pods")).toBeVisible();
  await expectAccessible(page);
  await takePictures(page, "07e-first-sync");
  goOn();
  await expect(page.getByTestId("first-sync")).toHaveCount(0);
  await expect(page.getByText("yes").first()).toBeVisible();
});

test("a server that dies is announced; ages stand still; R tries at once when it lives again", async ({
  page,
  context,
}) => {
  await context.setExtraHTTPHeaders({});
  const stateDir = mkdtempSync(join(tmpdir(), "kube-inflight-revived-"));
  const args = ["--demo", "--scenario", "small", "--port", `${await freePort()}`, "--state-dir", stateDir];
  const first = await RunningServer.start(args);
  await page.goto(first.loginUrl);
  await page.goto(`${first.origin}/informers?cluster=demo&resource=v1/pods`);
  await expect(page.getByTestId(/^handler-delivered-/).first()).toBeVisible();
  await first.stop();

  const banner = page.getByRole("region", { name: "Notice" });
  await expect(banner).toContainText(/Connection lost/);
  await expect(banner).toContainText(/Everything below is from \d\d:\d\d:\d\d/);
  await expect(page.getByTestId("live-button")).toContainText("Stale");
  await expect(page.getByTestId("handler-add")).toHaveAttribute("aria-disabled", "true");
  await expect(page.getByTestId("announcer")).toHaveText(/Connection lost/);
  const ages = page.getByRole("region", { name: "Reflector" }).locator("dl");
  await expect(banner).toContainText(/Retrying in [\d.]+ s, attempt 2/);
  const before = await ages.innerText();
  await expect(banner).toContainText(/Retrying in [\d.]+ s, attempt 3/);
  expect(await ages.innerText()).toBe(before);
  await expectAccessible(page);
  await takePictures(page, "07c-reconnecting");

  const second = await RunningServer.start(args);
  try {
    await page.keyboard.press("r");
    await expect(banner).toHaveCount(0);
    await expect(page.getByTestId("live-button")).toHaveText(/Live/);
    await expect(page.getByTestId("handler-add")).not.toHaveAttribute("aria-disabled", "true");
    await expect(page.getByTestId(/^handler-delivered-/).first()).toBeVisible();
  } finally {
    await second.stop();
    rmSync(stateDir, { recursive: true, force: true });
  }
});

test("an address that names what is not there says so", async ({ page }) => {
  await openInformers(page, "v1/nothings");
  await expect(page.getByText(/nothings/).first()).toBeVisible();
  await page.goto(`${server.origin}/informers?cluster=elsewhere`);
  await expect(page.getByRole("heading", { level: 1, name: "elsewhere is not attached." })).toBeVisible();
  await expectAccessible(page);
  await page.goto(`${server.origin}/informers?cluster=${cluster}&find=zzz`);
  await expect(page.getByText("No informers match.")).toBeVisible();
  await page.getByRole("button", { name: /Drop/ }).click();
  await expect(page.getByTestId("informer-row-v1/pods")).toBeVisible();
});
