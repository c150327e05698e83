/** What an informer may be started for comes and goes, is forbidden and granted: seen, said, and recovered from. */
import { execFile } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { promisify } from "node:util";
import type { ControlPlane } from "#e2e/control-plane.ts";
import type { KubeApi } from "#e2e/kube-api.ts";
import { expect, test } from "./fixtures.ts";
import { allOf, digestOf, listOf } from "./interest.ts";
import { ServedCluster } from "./served.ts";
import { areWidgetsServed, customGroup, defineWidgets, undefineWidgets, widgets } from "./widgets.ts";

const execute = promisify(execFile);
const namespace = "inflight-resources";

test.beforeEach(({ api }) => api.createNamespace(namespace));
test.afterEach(async ({ api }) => {
  await undefineWidgets(api);
  await api.request("DELETE", `/api/v1/namespaces/${namespace}/pods?gracePeriodSeconds=0`);
});

test("a resource that is defined while we watch can be watched; undefined, it is said; defined again, it comes back", async ({
  api,
  server,
  page,
}) => {
  const cluster = await ServedCluster.connected(server);
  expect(await cluster.resources()).not.toContain(widgets);
  await defineWidgets(api);
  await expect.poll(() => cluster.resources()).toContain(widgets);
  await expect.poll(() => areWidgetsServed(api)).toBe(true);

  const { registrations } = await cluster.addHandler(widgets, { kind: "chain", owner: "e2e" });
  const [handle = 0] = registrations;
  const row = async () => (await cluster.informer(widgets)).row;
  const heard = async () => {
    const { chain, failed } = (await cluster.informer(widgets)).registrations[handle] ?? {};
    return { chain, failed };
  };
  const asListed = async () => {
    const listed = await listOf(api, allOf(widgets));
    return { chain: { objects: listed.length, digest: digestOf(listed) }, failed: 0 };
  };
  await createWidgets(api, ["a", "b", "c"]);
  await expect.poll(heard).toEqual(await asListed());
  expect((await heard()).chain?.objects).toBe(3);

  await undefineWidgets(api);
  await expect.poll(async () => (await row()).problem?.code, { timeout: 120_000 }).toBe("not-served");
  expect((await row()).problem?.message).toContain(`widgets.${customGroup}`);
  expect(await cluster.resources()).not.toContain(widgets);
  await page.goto(`/informers?resource=${widgets}`);
  await expect(page.getByText(/not served/i).first()).toBeVisible();

  await defineWidgets(api);
  await expect.poll(() => areWidgetsServed(api)).toBe(true);
  await createWidgets(api, ["b", "d"]);
  await expect.poll(heard, { timeout: 120_000 }).toEqual(await asListed());
  expect((await heard()).chain?.objects).toBe(2);
  await expect.poll(async () => (await row()).problem).toBeUndefined();
});

test("a resource that is forbidden names what is missing; what it prints grants it, and it begins by itself", async ({
  controlPlane,
  server,
  page,
}, testInfo) => {
  test.skip(!controlPlane.isOurs, "nothing is forbidden to whoever the given kubeconfig signs in as");
  const key = "networking.k8s.io/v1/ingresses";
  const cluster = await ServedCluster.connected(server);
  const { registrations } = await cluster.addHandler(key, { kind: "chain", owner: "e2e" });
  const [handle = 0] = registrations;
  const row = async () => (await cluster.informer(key)).row;
  await expect.poll(async () => (await row()).forbidden?.verbs).toEqual(expect.arrayContaining(["list", "watch"]));
  const { forbidden, problem } = await row();
  expect(forbidden).toMatchObject({ resource: "ingresses", group: "networking.k8s.io", user: "viewer" });
  expect(problem?.code).toBe("forbidden");
  await page.goto(`/informers?resource=${key}`);
  await expect(page.getByText(/not allowed to .*ingresses/i).first()).toBeVisible();
  const printed = await page.getByTestId("informer-forbidden").locator("pre").innerText();
  const inOneLineEach = printed.replaceAll(/ *\\\n */g, " ");
  expect(inOneLineEach.split("\n")).toEqual(forbidden?.commands);

  await runAsAdministrator(controlPlane, printed, testInfo.outputPath("administrator"));
  await expect.poll(async () => (await row()).hasSynced, { timeout: 120_000 }).toBe(true);
  await expect.poll(async () => (await row()).forbidden).toBeUndefined();
  expect((await cluster.informer(key)).registrations[handle]).toMatchObject({ hasSynced: true, failed: 0 });
  await expect(page.getByText(/not allowed to .*ingresses/i)).toHaveCount(0);
});

test("kubectl works beside it, and what it does is told", async ({ controlPlane, server, api }) => {
  const cluster = await ServedCluster.connected(server);
  const { registrations } = await cluster.addHandler("v1/pods", { kind: "chain", owner: "e2e", filter: { namespace } });
  const [handle = 0] = registrations;
  const row = async () => (await cluster.informer("v1/pods")).registrations[handle];
  await expect.poll(async () => (await row())?.hasSynced).toBe(true);
  const kubectl = async (...args: readonly string[]): Promise<string> => {
    const all = ["--kubeconfig", controlPlane.kubeconfig, "--namespace", namespace, ...args];
    return (await execute(controlPlane.kubectl, all)).stdout;
  };
  const scheduler = JSON.stringify({ spec: { schedulerName: "nobody", automountServiceAccountToken: false } });
  await kubectl("run", "beside", "--image=none.invalid/none", "--restart=Never", `--overrides=${scheduler}`);
  await expect.poll(async () => (await row())?.chain?.objects).toBe(1);
  await kubectl("label", "pod", "beside", "told=yes");
  expect(await kubectl("get", "pods", "--show-labels")).toContain("told=yes");
  const listed = await listOf(api, { ...allOf("v1/pods"), selection: { namespace } });
  await expect.poll(row).toMatchObject({ failed: 0, chain: { objects: 1, digest: digestOf(listed) } });
  await kubectl("delete", "pod", "beside", "--grace-period=0", "--force");
  await expect.poll(row).toMatchObject({ failed: 0, chain: { objects: 0, digest: "0".repeat(16) } });
});

async function createWidgets(api: KubeApi, names: readonly string[]): Promise<void> {
  for (const name of names) {
    const object = { apiVersion: `${customGroup}/v1`, kind: "Widget", metadata: { name }, spec: { size: 1 } };
    await api.request("POST", `/apis/${customGroup}/v1/namespaces/${namespace}/widgets`, object);
  }
}

/** In a shell, as somebody would who copied it: the administrator's kubeconfig has a context of that name, too. */
async function runAsAdministrator(controlPlane: ControlPlane, script: string, kubeconfig: string): Promise<void> {
  const bin = join(controlPlane.kubectl, "..");
  const asViewer = ["config", "view", "--raw", "--kubeconfig", controlPlane.kubeconfig, "-o", "json"];
  const config = JSON.parse((await execute(controlPlane.kubectl, asViewer)).stdout) as { contexts: { name: string }[] };
  const [context] = config.contexts;
  if (context !== undefined) config.contexts.push({ ...context, name: "real-viewer" });
  writeFileSync(kubeconfig, JSON.stringify(config));
  const env = { ...process.env, KUBECONFIG: kubeconfig, PATH: `${bin}:${process.env["PATH"] ?? ""}` };
  await execute("bash", ["-euc", script], { env });
}
