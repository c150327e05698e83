/** Attached, read-only, to a real kube-apiserver and kube-scheduler: what moves there moves here. */
import type { KubeApi, ApiPod } from "#e2e/kube-api.ts";
import { expect, test } from "./fixtures.ts";
import { ServedCluster } from "./served.ts";

const pods = "v1/pods";
const fitting = 150;
const tooLarge = 50;

const nodes = ["inflight-1", "inflight-2", "inflight-3", "inflight-4", "inflight-5"];
const giant = "inflight-giant";
const namespaces = ["inflight-shadow", "inflight-late"] as const;

/** Whatever a test left, the next one does not find it. */
test.afterEach(async ({ api }) => {
  for (const namespace of namespaces) {
    await api.request("DELETE", `/api/v1/namespaces/${namespace}/pods?gracePeriodSeconds=0`);
  }
  for (const name of [...nodes, giant]) await api.request("DELETE", `/api/v1/nodes/${name}`);
});

test("200 pods on 5 nodes: registrations and queue move with the cluster", async ({ page, server, api }) => {
  const [namespace] = namespaces;
  await api.createNamespace(namespace);
  await page.goto(`/informers?resource=${pods}`);
  await expect(page.getByRole("heading", { level: 1, name: "Informers" })).toBeVisible();
  await expect(page.getByText(/shadow/i).first()).toBeVisible();

  const cluster = await ServedCluster.connected(server);
  const added = await cluster.addHandler(pods, { kind: "count", owner: "e2e", times: 3, filter: { namespace } });
  const [first = 0, second = 0, third = 0] = added.registrations;

  for (const name of nodes) await api.createNode(name, { cpu: "32" });
  await createPods(api, namespace, { prefix: "fits", count: fitting, cpu: "100m" });
  await createPods(api, namespace, { prefix: "large", count: tooLarge, cpu: "64" });
  await expect.poll(async () => settled(await api.pods(namespace)), { timeout: 120_000 }).toBe(fitting + tooLarge);

  const delivered = (id: number) => page.getByTestId(`handler-delivered-${id}`);
  for (const id of [first, second, third]) await expect(delivered(id)).not.toHaveText("0");

  await page.goto("/queue");
  await expect(
    page
      .getByRole("listbox", { name: /unschedulable/i })
      .getByRole("option")
      .first(),
  ).toBeVisible();
  await expect.poll(() => cluster.queuedPods(namespace), { timeout: 120_000 }).toBe(tooLarge);

  await cluster.removeHandler(second);
  await page.goto(`/informers?resource=${pods}`);
  const heard = async (id: number) => Number((await delivered(id).innerText()).replaceAll(",", ""));
  const before = await heard(first);
  await createPods(api, namespace, { prefix: "later", count: 5, cpu: "100m" });
  await expect.poll(() => heard(first)).toBeGreaterThan(before);
  await expect.poll(async () => (await heard(third)) === (await heard(first))).toBe(true);
  await expect(delivered(second)).toHaveCount(0);
});

test("a pod that fits at last leaves the queue when kube-scheduler binds it", async ({ server, api }) => {
  const [, namespace] = namespaces;
  await api.createNamespace(namespace);
  const cluster = await ServedCluster.connected(server);
  const waiting = async () => (await api.pods(namespace)).filter(({ spec }) => spec.nodeName === undefined).length;
  await createPods(api, namespace, { prefix: "huge", count: 10, cpu: "640" });
  await expect.poll(async () => settled(await api.pods(namespace)), { timeout: 120_000 }).toBe(10);
  expect(await waiting()).toBe(10);
  await expect.poll(() => cluster.queuedPods(namespace)).toBe(10);

  await api.createNode(giant, { cpu: "6400" });
  await expect.poll(waiting, { timeout: 120_000 }).toBe(0);
  await expect.poll(() => cluster.queuedPods(namespace)).toBe(0);
});

/** Bound, or said to be unschedulable. */
function settled(pods: readonly ApiPod[]): number {
  return pods.filter(({ spec, status }) => {
    const scheduled = status.conditions?.find(({ type }) => type === "PodScheduled");
    return spec.nodeName !== undefined || scheduled?.status === "False";
  }).length;
}

async function createPods(
  api: KubeApi,
  namespace: string,
  { prefix, count, cpu }: { readonly prefix: string; readonly count: number; readonly cpu: string },
): Promise<void> {
  const names = Array.from({ length: count }, (_, index) => `${prefix}-${index}`);
  await Promise.all(names.map((name) => api.createPod(namespace, name, cpu)));
}
