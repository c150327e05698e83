/** Handles: one handler value registered three times is three registrations, and removing one is removing one. */
import { join } from "node:path";
import type { Page } from "playwright/test";
import { expect, test } from "#e2e/fixtures.ts";
import { KubeApi } from "#e2e/kube-api.ts";
import { takePictures } from "#e2e/pictures.ts";

const informer = "/informers?cluster=demo&resource=v1/pods";

/** Ids of the removable registrations on the page, in the order of their rows. */
async function handles(page: Page): Promise<number[]> {
  const buttons = await page.getByTestId(/^handler-remove-\d+$/).all();
  const ids = await Promise.all(buttons.map((button) => button.getAttribute("data-testid")));
  return ids.map((id) => Number(id?.replace("handler-remove-", "")));
}

async function delivered(page: Page, id: number): Promise<number> {
  return Number((await page.getByTestId(`handler-delivered-${id}`).innerText()).replaceAll(",", ""));
}

test("a handler registered three times; one registration removed; the others' counters go on", async ({
  page,
  server,
}) => {
  const api = new KubeApi(join(server.stateDir, "demo.kubeconfig"));
  await page.goto(informer);
  await page.getByTestId("handler-add").click();
  const dialog = page.getByRole("dialog", { name: "Add handler" });
  await dialog.getByRole("radio", { name: /^Count\b/ }).check({ force: true });
  await dialog.getByLabel("Owner").fill("journey");
  await dialog.getByLabel("Times, the same handler").fill("3");
  await expect(dialog.getByTestId("handler-effect")).toContainText(/shares/i);
  await takePictures(page, "02b-add-handler");
  await dialog.getByTestId("handler-add-confirm").click();

  await expect(page.getByTestId(/^handler-remove-\d+$/)).toHaveCount(3);
  const [first = 0, second = 0, third = 0] = await handles(page);
  await expect(page.getByText("×3")).toBeVisible();
  await expect(page.getByTestId(`registration-row-${first}`)).toContainText("yes");
  const initial = await delivered(page, first);
  expect(initial).toBeGreaterThan(0);
  expect(await delivered(page, third)).toBe(initial);

  await page.getByTestId(`handler-remove-${second}`).click();
  await expect(page.getByText(/undo/i).first()).toBeVisible();
  await api.createPod("default", "seen-by-two", "10m");
  await expect.poll(() => delivered(page, first)).toBeGreaterThan(initial);
  await expect.poll(() => delivered(page, third)).toBeGreaterThan(initial);
  await takePictures(page, "02-informers");

  await page.getByRole("button", { name: /undo/i }).first().click();
  await expect(page.getByTestId(/^handler-remove-\d+$/)).toHaveCount(3);
  expect(await handles(page)).not.toContain(second);
});

test("a tail shows what its handler hears, a slow handler falls behind alone", async ({ page, server }) => {
  const api = new KubeApi(join(server.stateDir, "demo.kubeconfig"));
  const path = `/api/clusters/demo/informers/${encodeURIComponent("v1/pods")}/handlers`;
  const add = (kind: string, more: object = {}) => server.api("POST", path, { kind, owner: "tails", ...more });
  expect((await add("diff")).status).toBe(200);
  expect((await add("slow", { delayMs: 5000 })).status).toBe(200);
  await page.goto(informer);
  await expect(page.getByTestId(/^handler-remove-\d+$/).first()).toBeVisible();
  const [diff = 0, slow = 0] = (await handles(page)).slice(-2);

  for (const name of ["one", "two", "three"]) await api.createPod("default", `tailed-${name}`, "10m");
  const slowRow = page.getByTestId(`registration-row-${slow}`);
  await expect(slowRow).toContainText("slow 5000 ms");
  await expect
    .poll(async () => Number(await slowRow.getByTestId(`handler-pending-${slow}`).innerText()))
    .toBeGreaterThan(2);
  const diffRow = page.getByTestId(`registration-row-${diff}`);
  await expect(diffRow.getByTestId(`handler-pending-${diff}`)).toHaveText("0");
  await diffRow.getByRole("button", { name: /^Handler/ }).click();
  await expect(page.getByTestId("tail-drawer")).toContainText("tailed-three");
  await takePictures(page, "02-informers-tail");
});
