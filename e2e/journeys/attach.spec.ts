/** Contexts that do not answer, each with its reason; the one that signs in by a program; the demo, one click away. */
import { expect, test, type Page } from "playwright/test";
import { expectAccessible } from "#e2e/axe.ts";
import { FailingContexts } from "#e2e/failing-contexts.ts";
import { takePictures } from "#e2e/pictures.ts";
import { RunningServer } from "#e2e/running-server.ts";
import { ScriptedApi } from "#e2e/scripted-api.ts";

let contexts: FailingContexts;
let server: RunningServer;

test.beforeAll(async () => {
  contexts = await FailingContexts.start();
  server = await RunningServer.start([], { KUBECONFIG: contexts.kubeconfig });
});

test.afterAll(async () => {
  await server.stop();
  await contexts.stop();
});

const card = (page: Page, name: string) => page.getByRole("article", { name, exact: true });

test("says of every context why it does not answer", async ({ page }) => {
  await page.goto(server.loginUrl);
  await expect(page).toHaveURL(/\/attach/);
  await expect(card(page, "prod-eu-1")).toContainText("current context");
  await expect(card(page, "prod-eu-1")).toContainText("Connection refused.");

  const reasons = {
    "prod-us-2": "Sign-in expired.",
    staging: "Certificate expired.",
    "edge-lab": "Timed out.",
    moved: "Unknown host.",
    rebuilt: "TLS mismatch.",
    viewer: "Forbidden.",
  } as const;
  for (const name of Object.keys(reasons)) await card(page, name).getByRole("button", { name: "Attach" }).click();
  // A server that takes the connection and says nothing is waited for ten seconds.
  const patience = { timeout: 40_000 };
  for (const [name, reason] of Object.entries(reasons)) await expect(card(page, name)).toContainText(reason, patience);
  await expect(page.getByRole("heading", { level: 1, name: "No cluster answers." })).toBeVisible();
  await expect(page.getByText("7 contexts found in the kubeconfig, none of them answers.")).toBeVisible();

  await card(page, "prod-eu-1").getByRole("button", { name: "Show error" }).click();
  await expect(card(page, "prod-eu-1")).toContainText("kubectl --context prod-eu-1 get --raw /readyz");
  await expectAccessible(page);
  await takePictures(page, "07a-attach");

  await page.goto(`${server.origin}/`);
  await expect(page).toHaveURL(/\/attach/);
  await expect(card(page, "prod-eu-1")).toContainText("Connection refused.");
  const asked = page.waitForRequest(
    (request) => request.method() === "POST" && request.url().endsWith("/api/clusters"),
  );
  await page.keyboard.press("r");
  await asked;
  await expect(card(page, "prod-eu-1")).toContainText("Connection refused.");
});

test("the list follows the kubeconfig; a sign-in program runs once it was approved; what is cancelled stays away", async ({
  page,
  context,
}) => {
  const api = await ScriptedApi.start("small");
  try {
    await context.setExtraHTTPHeaders({ authorization: `Bearer ${server.token}` });
    await page.goto(`${server.origin}/attach`);
    await expect(card(page, "prod-eu-1")).toBeVisible();
    await expect(card(page, "by-program")).toHaveCount(0);
    contexts.addExecContext("by-program", api.server, api);
    await expect(card(page, "by-program")).toContainText("Signing in runs this command on this machine.");
    await expect(card(page, "by-program").locator("pre")).toContainText("ExecCredential");
    await expectAccessible(page);

    contexts.addExecContext("left-alone", api.server, api);
    await expect(card(page, "left-alone")).toBeVisible();
    contexts.removeContext("left-alone");
    await expect(card(page, "left-alone")).toHaveCount(0);

    await card(page, "by-program").getByRole("button", { name: "Run it and attach" }).click();
    await expect(page).toHaveURL(/cluster=by-program/);
    await expect(page.getByRole("heading", { level: 1, name: "Overview" })).toBeVisible();
    await page.goto(`${server.origin}/attach`);
    await expect(card(page, "by-program")).toContainText("Attached.");
    await expect(page.getByRole("heading", { level: 1, name: "Attach a cluster." })).toBeVisible();
  } finally {
    contexts.removeContext("by-program");
    await server.api("DELETE", "/api/clusters/by-program");
    await api.stop();
  }
});

test("the demo is one key away", async ({ page, context }) => {
  await context.setExtraHTTPHeaders({ authorization: `Bearer ${server.token}` });
  await page.goto(`${server.origin}/attach`);
  await expect(page.getByTestId("attach-demo")).toHaveText(/Start the demo cluster/);
  await page.keyboard.press("d");
  await expect(page).toHaveURL(/cluster=demo/);
  await server.api("DELETE", "/api/clusters/demo");
});

test("without a kubeconfig it says where it looked, and asks for no file", async ({ page }) => {
  const none = await RunningServer.start([], { KUBECONFIG: "/nowhere/kubeconfig" });
  try {
    await page.goto(none.loginUrl);
    await page.goto(`${none.origin}/attach`);
    await expect(page.getByRole("heading", { level: 1, name: "No kubeconfig found." })).toBeVisible();
    await expect(page.getByText("/nowhere/kubeconfig")).toBeVisible();
    await expect(page.getByText(/--kubeconfig/).first()).toBeVisible();
    await expect(page.getByRole("textbox")).toHaveCount(0);
    await expect(page.getByTestId("attach-demo")).toBeVisible();
    await expectAccessible(page);
    await takePictures(page, "07a-no-kubeconfig");
  } finally {
    await none.stop();
  }
});
